"""Where one control sets another aside, the page says so and offers the way back."""

from __future__ import annotations

from html import unescape

import pytest

from core.service import Laboratory
from dashboard.settings.aside import set_aside
from dashboard.settings.explore import ExploreSettings
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp

STILL = {"live": "false"}  # nothing is trained


def said(page: PageApp) -> str:
    """What is said to be set aside; empty where nothing is."""
    start, end = '<p class="lrl-note" role="status">', "</p>"
    _, found, rest = page.html.partition(start)
    return unescape(rest.partition(end)[0]) if found else ""


def undo_keys(page: PageApp) -> list[str]:
    keys = [str(button.key) for button in page.app.button]
    return [key for key in keys if key.startswith("control-") and key.endswith("-undo")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_patience_set_aside_by_decay_is_said_and_comes_back_by_undo(
    lent: Laboratory, language: str
) -> None:
    words = Words(language)
    page = PageApp("explore", lent, **STILL, lang=language)
    page.slide("control-patience", 10)
    assert said(page) == ""
    page.slide("control-decay", 0.001)
    what = words("aside.piece", field=words("fields.patience"), value=10)
    assert said(page) == words("aside.one", what=what)
    assert undo_keys(page) == ["control-schedule-undo"]
    page.app.button(key="control-schedule-undo").click()
    page.run()
    assert page.app.query_params["schedule.patience"] == "10"
    assert said(page) == ""


def test_it_is_gone_with_the_next_step_and_stays_through_other_ways_to_look(
    lent: Laboratory,
) -> None:
    page = PageApp("explore", lent, **STILL)
    page.slide("control-patience", 10)
    page.slide("control-decay", 0.001)
    page.run()
    assert said(page) == "Patience 10 is set aside."
    page.slide("control-momentum", 0.5)
    assert said(page) == ""
    assert undo_keys(page) == []


def test_another_optimizer_says_what_of_the_one_before_it_sets_aside(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **STILL)
    page.slide("control-momentum", 0.9)
    page.slide("control-learning_rate", 0.1)
    page.app.selectbox(key="control-optimizer").set_value("adam")
    page.run()
    assert said(page) == "Learning rate 0.1, momentum 0.9 are set aside."
    page.app.button(key="control-optimizer-undo").click()
    page.run()
    assert page.app.query_params["optimizer.momentum"] == "0.9"
    assert page.app.query_params["optimizer.learning_rate"] == "0.1"


def test_a_preset_says_what_it_sets_aside_where_it_is_chosen() -> None:
    before = ExploreSettings().with_value("optimizer.momentum", 0.9)
    by, fields = set_aside(before, before.with_value("preset", "keras-3"))
    assert (by, fields) == ("preset", {"optimizer.momentum": 0.9})


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("step", "factor"),
        ("exponential", "decay_rate"),
        ("cosine", "final_fraction"),
        ("time_decay", "decay"),
        ("plateau", "patience"),
    ],
)
def test_what_a_schedule_goes_by_is_said_even_where_it_is_as_usual(kind: str, field: str) -> None:
    before = ExploreSettings().with_value("schedule.kind", kind)
    by, fields = set_aside(before, before.with_value("schedule.kind", "constant"))
    assert by == "schedule.kind"
    assert fields == {f"schedule.{field}": before.get(f"schedule.{field}")}


def test_other_numbers_are_said_where_they_were_set() -> None:
    before = ExploreSettings().with_value("patience", 10).with_value("schedule.factor", 0.5)
    _, fields = set_aside(before, before.with_value("decay", 0.01))
    assert fields == {"schedule.patience": 10, "schedule.factor": 0.5}


def test_a_value_moved_within_its_schedule_sets_nothing_aside() -> None:
    before = ExploreSettings().with_value("patience", 10)
    assert set_aside(before, before.with_value("patience", 20)) == ("", {})


def test_a_step_that_sets_everything_anew_is_not_told_control_by_control() -> None:
    before = ExploreSettings().with_value("patience", 10).with_value("optimizer.momentum", 0.9)
    assert set_aside(before, ExploreSettings()) == ("", {})


def test_other_data_say_what_of_those_before_they_set_aside() -> None:
    before = ExploreSettings().with_value("data.noise", 3.0)
    assert set_aside(before, before.with_value("data.kind", "moons")) == (
        "data.kind",
        {"data.noise": 3.0},
    )


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("step", ["factor", "every_epochs"]),
        ("exponential", ["decay_rate", "every_epochs"]),
        ("cosine", ["final_fraction"]),
        ("time_decay", []),
        ("plateau", []),
        ("constant", []),
    ],
)
def test_what_a_schedule_goes_by_stands_right_below_the_choice_of_it(
    lent: Laboratory, kind: str, numbers: list[str]
) -> None:
    page = PageApp("explore", lent, **STILL, schedule=kind)
    keys = [str(one.key) for one in page.app.get("bidi_component")]
    there = [key.removeprefix("control-rate-") for key in keys if key.startswith("control-rate-")]
    assert there == numbers
    below = keys[: keys.index("control-decay")]
    assert [f"control-rate-{name}" for name in numbers] == below[len(below) - len(numbers) :]
    page.app.session_state["group-schedule"] = True
    page.run()
    boxes = {str(box.key) for box in page.app.text_input}
    assert boxes.isdisjoint({f"control-{name}" for name in numbers})


def test_the_number_of_a_schedule_is_set_by_its_slider(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **STILL, schedule="cosine")
    page.slide("control-rate-final_fraction", 0.2)
    assert page.app.query_params["schedule.final_fraction"] == "0.2"
    page.type("control-rate-final_fraction", "7")
    assert page.told.keys() == {"control-rate-final_fraction"}


def test_a_pin_says_what_its_step_set_aside_beside_its_own_control(lent: Laboratory) -> None:
    page = PageApp("compare", lent, pin=["epochs~20", "epochs~30"], seeds="1")
    page.slide("control-pin-1-patience", 12)
    page.slide("control-pin-1-decay", 0.001)
    assert said(page) == "Patience 12 is set aside."
    assert undo_keys(page) == ["control-pin-1-schedule-undo"]
    page.app.button_group(key="control-pin-1-schedule").set_value("plateau")
    page.run()
    assert "schedule.patience~12" in page.app.query_params["pin"][1]
    page.slide("control-pin-0-momentum", 0.5)
    assert said(page) == ""
    page.leave()


def test_a_pin_that_takes_the_place_of_another_sets_nothing_aside(lent: Laboratory) -> None:
    pins = ["schedule.kind~plateau~epochs~20", "epochs~20"]
    page = PageApp("compare", lent, pin=pins, seeds="1")
    [later] = [button for button in page.app.button if button.key == "later-0"]
    later.click()
    page.run()
    assert page.app.query_params["pin"] == pins[::-1]
    assert said(page) == ""
    page.leave()
