"""Grids of one's own: values, order, and the sentences that refuse them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.fields import FieldError
from core.limits import EPOCHS_PER_JOB_MAX, EXPERIMENTS_PER_JOB_MAX, STUDY_SECONDS_MAX
from core.studies import Axis, cells_max, grid, linear, listed, logarithmic, seconds

BASE = Experiment()
RATE, MOMENTUM, HIDDEN = "optimizer.learning_rate", "optimizer.momentum", "model.hidden"


@pytest.mark.parametrize(
    ("path", "text", "values"),
    [
        (RATE, "0.1, 0.01 1e-3", (0.1, 0.01, 0.001)),
        (RATE, "0.1,0.1", (0.1,)),
        ("optimizer.kind", "sgd adam", ("sgd", "adam")),
        (HIDDEN, "50; 64,32; none", ((50,), (64, 32), ())),
        (HIDDEN, "64,32", ((64, 32),)),
        ("optimizer.nesterov", "true false", (True, False)),
        ("epochs", "10,20", (10, 20)),
    ],
)
def test_lists_are_read_by_the_rule_of_the_field(path, text, values):
    assert listed(BASE, path, text).values == values


def test_ranges_end_where_they_say():
    assert linear(BASE, RATE, 0.1, 0.5, 5).values == (0.1, 0.2, 0.3, 0.4, 0.5)
    assert logarithmic(BASE, RATE, 1.0, 1e-7, 8).values == (
        1,
        0.1,
        0.01,
        1e-3,
        1e-4,
        1e-5,
        1e-6,
        1e-7,
    )
    assert linear(BASE, RATE, 0.1, 0.5, 1).values == (0.1,)


def test_a_range_of_whole_numbers_is_rounded_without_repeats():
    plateau = BASE.replace({"schedule.kind": "plateau"})
    assert linear(plateau, "schedule.patience", 1, 4, 7).values == (1, 2, 3, 4)
    assert all(isinstance(v, int) for v in linear(plateau, "schedule.patience", 1, 4, 7).values)


def test_two_fields_make_every_combination():
    study = grid(BASE, [Axis(RATE, (0.1, 0.01)), Axis(MOMENTUM, (0.0, 0.5, 0.9))])
    assert study.varied == (RATE, MOMENTUM)
    assert len(study.cells) == 6
    assert study.cell(0.01, 0.5).label == "learning_rate=0.01 momentum=0.5"
    assert study.cell(0.01, 0.5).experiment == BASE.replace({RATE: 0.01, MOMENTUM: 0.5})
    assert study.axis(MOMENTUM) == (0.0, 0.5, 0.9)


def test_a_kind_changes_its_part_before_its_fields_do():
    study = grid(BASE, [Axis(RATE, (0.1,)), Axis("optimizer.kind", ("adam",))])
    assert study.cells[0].experiment.optimizer.kind == "adam"
    assert study.cells[0].experiment.optimizer.learning_rate == 0.1


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: listed(BASE, "optimizer.speed", "1"),
            "`optimizer.speed` must be one of the fields",
        ),
        (lambda: listed(BASE, MOMENTUM, "0, 7"), "`optimizer.momentum` must be a number .* got 7"),
        (lambda: listed(BASE, MOMENTUM, ""), "must be given 1 to 100 values, got 0"),
        (lambda: listed(BASE, MOMENTUM, "0 " * 101), "must be given 1 to 100 values, got 101"),
        (lambda: listed(BASE, "schedule.decay", "0.1"), "schedule.kind, schedule.warmup_epochs"),
        (lambda: linear(BASE, RATE, 0.1, math.nan, 3), "`optimizer.learning_rate` .* got NaN"),
        (lambda: linear(BASE, "epochs", 1, math.inf, 3), "`epochs` .* got Infinity"),
        (lambda: linear(BASE, HIDDEN, 1, 2, 3), "must be a field that holds a number"),
        (lambda: logarithmic(BASE, MOMENTUM, 0, 0.9, 3), "above 0 at both ends"),
        (lambda: logarithmic(BASE, RATE, math.nan, 1, 3), "above 0 at both ends"),
        (lambda: linear(BASE, RATE, 0.1, 1, 0), "must be given 1 to 100 values, got 0"),
        (lambda: grid(BASE, []), "must be one field, or two that differ"),
        (lambda: grid(BASE, [Axis(RATE, (0.1,))] * 2), "must be one field, or two that differ"),
        (lambda: grid(BASE, [Axis("seed", (1, 2))]), "must be other than the seed"),
        (
            lambda: grid(BASE, [Axis("optimizer.kind", ("adam",)), Axis(MOMENTUM, (0.9,))]),
            "momentum",
        ),
        (lambda: grid(BASE, [Axis(RATE, (0.1,))], seeds=0), "whole number from 1 to 50, got 0"),
    ],
)
def test_bad_grids_are_refused_in_a_sentence(make, sentence):
    with pytest.raises(FieldError, match=sentence):
        make()


def many(count):
    return tuple(0.001 * (n + 1) for n in range(count))


def test_too_many_cells_are_told_with_their_time_and_the_limit():
    with pytest.raises(FieldError) as refused:
        grid(BASE, [Axis(RATE, many(60)), Axis(MOMENTUM, many(60))], seeds=10)
    assert refused.value.path == "cells"
    assert "at most 200 at 10 seeds" in str(refused.value)
    assert "60 × 60 = 3600 cells, about 4 min" in str(refused.value)


@given(st.integers(1, 50), st.integers(1, 2000), st.sampled_from([(50,), (256, 256), ()]))
def test_the_most_cells_respect_every_limit(seeds, epochs, hidden):
    base = BASE.replace({"epochs": epochs, HIDDEN: list(hidden)})
    most = cells_max(base, seeds)
    assert most >= 1
    if most > 1:
        assert most * seeds <= EXPERIMENTS_PER_JOB_MAX
        assert most * seeds * epochs <= EPOCHS_PER_JOB_MAX
        assert seconds(base, most * seeds) <= STUDY_SECONDS_MAX
