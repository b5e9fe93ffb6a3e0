"""`/PAGE.json` and `/PAGE.csv`: what is trained or stored, and nothing that is begun for it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.analysis.claims import CLAIMS
from core.analysis.studies import table, table_csv
from core.experiment import Experiment
from core.experiment.records import COLUMNS, to_csv
from core.experiment.refusals import ENGLISH
from core.service import Laboratory
from core.service.store import Store
from dashboard.claims.job import whole
from dashboard.claims.settings import ClaimsSettings
from dashboard.lines.plan import plan
from dashboard.navigation import PAGES
from dashboard.numbers.refusals import MUST_BE
from dashboard.settings.compare import CompareSettings
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import Settings
from dashboard.settings.studies import StudiesSettings
from dashboard.settings.study_plan import experiments
from dashboard.settings.study_plan import plan as study_plan
from tests.dashboard.served import Numbers, served
from tests.service.fake_worker import DIVERGES, GATED
from tests.service.waiting import FAKE, until_trained

DASHBOARD = Path(__file__).parents[2] / "dashboard"
SMALL = {"seeds": 2, "study": "momentum"}
PINS = {"pin": ["name~A~seed~70", "name~B~seed~70~optimizer.momentum~0.9"], "seeds": 2}
OF_PAGES = {"explore": {"seed": 71}, "studies": SMALL, "compare": PINS, "claims": {"seeds": 1}}
SETTINGS: dict[str, type[Settings]] = {
    "explore": ExploreSettings,
    "studies": StudiesSettings,
    "compare": CompareSettings,
    "claims": ClaimsSettings,
}


def wanted(page: str) -> Sequence[Experiment]:
    """What the page of that link trains, as the page itself plans it."""
    query = {k: v if isinstance(v, list) else str(v) for k, v in OF_PAGES[page].items()}
    settings, refusals = SETTINGS[page].from_query(query)
    assert not refusals
    match settings:
        case ExploreSettings():
            return [settings.experiment]
        case StudiesSettings():
            return experiments(study_plan(settings), settings.seeds)
        case CompareSettings():
            return plan(settings.pins, settings.seeds).experiments
        case ClaimsSettings():
            return whole(settings.seeds, settings.preset).experiments
    raise AssertionError


def train(laboratory: Laboratory, of: Sequence[Experiment]) -> list:
    job = laboratory.submit(of)
    for _ in laboratory.follow(job):
        pass
    return laboratory.runs(job)


@pytest.fixture(scope="module")
def numbers(lent: Laboratory) -> Iterator[Numbers]:
    with served(lent) as asked:
        yield asked


@pytest.fixture
def nothing() -> Iterator[Numbers]:
    """Of a laboratory in which nothing was trained, and nothing can be."""
    laboratory = Laboratory(1, command=FAKE)  # whose worker is never started
    with served(laboratory) as asked:
        yield asked
    assert laboratory.status().queued == 0


@pytest.mark.parametrize("page", PAGES)
def test_what_nobody_trained_is_told_as_missing_and_not_begun(nothing: Numbers, page: str):
    for _ in range(2):  # asking once more finds no more
        got = nothing.get(f"{page}.json", **OF_PAGES[page])
        count = len(wanted(page))
        assert (got.status, got.headers["retry-after"]) == (202, "2")
        assert got.json["counts"] == {"runs": count, "ended": 0, "training": 0, "missing": count}
        assert {run["state"] for run in got.json["runs"]} == {"missing"}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_trained_is_there_with_every_run(numbers: Numbers, lent: Laboratory, page: str):
    runs = train(lent, wanted(page))
    got = numbers.get(f"{page}.json", **OF_PAGES[page])
    assert got.status == 200
    assert "retry-after" not in got.headers
    assert got.headers["x-runs"] == f"{len(runs)}/{len(runs)}"
    assert [Experiment.from_dict(one["experiment"]) for one in got.json["runs"]] == [
        run.experiment for run in runs
    ]
    assert {one["outcome"]["kind"] for one in got.json["runs"]} == {"finished"}


@pytest.mark.parametrize("page", ["explore", "studies", "compare"])
def test_records_come_in_named_columns(numbers: Numbers, lent: Laboratory, page: str):
    runs = train(lent, wanted(page))
    got = numbers.get(f"{page}.json", **OF_PAGES[page]).json["runs"]
    for one, run in zip(got, runs, strict=True):
        assert list(one["records"]) == list(COLUMNS)
        for name, values in one["records"].items():
            assert values == run.column(name).tolist()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_head_tells_the_same_without_a_body(numbers: Numbers, lent: Laboratory, page, form):
    train(lent, wanted(page))
    got = numbers.get(f"{page}.{form}", **OF_PAGES[page])
    head = numbers.get(f"{page}.{form}", "HEAD", **OF_PAGES[page])
    assert (head.status, head.text) == (200, "")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_the_run_of_explore_has_its_verdict(numbers: Numbers, lent: Laboratory):
    train(lent, [Experiment(seed=DIVERGES)])
    [run] = numbers.get("explore.json", seed=DIVERGES).json["runs"]
    assert run["verdict"]["cause"] == "diverged"
    assert run["outcome"] == {"kind": "diverged", "epoch": 3, "why": ""}


def test_csv_of_explore_is_that_of_its_page(numbers: Numbers, lent: Laboratory):
    assert numbers.get("explore.csv", seed=71).text == to_csv(train(lent, [Experiment(seed=71)]))


def test_csv_of_a_study_is_its_records_and_by_name_its_table(numbers: Numbers, lent: Laboratory):
    study, runs = study_plan(StudiesSettings(study="momentum")), train(lent, wanted("studies"))
    records, rows = (
        numbers.get("studies.csv", **SMALL, **more) for more in ({}, {"file": "table"})
    )
    assert records.text == to_csv(runs, study.names(2))
    assert rows.text == table_csv(table(study, runs))


def test_the_table_of_a_study_stands_in_its_json_under_the_names_of_its_columns(
    numbers: Numbers, lent: Laboratory
):
    train(lent, wanted("studies"))
    text = numbers.get("studies.csv", **SMALL, file="table").text
    rows = numbers.get("studies.json", **SMALL).json["table"]
    for line, row in zip(csv.DictReader(io.StringIO(text)), rows, strict=True):
        assert line == {name: "" if v is None else str(v) for name, v in row.items()}


def test_a_study_tells_how_far_each_value_ends_from_the_one_it_is_compared_to(
    numbers: Numbers, lent: Laboratory
):
    train(lent, wanted("studies"))
    asked = {**SMALL, "view": "difference", "reference": 2}
    apart = numbers.get("studies.json", **asked).json["differences"]
    assert [one["run"] for one in apart] == ["momentum=0.0", "momentum=0.9", "momentum=0.99"]
    # The made-up engine learns the same at every momentum.
    assert [(one["against"], one["mean"], one["count"]) for one in apart] == [
        ("momentum=0.5", 0.0, 2)
    ] * 3


def test_the_lines_of_a_comparison_have_the_names_of_its_pins(numbers: Numbers, lent: Laboratory):
    train(lent, wanted("compare"))
    got = numbers.get("compare.json", **PINS).json
    assert [line["run"] for line in got["lines"]] == ["A", "B"]
    assert [row["run"] for row in got["table"]] == ["A", "B"]
    assert [(one["run"], one["against"]) for one in got["differences"]] == [("B", "A")]
    lines = numbers.get("compare.csv", **PINS).text.splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["A"] * 400 + ["B"] * 400


def test_a_name_is_no_formula_in_a_file_and_itself_as_json(numbers: Numbers, lent: Laboratory):
    train(lent, wanted("compare"))
    pins = {**PINS, "pin": [pin.replace("name~A", "name~=1+1") for pin in PINS["pin"]]}
    for file in ("records", "table"):
        rows = list(csv.reader(io.StringIO(numbers.get("compare.csv", **pins, file=file).text)))
        assert (rows[0][0], rows[1][0], rows[-1][0]) == ("run", "'=1+1", "B")
    assert numbers.get("compare.json", **pins).json["lines"][0]["run"] == "=1+1"


def test_claims_have_a_verdict_each_as_json_and_as_csv(numbers: Numbers, lent: Laboratory):
    train(lent, wanted("claims"))
    got = numbers.get("claims.json", seeds=1).json["verdicts"]["keras-2.3"]
    assert [one["id"] for one in got] == [claim.id for claim in CLAIMS]
    rows = list(csv.DictReader(io.StringIO(numbers.get("claims.csv", seeds=1).text)))
    assert [(row["version"], row["id"], row["verdict"]) for row in rows] == [
        ("keras-2.3", one["id"], one["verdict"]) for one in got
    ]


def test_rates_on_paper_need_no_training(nothing: Numbers):
    asked = {"study": "decay-on-paper", "paper.decay_1": "0.5"}
    got = nothing.get("studies.json", **asked)
    assert got.status == 200
    # rate / (1 + decay · update), of the second update of the first decay
    assert got.json["rates"][0]["learning_rate"][1] == pytest.approx(0.01 / 1.5)
    assert nothing.get("studies.csv", **asked).text.splitlines()[1] == "decay=0.5,0,0.01"


def test_points_are_there_once_a_page_has_had_them_made(numbers: Numbers, lent: Laboratory):
    data = Experiment().data
    lent.rows(data).result(60)
    got = numbers.get("studies.json", study="data")
    assert got.status == 200
    assert {len(column) for column in got.json["points"].values()} == {data.rows}


def test_points_that_no_page_has_had_made_are_not_asked_for(nothing: Numbers):
    assert nothing.get("studies.json", study="data").status == 202
    assert nothing.get("studies.csv", study="data").text == ""


def test_a_run_under_way_comes_as_far_as_it_is(tmp_path: Path):
    gate = tmp_path / "gate"
    with Laboratory(1, command=(*FAKE, str(gate))) as lab, served(lab) as numbers:
        job = lab.submit([Experiment(seed=GATED)])
        until_trained(lab, job, 2)
        got = numbers.get("explore.json", seed=GATED)
        assert (got.status, got.headers["x-runs"]) == (202, "0/1")
        [run] = got.json["runs"]
        assert (run["state"], run["outcome"], run["records"]["epoch"]) == ("training", None, [1, 2])
        assert len(numbers.get("explore.csv", seed=GATED).text.splitlines()) == 3
        gate.touch()
        for _ in lab.follow(job):
            pass
        assert numbers.get("explore.json", seed=GATED).status == 200


def test_what_the_store_kept_is_there_without_a_job(tmp_path: Path):
    with Store(str(tmp_path / "runs.sqlite")) as store:
        with Laboratory(1, command=FAKE, store=store) as lab:
            [run] = train(lab, [Experiment(seed=5)])
        with Laboratory(1, command=FAKE, store=store) as lab, served(lab) as numbers:
            got = numbers.get("explore.csv", seed=5)
    assert (got.status, got.text) == (200, to_csv([run]))


REFUSED = {
    "explore.csv?learning_rate=abc": "Link: `learning_rate` must be a number at least 1e-7 and at"
    ' most 10, got "abc".',
    "explore.csv?nonsense=2": "Link: `nonsense` must be a parameter of this page, got 2.",
    "studies.csv?seeds=1000": "Link: `seeds` must be a whole number from 1 to 50, got 1000.",
    "studies.csv?file=runs": 'Link: `file` must be one of records, table, got "runs".',
    "compare.csv?pin=momentum~9": "Pin 1: `momentum` must be a number",
    "claims.csv?preset=keras-9": "Link: `preset` must be one of keras-2.3, keras-3, both, got",
    "studies.csv?study=own&vary=seed:linear:1:2000:2000": "Link: `vary` must be",
    "studies.csv?study=own&seeds=50&vary=momentum:linear:0:0.9:60&and_vary=decay:linear:0:1:60": (
        "Study: `cells` must be at most"
    ),
}


@pytest.mark.parametrize("address", REFUSED)
def test_what_a_page_refuses_is_refused_by_name(nothing: Numbers, address: str):
    path, _, query = address.partition("?")
    asked = dict(pair.split("=", 1) for pair in query.split("&"))
    got = nothing.get(path, **asked)
    assert got.status == 400
    assert got.text.startswith(REFUSED[address])
    assert got.text.count("\n") == 1
    if "file" not in asked:
        as_json = nothing.get(path.replace(".csv", ".json"), **asked)
        assert [one["refusal"] for one in as_json.json["refusals"]] == got.text.splitlines()


def test_what_strangers_add_to_a_link_is_ignored(nothing: Numbers):
    assert nothing.get("explore.json", fbclid="x", utm_source="y").status == 202


def test_every_reason_of_the_pages_has_words_for_numbers():
    said = re.compile(r'because\(\s*"(\w+)"|refusal\("(\w+)"')
    source = "\n".join(path.read_text("utf-8") for path in DASHBOARD.rglob("*.py"))
    codes = {one or other for one, other in said.findall(source)}
    assert {"late_seed", "left_out"} <= codes
    assert codes <= ENGLISH.keys() | MUST_BE.keys()
