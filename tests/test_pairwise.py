"""Few rows that hold every pair of values, whatever the product."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pairwise import pairs, pairwise

ROOT = Path(__file__).parents[1]
SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=5)


def products():
    return SIZES.map(lambda sizes: list(product(*map(range, sizes))))


@given(products(), st.data(), st.integers(1, 3))
def test_every_pair_that_occurs_in_the_rows_occurs_in_those_chosen(rows, data, strength):
    allowed = data.draw(st.lists(st.sampled_from(rows), unique=True))
    chosen = pairwise(allowed, strength)
    met, there = (
        set().union(*(pairs(row, strength) for row in some)) for some in (chosen, allowed)
    )
    assert met == there
    assert [row for row in allowed if row in chosen] == chosen


@given(products())
def test_no_chosen_row_is_there_twice_and_rows_given_twice_change_nothing(rows):
    chosen = pairwise(rows)
    assert len(set(chosen)) == len(chosen)
    assert pairwise(rows + rows) == chosen


def test_two_columns_need_their_whole_product():
    rows = list(product(range(9), range(6)))
    assert pairwise(rows) == rows


def test_a_large_product_needs_little_more_than_its_two_longest_columns():
    """9 × 6 = 54 is the least that nine optimizers and six schedules can do with."""
    rows = list(product(range(9), range(6), range(2), range(2), range(2)))
    assert len(rows) == 432
    assert 54 <= len(pairwise(rows)) <= 58


def test_rows_of_nothing_need_nothing():
    assert pairwise([]) == []


def test_the_choice_depends_on_no_hash():
    """Two processes that order their sets of texts otherwise name the same rows."""
    program = (
        "from itertools import product; from tests.pairwise import pairwise;"
        "print(pairwise(product(('sgd', 'adam', 'lion'), ('step', 'cosine'), ('l2', 'none'))))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


SMALL = list(product("abc", "xyz", "01"))


@pytest.mark.combinations("row", SMALL)
def test_a_marked_test_knows_the_rows_that_are_tried(row, rows_tried):
    assert row in rows_tried(SMALL)


@pytest.mark.parametrize(("options", "count"), [([], 9), (["--full"], len(SMALL))])
def test_a_marked_test_tries_the_pairs_and_with_full_all_rows(options, count):
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *options, __file__]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = [line for line in done.stdout.splitlines() if "knows_the_rows" in line]
    assert len(found) == count
    assert found[0].endswith("[a:x:0]")
