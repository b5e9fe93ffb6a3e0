"""The documents name what is there: files, columns, commands and their options."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.studies import study, table_csv
from core.cli.commands import FILES
from core.cli.program import COMMANDS
from core.cli.stored import HEADER
from core.engine.columns import EXTRA
from core.experiment.records import to_csv
from core.export import points_csv, rates_csv, run_json, runs_csv
from core.export.verdicts import HEADER as VERDICTS
from dashboard.navigation import PAGES
from dashboard.numbers.wanted import Found
from tests.analysis.studies.made_up import made_up

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"`([^`\n]+)`")


def named(document: str) -> set[str]:
    """Everything that stands in a document as code."""
    return set(CODE.findall((ROOT / document).read_text("utf-8")))


def header(text: str) -> list[str]:
    return text.splitlines()[0].split(",")


HEADERS = {
    "records": header(to_csv([])),
    "runs": header(runs_csv([], [])),
    "table": header(table_csv([])),
    "rates": header(rates_csv(study("decay-on-paper"))),
    "points": header(points_csv(study("data"))),
}


@pytest.mark.parametrize("file", HEADERS)
def test_every_column_is_documented(file):
    assert set(HEADERS[file]) <= named("docs/files.md")


def test_every_column_that_can_be_asked_for_is_documented():
    assert set(EXTRA) <= named("docs/files.md")


def test_every_name_of_what_run_prints_as_json_is_documented():
    run = made_up(epochs=1)
    said = json.loads(run_json(run, Benchmarks(None, reference=0.9, guessing=0.1)))
    names = {*said, *said["outcome"], *said["verdict"], *said["final"]}
    assert names | {"attainable", "column", "from", "to", "value"} <= named("docs/files.md")


def test_every_column_of_what_is_stored_is_documented():
    assert set(HEADER) <= named("docs/files.md")


def test_every_name_of_the_numbers_of_a_page_is_documented():
    counts = Found.of([], {}).counts
    fields = {*counts, *VERDICTS, "table", "differences", "lines", "verdicts", "rates", "points"}
    assert fields | {"page", "refusals", "state", "against"} <= named("docs/files.md")


def test_readme_shows_the_numbers_of_every_page():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(PAGES) == set(re.findall(r"8501/(\w+)\.(?:json|csv)", readme))


def test_every_file_of_a_study_is_documented():
    assert set(FILES) <= named("docs/files.md")


def test_readme_shows_every_command():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = {*re.findall(r"python -m core ([a-z]+)", readme), *re.findall(r"scripts/(\w+)", readme)}
    assert set(COMMANDS) <= shown


def test_readme_tells_where_the_files_are_documented():
    assert "(docs/files.md)" in (ROOT / "README.md").read_text("utf-8")
