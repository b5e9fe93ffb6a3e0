"""The documents name what is there, and nothing that is not: fields, limits, commands, files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.studies import STUDIES, study, table_csv
from core.cli.commands import FILES
from core.cli.program import COMMANDS
from core.cli.stored import HEADER
from core.engine.columns import EXTRA
from core.experiment.records import to_csv
from core.export import points_csv, rates_csv, run_json, runs_csv
from core.export.verdicts import HEADER as VERDICTS
from core.service import Laboratory
from core.service.store_state import SENTENCES
from dashboard.guard import hosts, passcode, policy
from dashboard.metrics import exposition
from dashboard.navigation import PAGES
from dashboard.numbers.routes import STORE
from dashboard.numbers.wanted import Found
from tests.analysis.studies.made_up import made_up

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"`([^`\n]+)`")
DOCUMENTS = sorted(["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])


def text(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def named(*documents: str) -> set[str]:
    """Everything that stands in some documents as code."""
    return {code for document in documents for code in CODE.findall(text(document))}


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


def test_every_trouble_and_every_figure_of_the_store_is_documented():
    told = named("docs/store.md")
    assert set(SENTENCES) <= told
    figures = exposition(Laboratory(1)).decode()
    names = set(re.findall(r"^(learning_rate_lab_store_\w+)", figures, re.MULTILINE))
    assert names <= told
    assert STORE in told


def test_readme_shows_the_numbers_of_every_page():
    assert set(PAGES) == set(re.findall(r"8501/(\w+)\.(?:json|csv)", text("README.md")))


def test_every_file_of_a_study_is_documented():
    assert set(FILES) <= named("docs/files.md")


def test_readme_shows_every_command():
    readme = text("README.md")
    shown = {*re.findall(r"python -m core ([a-z]+)", readme), *re.findall(r"scripts/(\w+)", readme)}
    assert set(COMMANDS) <= shown


def test_every_study_that_a_document_leads_to_is_there():
    asked = {
        name for document in DOCUMENTS for name in re.findall(r"study=([\w-]+)", text(document))
    }
    assert asked <= {*STUDIES, "own"}


def test_readme_tells_where_the_files_are_documented():
    assert "(docs/files.md)" in (ROOT / "README.md").read_text("utf-8")


def test_readme_names_every_variable_and_compose_passes_each_on():
    files = [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]
    read = {
        name
        for file in files
        for name in re.findall(r"\"(LEARNING_RATE_LAB_[A-Z_]+)\"", file.read_text("utf-8"))
    }
    assert len(read) >= 5
    assert read <= named("README.md")
    image = (ROOT / "Dockerfile").read_text("utf-8") + (ROOT / "compose.yaml").read_text("utf-8")
    assert [name for name in read if name not in image] == []


def test_the_documents_name_every_variable_that_the_guard_goes_by():
    for document in ("README.md", "SECURITY.md"):
        assert {hosts.VARIABLE, passcode.VARIABLE, policy.VARIABLE} <= named(document)
