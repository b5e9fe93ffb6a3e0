"""A run and its check on the page, without a browser, on a made-up engine."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.experiment import Experiment
from core.service import Laboratory
from core.service.store import Store
from dashboard import laboratory
from dashboard.pages.parts import check
from dashboard.pages.parts.check import about
from dashboard.pages.parts.downloads import with_check
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp
from tests.service.fake_worker import SLOW
from tests.service.waiting import FAKE, until_done

QUICK = {"epochs": "30"}
LONG = {"epochs": "500", "seed": str(SLOW)}  # 10 ms an epoch by the made-up `fit`


class Checked(PageApp):
    """The page of one run, and the check of it."""

    def ask(self) -> str:
        """Press the button; the job of the check."""
        self.app.button(key="check").click()
        self.run()
        return self.check_job

    @property
    def check_job(self) -> str:
        return str(self.app.session_state[check.SLOT]["job"])

    @property
    def beside(self) -> dict[str, object] | None:
        chart = self.component("explore-chart")
        assert chart is not None
        found: dict[str, object] | None = chart["beside"]
        return found

    def leave(self) -> None:
        super().leave()
        if check.SLOT in self.app.session_state:
            self.laboratory.cancel(self.check_job)


@pytest.fixture
def slow(lent: Laboratory) -> Iterator[Checked]:
    page = Checked("explore", lent, **LONG)
    yield page
    page.leave()


@pytest.mark.parametrize("query", [QUICK, {**QUICK, "engine": "keras"}])
def test_a_link_starts_no_check(lent: Laboratory, query: dict[str, str]) -> None:
    page = Checked("explore", lent, **query)
    assert page.beside is None
    assert check.SLOT not in page.app.session_state


@pytest.mark.parametrize(("engine", "other"), [("compiled", "keras"), ("keras", "compiled")])
def test_a_check_trains_the_same_experiment_by_the_other_engine(
    lent: Laboratory, engine: str, other: str
) -> None:
    page = Checked("explore", lent, **QUICK, engine=engine)
    until_done(lent, page.job)
    job = page.ask()
    until_done(lent, job)
    assert [lent.engine(one) for one in (page.job, job)] == [engine, other]
    assert lent.runs(job)[0].experiment == lent.runs(page.job)[0].experiment
    assert page.beside is not None
    assert page.beside["job"] == job


@pytest.fixture
def storing(tmp_path: Path) -> Iterator[Laboratory]:
    with (
        Store(str(tmp_path / "runs.sqlite")) as store,
        Laboratory(1, command=FAKE, store=store) as lab,
        laboratory.using(lab),
    ):
        yield lab


def test_after_a_reload_a_check_comes_from_the_store_and_none_is_begun(
    storing: Laboratory,
) -> None:
    page = Checked("explore", storing, **QUICK)
    job = page.ask()
    until_done(storing, job)
    query = dict(page.app.query_params)
    assert query["check"] == "true"
    again = Checked("explore", storing, **query)
    assert again.beside is not None
    assert again.check_job != job
    assert storing.progress(again.check_job).state == "done"
    assert [event for event in storing.events(again.check_job) if event.say == "records"]
    again.slide("control-learning_rate", 0.5)
    assert again.beside is None
    assert Checked("explore", storing, **{**query, "seed": "7"}).beside is None
    again.leave()


def test_it_is_drawn_thin_over_lines_that_are_broader(lent: Laboratory) -> None:
    page = Checked("explore", lent, **QUICK)
    page.ask()
    chart = page.component("explore-chart")
    assert chart is not None
    drawn = list(zip(chart["figure"]["data"], chart["binds"], strict=True))
    over = [trace for trace, bind in drawn if bind.get("beside")]
    under = [trace for trace, bind in drawn if not bind["ghost"] and not bind.get("beside")]
    assert len(over) == len(under) == 5
    assert [trace["name"] for trace in over if trace["showlegend"]] == ["Keras"]
    for thin, broad in zip(over, under, strict=True):
        assert thin["line"]["width"] < broad["line"]["width"]
        assert (thin["yaxis"], thin["line"]["dash"]) == (broad["yaxis"], broad["line"]["dash"])


def test_another_experiment_supersedes_it(slow: Checked) -> None:
    job = slow.ask()
    slow.slide("control-learning_rate", 0.5)
    assert slow.laboratory.progress(job).state == "done"
    assert slow.laboratory.runs(job)[0].outcome.kind == "stopped"
    assert slow.beside is None


def test_another_engine_supersedes_it_too(slow: Checked) -> None:
    job = slow.ask()
    slow.app.session_state["group-training"] = True
    slow.run()
    slow.app.button_group(key="control-engine").set_value("keras")
    slow.run()
    assert slow.app.query_params["engine"] == "keras"
    assert slow.laboratory.runs(job)[0].outcome.kind == "stopped"
    assert slow.beside is None
    assert slow.laboratory.engine(slow.job) == "keras"


@pytest.mark.parametrize(("name", "value"), [("lang", "zh"), ("chart.loss", "linear")])
def test_what_changes_nothing_of_the_experiment_leaves_it_alone(
    slow: Checked, name: str, value: str
) -> None:
    job = slow.ask()
    slow.app.query_params[name] = value
    slow.run()
    assert slow.check_job == job
    assert slow.laboratory.progress(job).state != "done"


def test_asking_again_leaves_it_alone_while_it_goes_on_and_makes_it_anew_afterwards(
    slow: Checked,
) -> None:
    job = slow.ask()
    assert slow.ask() == job
    slow.laboratory.cancel(job)
    again = slow.ask()
    assert again != job
    assert slow.laboratory.progress(again).state != "done"


def test_without_live_what_is_to_be_checked_is_trained_as_well(lent: Laboratory) -> None:
    page = Checked("explore", lent, **QUICK, live="false")
    page.ask()
    assert lent.runs(page.job)[0].experiment.epochs == 30
    page.slide("control-learning_rate", 0.5)
    assert page.beside is None
    page.ask()
    assert lent.runs(page.job)[0].experiment.optimizer.learning_rate == 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_would_take_too_long_is_refused_beside_the_button(
    lent: Laboratory, language: str
) -> None:
    page = Checked("explore", lent, epochs="2000", batch_size="8", lang=language)
    page.app.button(key="check").click()
    page.run()
    [said] = page.told.values()
    assert Words(language)("common.full_fit").partition("{")[0] in said
    assert page.beside is None
    page.slide("control-learning_rate", 0.5)
    assert page.told == {}
    page.leave()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("engine", ["compiled", "keras"])
def test_the_page_says_what_its_curve_comes_from(
    lent: Laboratory, engine: str, language: str
) -> None:
    page = Checked("explore", lent, live="false", engine=engine, lang=language)
    assert ('data-term="compiled"' in page.html) == (engine == "compiled")
    said = Words(language)(f"keras.trained_by_{engine}", seconds=15)
    assert said in re.sub("<[^>]*>", "", page.html)


def test_trainings_by_keras_that_are_superseded_do_not_pile_up(lent: Laboratory) -> None:
    page = Checked("explore", lent, **LONG, engine="keras")
    jobs = [page.job]
    for rate in (0.1, 0.2, 0.3):
        page.slide("control-learning_rate", rate)
        jobs.append(page.job)
    assert len(set(jobs)) == 4
    assert [lent.progress(job).state == "done" for job in jobs] == [True, True, True, False]
    page.leave()


def test_the_records_of_both_are_taken_home_by_the_names_of_their_engines(
    lent: Laboratory,
) -> None:
    page = Checked("explore", lent, **QUICK)
    job = page.ask()
    until_done(lent, job)
    until_done(lent, page.job)
    rows = list(csv.DictReader(io.StringIO(with_check(lent.runs(page.job), "compiled", job))))
    assert [row["run"] for row in rows] == ["compiled"] * 30 + ["keras"] * 30
    assert [row["epoch"] for row in rows] == [str(n) for n in range(1, 31)] * 2


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [({}, "15"), ({"epochs": 20}, "2"), ({"batch_size": 4}, "40"), ({"epochs": 2000}, "120")],
)  # fmt: skip
def test_an_estimate_is_a_round_number(changes: dict[str, int], seconds: str) -> None:
    """By `core.service.fit_pool`: 1 s, and an epoch 40 ms and 1.3 ms an update, of which there are
    16, or 125 with batches of 4.
    """
    assert about(Experiment().replace(changes)) == seconds
