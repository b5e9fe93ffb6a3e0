"""The strip of a first visit: which steps are done, what it says, and how it goes away."""

from __future__ import annotations

from typing import Any

import pytest

from core.experiment import Experiment
from core.service import Laboratory
from dashboard.first_visit.steps import (
    STEPS,
    Progress,
    in_tutorial,
    is_near,
    tutorial_at,
)
from dashboard.first_visit.strip import sentences
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp

EN = Words("en")


def at(*rates: float) -> Progress:
    """After these rates, one after the other."""
    progress = Progress()
    for rate in rates:
        progress = progress.now(tutorial_at(rate))
    return progress


def strip(page: PageApp) -> dict[str, Any]:
    data = page.component("first-visit-strip")
    assert data is not None
    return data


def set_rate(page: PageApp, rate: float) -> None:
    """As by the slider: the address says it."""
    page.app.query_params["optimizer.learning_rate"] = str(rate)
    page.run()


def test_a_step_is_done_when_its_rate_is_set() -> None:
    assert [at(0.01, *rates).done for rates in ((), (1.0,), (1.0, 1e-4), (1.0, 1e-4, 0.1))] == [
        0, 1, 2, 3,
    ]  # fmt: skip


def test_another_rate_is_no_step() -> None:
    assert at(0.01, 0.1, 0.3, 1e-4).done == 0


def test_a_finger_need_not_be_exact() -> None:
    assert is_near(0.9, STEPS[0])
    assert is_near(1.3, STEPS[0])
    assert not is_near(0.5, STEPS[0])


def test_a_rate_that_was_there_before_is_none_that_was_set() -> None:
    assert at(1.0, 1.0).done == 0
    assert at(1.0, 0.01, 1.0).done == 1


def test_no_step_is_undone() -> None:
    assert at(0.01, 1.0, 0.01).done == 1


@pytest.mark.parametrize(
    "other",
    [{"optimizer.momentum": 0.9}, {"epochs": 20}, {"data": {"kind": "moons"}}],
)
def test_elsewhere_the_words_would_not_be_true(other: dict[str, Any]) -> None:
    experiment = Experiment().replace(other)
    assert not in_tutorial(experiment)
    moved = experiment.replace({"optimizer.learning_rate": 1.0})
    assert Progress(0, 0.01).now(moved).done == 0
    assert sentences(Progress(0, 0.01), False, EN)["ask"] == EN("first_visit.elsewhere")


@pytest.mark.parametrize("free", [{"seed": 7}, {"epochs": 100}])
def test_seed_and_length_are_free(free: dict[str, Any]) -> None:
    assert in_tutorial(tutorial_at(1.0).replace(free))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_says_what_one_sees_and_asks_for_the_next(language: str) -> None:
    words = Words(language)
    told = [sentences(Progress(done), True, words) for done in range(len(STEPS) + 1)]
    names = [step.name for step in STEPS]
    assert [one["ask"] for one in told[:-1]] == [words(f"first_visit.ask_{n}") for n in names]
    assert [one["seen"] for one in told[1:]] == [words(f"first_visit.seen_{n}") for n in names]
    assert told[0]["seen"] == words("first_visit.about")
    assert [one["set"] is None for one in told] == [False, False, False, True]
    assert told[0]["points_at"] == words("fields.learning_rate")


def test_the_page_notices_what_was_done(lent: Laboratory) -> None:
    page = PageApp("explore", lent)
    assert strip(page)["ask"] == EN("first_visit.ask_large")
    set_rate(page, 1.0)
    assert strip(page)["seen"] == EN("first_visit.seen_large")
    set_rate(page, 1e-4)
    set_rate(page, 0.1)
    assert strip(page)["ask"] == EN("first_visit.ask_end")
    assert len(page.app.get("page_link")) == 1


def test_the_way_back_to_the_strip_is_there_when_it_is_closed(lent: Laboratory) -> None:
    page = PageApp("explore", lent)
    assert EN("first_visit.again") not in page.buttons()
    page.app.session_state["first-visit-open"] = False
    page.run()
    assert page.component("first-visit-strip") is None
    page.app.button(key="first-visit-again").click()
    page.run()
    assert strip(page)["seen"] == EN("first_visit.about")
