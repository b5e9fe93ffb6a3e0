"""The last step is taken back on every page alike, and the ways to look stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import streamlit as st

from core.experiment import Experiment
from core.experiment.refusals import FieldError, because
from core.service import Laboratory
from dashboard.claims.settings import ClaimsSettings
from dashboard.settings.axis import VariedField
from dashboard.settings.chart import Chart
from dashboard.settings.compare import CompareSettings
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.link import STEPS_MAX, Link, Touch, hear_touch
from dashboard.settings.page import Settings
from dashboard.settings.pin import Pin
from dashboard.settings.studies import OWN, StudiesSettings
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp

Step = Callable[[Any], Settings]
FAST = Pin(Experiment().replace({"optimizer.momentum": 0.9}))
MOONS = Experiment().replace({"data.kind": "moons"})


def to(name: str, value: Any) -> Step:
    """The step of a control."""
    return lambda now: now.with_value(name, value)


@dataclass(frozen=True)
class OnPage:
    """What a visitor does on a page: steps, each of which changes what is set, and ways to look."""

    page: type[Settings]
    steps: tuple[Step, ...]
    looks: tuple[Step, ...]
    counted: str  # a field that takes many whole numbers


OTHER = Chart(loss="log", accuracy="zoomed", x="seconds", smooth="on")

PAGES = {
    "explore": OnPage(
        ExploreSettings,
        (
            to("optimizer.learning_rate", 0.1),
            to("optimizer.kind", "adam"),
            to("preset", "keras-3"),
            to("patience", 5),
            to("schedule.kind", "cosine"),
            to("model.hidden", [64, 32]),
            to("data.kind", "moons"),
        ),
        (
            to("live", False),
            to("check", True),
            to("chart", OTHER),
            to("language", "zh"),
        ),
        counted="epochs",
    ),
    "studies": OnPage(
        StudiesSettings,
        (
            to("seeds", 3),
            to("study", "decay-on-paper"),
            to("paper_rate", 0.5),
            to("study", OWN),
            lambda now: now.replaced(axes=(VariedField("optimizer.momentum", "list", "0, 0.9"),)),
            lambda now: now.replaced(base=MOONS),
            to("preset", "both"),
            to("study", "momentum"),
        ),
        (
            to("view", "difference"),
            to("show", "loss"),
            to("order", "-difference"),
            to("band", "interval"),
            to("sort", "-final"),
            to("chart", OTHER),
            to("language", "zh"),
        ),
        counted="seeds",
    ),
    "compare": OnPage(
        CompareSettings,
        (
            lambda now: now.added(FAST),
            lambda now: now.duplicated(0),
            lambda now: now.renamed(1, "Slow"),
            lambda now: now.with_pin(0, now.pins[0].with_value("optimizer.kind", "adam")),
            to("reference", 1),
            lambda now: now.moved(1, 0),
            lambda now: now.removed(0),
            to("seeds", 10),
        ),
        (
            to("tab", "overlay"),
            to("show", "loss"),
            to("all", True),
            to("sort", "-best"),
            to("order", "-pairs"),
            to("chart", OTHER),
            to("language", "zh"),
        ),
        counted="seeds",
    ),
    "claims": OnPage(
        ClaimsSettings,
        (to("seeds", 3), to("preset", "keras-3"), to("seeds", 1)),
        (to("show", "holds"), to("chart", OTHER), to("language", "zh")),
        counted="seeds",
    ),
}


@pytest.fixture(params=PAGES)
def on(request: pytest.FixtureRequest) -> OnPage:
    return PAGES[request.param]


@pytest.fixture
def link(on: OnPage) -> Iterator[Link[Any]]:
    """The settings of a page that was just opened."""
    one = Link("taken-back", on.page)
    one.hold(on.page.from_query({}).settings)
    yield one
    for key in [str(key) for key in st.session_state if str(key).startswith(one.key)]:
        del st.session_state[key]


def taken(link: Link[Any], *steps: Step) -> list[Any]:
    """What is set before the steps, after each, and at the end."""
    found = [link.held()]
    for step in steps:
        link.change(step)
        found.append(link.held())
    return found


def test_undo_brings_back_what_was_set_before_each_step(on: OnPage, link: Link[Any]) -> None:
    settings = taken(link, *on.steps)
    assert len({str(one) for one in settings}) == len(settings)  # every step changed something
    for expected in reversed(settings[:-1]):
        link.undo()
        assert link.held() == expected
    assert link.steps() == ()


def test_undo_without_a_step_changes_nothing(on: OnPage, link: Link[Any]) -> None:
    before = link.held()
    link.undo()
    assert link.held() == before


def test_undo_leaves_the_ways_to_look_as_they_are(on: OnPage, link: Link[Any]) -> None:
    first, second = taken(link, on.steps[0])
    *_, elsewhere = taken(link, *on.looks)
    assert elsewhere != second
    assert link.steps() == (first,)
    link.undo()
    assert link.held() == first.restored(first).replaced(**looks(elsewhere))


def looks(of: Settings) -> dict[str, Any]:
    return {one.name: of.get(one.name) for one in of.fields() if one.metadata["looks"]}


def test_every_way_to_look_is_tried_here(on: OnPage, link: Link[Any]) -> None:
    first, *_, last = taken(link, *on.looks)
    names = {name for name, value in looks(last).items() if value != first.get(name)}
    assert names == looks(first).keys()
    assert first.is_set_as(last)
    assert last.is_set_as(first)


def test_what_is_set_is_told_from_how_it_is_looked_at(on: OnPage, link: Link[Any]) -> None:
    first, second = taken(link, on.steps[0])
    assert not first.is_set_as(second)
    assert second.restored(first) == first.replaced(**looks(second))


def test_undo_passes_over_what_the_browsers_way_back_undid(on: OnPage, link: Link[Any]) -> None:
    first, second, _ = taken(link, *on.steps[:2])
    link.hold(second)
    link.undo()
    assert link.held() == first


def test_only_so_many_steps_are_kept(on: OnPage, link: Link[Any]) -> None:
    counts = [1 + n % 2 for n in range(STEPS_MAX + 20)]
    taken(link, *(to(on.counted, count) for count in counts))
    assert len(link.steps()) == STEPS_MAX
    for _ in range(STEPS_MAX):
        link.undo()
    assert link.steps() == ()
    held = link.held()
    assert held is not None
    assert held.get(on.counted) == counts[-1 - STEPS_MAX]


def test_reset_sets_all_as_on_a_new_page_and_can_be_undone(on: OnPage, link: Link[Any]) -> None:
    first, *_ = taken(link)
    *_, last = taken(link, *on.steps, *on.looks)
    link.reset()
    assert link.held() == first.replaced(**looks(last))
    link.undo()
    assert link.held() == last


def test_a_step_that_changes_nothing_is_not_kept(on: OnPage, link: Link[Any]) -> None:
    taken(link, lambda now: now)
    link.reset()
    assert link.steps() == ()


def test_what_is_refused_changes_nothing_and_is_not_kept(on: OnPage, link: Link[Any]) -> None:
    def refuse(now: Any) -> Settings:
        raise FieldError("Page", on.counted, because("whole", low=1, high=9), 0)

    first, second = taken(link, on.steps[0])
    with hear_touch(Touch("a-control", on.counted, "none")):
        link.change(refuse)
    assert link.held() == second
    error = link.refused_at("a-control")
    assert error is not None
    assert error.got == "none"
    link.undo()
    assert link.held() == first
    assert link.refusals() == []


# Of each page a link to begin with, a slider, and two values for it.
RATE = "optimizer.learning_rate"
SLID: dict[str, tuple[dict[str, Any], str, str, tuple[float, float]]] = {
    "explore": ({"epochs": "20"}, "control-learning_rate", RATE, (0.1, 0.2)),
    "studies": ({"study": "momentum"}, "studies-seeds", "seeds", (1, 2)),
    "compare": ({"pin": ["epochs~20"]}, "compare-seeds", "seeds", (2, 3)),
    "claims": ({"seeds": "3"}, "claims-seeds", "seeds", (1, 2)),
}


def press(page: PageApp, label: str) -> None:
    [button] = [one for one in page.app.button if one.label == label]
    assert not button.disabled
    button.click()
    page.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SLID)
def test_every_page_takes_a_step_back_and_begins_anew(
    lent: Laboratory, name: str, language: str
) -> None:
    words = Words(language)
    query, slider, parameter, (one, other) = SLID[name]
    page = PageApp(name, lent, **query, lang=language)
    undo = words("common.undo")
    [button] = [one for one in page.app.button if one.label == undo]
    assert button.disabled
    first = dict(page.app.query_params)
    page.slide(slider, one)
    page.slide(slider, other)
    assert page.app.query_params[parameter] == str(other)
    press(page, undo)
    assert page.app.query_params[parameter] == str(one)
    press(page, undo)
    assert dict(page.app.query_params) == first
    press(page, words("explore.reset_button" if name == "explore" else "common.reset"))
    anew = PageApp(name, lent, lang=language)
    assert dict(page.app.query_params) == dict(anew.app.query_params)
    press(page, undo)
    assert dict(page.app.query_params) == first
    page.leave()
    anew.leave()
