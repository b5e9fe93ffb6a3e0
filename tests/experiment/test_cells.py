"""No cell of any CSV is a formula to a spreadsheet, and what it said can be had back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.experiment.cells import for_spreadsheet, from_spreadsheet
from core.experiment.records import Outcome, to_csv
from core.export import rates_table, runs_csv
from tests.analysis.studies.made_up import made_up

BEGINS = tuple("=+-@\t\r\n＝＋－＠")
NASTY = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("//h","x")', "-x"]


@given(st.text() | st.from_regex(r"'*[=+\-@'].*"))
@example("'=1")
@example("-1e-5")
def test_a_text_is_had_back_and_begins_like_no_formula(text):
    cell = for_spreadsheet(text)
    assert from_spreadsheet(cell) == text
    assert not cell.startswith(BEGINS) or float(cell) is not None


@given(st.floats() | st.integers())
def test_numbers_stay_as_they_are(number):
    assert for_spreadsheet(repr(number)) == from_spreadsheet(repr(number)) == repr(number)


@pytest.mark.parametrize("text", [*NASTY, "- 1", "-1_0", "+1 ", "-1\n"])
def test_what_is_no_number_from_end_to_end_is_text(text):
    assert for_spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize("name", [name for name in NASTY if name.isprintable()])  # as names are
def test_no_file_of_ours_has_such_a_cell(name):
    run = replace(made_up(epochs=2), outcome=Outcome("failed", 2, name))
    files = {
        "records": to_csv([run], [name]),
        "runs": runs_csv([run], [name]),
        "rates": rates_table([(name, [0.1, -0.5])]),
    }
    for text in files.values():
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        assert {row[0] for row in rows} == {f"'{name}"}
        assert [header[0], from_spreadsheet(rows[0][0])] == ["run", name]
        others = [cell for row in rows for cell in row[1:] if cell.startswith(BEGINS)]
        assert set(others) <= {"-0.5"}
