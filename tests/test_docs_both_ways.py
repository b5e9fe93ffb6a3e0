"""The documents against the program: what is there is named, and what is named is there."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import uvicorn.config
from streamlit import config

from core.analysis.claims import CLAIMS
from core.cli.program import COMMANDS
from core.experiment import PARTS, Experiment, limits
from core.experiment.fields import rules
from dashboard.navigation import PAGES
from dashboard.numbers.answer import FILE
from dashboard.numbers.pages import PAGES as NUMBERS
from tests.test_docs import CODE, ROOT

DOCUMENTS = sorted(["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
PROGRAMS = [
    *(path for top in ("core", "dashboard") for path in (ROOT / top).rglob("*.py")),
    *(path for path in (ROOT / "scripts").iterdir()),
    *(ROOT / name for name in ("app.py", "Dockerfile", "compose.yaml")),
]
# A variable that is read from the environment, or given to it: in Python, a shell, a Dockerfile.
VARIABLE = re.compile(
    r"""environ(?:ment)?(?:\.\w+\(|\[)"([A-Z_]{3,})"
      | \$\{([A-Z]{3,}):-
      | \b((?:LEARNING_RATE_LAB|STREAMLIT)_[A-Z_]+)\b
      | ^ARG[ ]([A-Z]+)=""",
    re.MULTILINE | re.VERBOSE,
)
WORD = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")  # a constant or a variable
PATH = re.compile(
    r"(?<![\w/-])(?:core|dashboard|tests|scripts|docs|requirements|\.ci|\.streamlit)/[\w./-]*\w/?"
)
MODULE = re.compile(r"python3? -m ((?:core|dashboard|tests)[\w.]*)(?: ([a-z]+))?")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[\w-]+)?\)")


def text(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def named(*documents: str) -> set[str]:
    """Everything that stands in some documents as code."""
    return {code for document in documents for code in CODE.findall(text(document))}


def rows(document: str) -> dict[str, str]:
    """The lines of a document's tables, by the code that they begin with."""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", text(document), re.MULTILINE)
    return dict(found)


def test_every_script_is_documented():
    scripts = {path.name for path in (ROOT / "scripts").iterdir() if not path.suffix}
    shown = re.findall(r"scripts/(\w+)", "".join(map(text, (*DOCUMENTS, "CONTRIBUTING.md"))))
    assert scripts <= set(shown)


def test_readme_leads_to_every_document():
    assert set(DOCUMENTS) - {"README.md"} <= {path for path, _ in LINK.findall(text("README.md"))}


def expected() -> dict[str, set[str]]:
    """By the path of every field of an experiment all that its kinds say it must be."""
    found = {f"{part}.kind": {f"one of {', '.join(kinds)}"} for part, kinds in PARTS.items()}
    for part, kinds in PARTS.items():
        for kind in kinds.values():
            for name, rule in rules(kind).items():
                found.setdefault(f"{part}.{name}", set()).add(rule.expected)
    return found | {name: {rule.expected} for name, rule in rules(Experiment).items()}


def test_every_field_is_documented_with_what_it_must_be():
    told = {path: row.split(" | ")[1] for path, row in rows("docs/experiments.md").items()}
    wrong = {
        path: must_be
        for path, must_be in expected().items()
        if not all(one in told.get(path, "") for one in must_be)
    }
    assert wrong == {}


def test_every_limit_is_documented_with_its_value():
    told = rows("docs/experiments.md") | rows("docs/operators.md")
    values = {name: amount(name, value) for name, value in vars(limits).items() if name.isupper()}
    assert {name: told.get(name, "").partition(" | ")[0] for name in values} == values


def amount(name: str, value: float) -> str:
    """A limit as the documents write it.

    >>> amount("EPOCHS_MAX", 2000), amount("LEASE_SECONDS", 60.0), amount("STORE_BYTES_MAX", 2**30)
    ('2,000', '60 s', '1024 MiB')
    """
    if "BYTES" in name:
        return f"{value / 2**20:g} MiB"
    number = f"{value:,}" if isinstance(value, int) else f"{value:g}".replace("e-0", "e-")
    return f"{number} s" if "SECONDS" in name else number


def test_every_claim_is_documented_as_it_reads():
    assert rows("docs/teachers.md").items() >= {(claim.id, claim.sentence) for claim in CLAIMS}


def variables() -> set[str]:
    """The environment variables that the programs read or set."""
    found = (VARIABLE.findall(path.read_text("utf-8")) for path in PROGRAMS)
    return {name for each in found for match in each for name in match if name}


def test_every_environment_variable_is_documented():
    assert variables() <= named("docs/operators.md")


def test_every_streamlit_option_that_is_set_is_documented():
    settings = tomllib.loads(text(".streamlit/config.toml"))
    options = {f"{part}.{name}" for part in settings if part != "theme" for name in settings[part]}
    assert options <= named("docs/operators.md")


def test_every_metric_is_documented():
    prefix = "learning_rate_lab_"
    source = text("dashboard/metrics.py")
    names = re.findall(r'^ +\("([a-z_]+)", "|\{PREFIX\}_([a-z]\w+)"', source, re.MULTILINE)
    told = {name.removeprefix(prefix).removesuffix("_total") for name in rows("docs/operators.md")}
    assert {one or other for one, other in names} <= told


def test_every_page_is_documented_for_teachers():
    assert {f"/{page}" for page in PAGES} <= {
        code.partition("?")[0] for code in named("docs/teachers.md")
    }


@pytest.mark.parametrize("document", [*DOCUMENTS, "CONTRIBUTING.md", "SECURITY.md"])
def test_every_file_that_a_document_names_is_there(document):
    paths = {path for code in named(document) for path in PATH.findall(code)}
    folder = (ROOT / document).parent
    linked = {folder / path for path, _ in LINK.findall(text(document)) if path}
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [str(path) for path in linked if not path.exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_heading_that_a_document_leads_to_is_there(document):
    folder = (ROOT / document).parent
    links = [
        (folder / path if path else ROOT / document, place)
        for path, place in LINK.findall(text(document))
        if place
    ]
    missing = [place for path, place in links if place not in anchors(path)]
    assert missing == []


def anchors(path: Path) -> set[str]:
    """The places of a document that a link can lead to, as GitHub calls them."""
    titles = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", [*DOCUMENTS, "CONTRIBUTING.md"])
def test_every_command_that_a_document_names_is_there(document):
    modules = set(MODULE.findall(text(document)))
    assert [module for module, _ in modules if importlib.util.find_spec(module) is None] == []
    assert {command for module, command in modules if module == "core" and command} <= set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_constant_and_variable_that_a_document_names_is_there(document):
    tests = (ROOT / "tests").rglob("*.py")  # which the builders' page speaks of
    server = Path(uvicorn.config.__file__)  # which reads variables of its own
    programs = "\n".join(path.read_text("utf-8") for path in (*PROGRAMS, *tests, server))
    known = set(WORD.findall(programs)) | set(streamlit_variables())
    assert {word for code in named(document) for word in WORD.findall(code)} <= known


def streamlit_variables() -> list[str]:
    """
    >>> "STREAMLIT_SERVER_BASE_URL_PATH" in streamlit_variables()
    True
    """
    options = config.get_config_options()
    apart = (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace(".", "_") for name in options)
    return [f"STREAMLIT_{name.upper()}" for name in apart]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_field_that_a_document_names_is_there(document):
    part = re.compile(rf"(?<![\w./])(?:{'|'.join(PARTS)})\.[a-z_0-9]+(?![\w.(])")
    paths = {path for code in named(document) for path in part.findall(code)}
    files = {path for path in paths if path.endswith((".py", ".csv", ".json"))}
    assert paths - files <= set(expected())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_page_refuses_nothing_of_a_link_that_a_document_shows(document):
    shown = re.findall(rf"({'|'.join(PAGES)})(?:\.json|\.csv)?\?([^`'\s]+)", text(document))
    for page, query in shown:
        said = {name: value for name, value in parse_qs(query).items() if name != FILE}
        assert NUMBERS[page].settings.from_query(said).refusals == [], query


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_experiment_that_a_document_shows_is_one(document):
    for shown in re.findall(r"```json\n(.*?)```", text(document), re.DOTALL):
        Experiment.from_json(shown)
