"""What may be chosen of the charts of several runs, and that it stands in their links."""

from __future__ import annotations

from typing import Any

import pytest

from core.experiment import Experiment
from dashboard.claims.settings import ClaimsSettings
from dashboard.lines.figures import LiveFigure
from dashboard.lines.look import Look
from dashboard.lines.overlay import difference_figure
from dashboard.lines.plan import plan
from dashboard.lines.study_curves import Drawing, overlay, panels
from dashboard.lines.study_lines import names_of, study_lines
from dashboard.settings.chart import OPTIONS, Chart
from dashboard.settings.compare import CompareSettings
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import Settings
from dashboard.settings.pin import Pin
from dashboard.settings.studies import SPREAD, StudiesSettings
from dashboard.settings.study_plan import plan as study_plan
from dashboard.text import Words

EN = Words("en")
SHORT = Pin(Experiment(epochs=20), name="Short")
FAST = Pin(SHORT.experiment.replace({"optimizer.momentum": 0.9}), name="Fast")
WHOLE = Pin(Experiment(epochs=50, batch_size=500), name="Whole batch")
DRAWING = Drawing(3, SPREAD, EN)


def compared(*pins: Pin, **looks: Any) -> LiveFigure:
    return Look(CompareSettings(pins, 1, **looks), plan(pins, 1), EN).figure()


PAGES = (ExploreSettings, StudiesSettings, CompareSettings, ClaimsSettings)


def of_study(name: str) -> Any:
    return study_plan(StudiesSettings(study=name))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_stands_in_the_link_of_every_page(page: type[Settings], name: str) -> None:
    for value in OPTIONS[name]:
        read = page.from_query({f"chart.{name}": value})
        assert not read.refusals
        assert getattr(read.settings.get("chart"), name) == value
        assert page.from_query(read.settings.to_query()).settings == read.settings


@pytest.mark.parametrize("page", PAGES)
def test_a_link_does_not_name_what_is_usual_and_is_refused_what_there_is_not(
    page: type[Settings],
) -> None:
    usual = page.from_query({}).settings
    assert not [name for name in usual.to_query() if name.startswith("chart.")]
    read = page.from_query({"chart.x": "years"})
    assert [error.path for error in read.refusals] == ["chart.x"]
    assert read.settings == usual


def test_what_a_chart_tells_that_there_is_not_changes_nothing() -> None:
    assert Chart().with_options({"loss": "cubic", "colour": "red", "x": "updates"}) == Chart(
        x="updates"
    )


@pytest.mark.parametrize(
    ("looks", "offered"),
    [
        ({}, {"accuracy", "x", "smooth"}),
        ({"show": "loss"}, {"loss", "x", "smooth"}),
        ({"show": "learning_rate"}, {"x"}),
        ({"tab": "overlay"}, {"accuracy", "x", "smooth"}),
        ({"tab": "difference"}, {"x", "smooth"}),
        ({"tab": "results"}, {"ends"}),
    ],
)
def test_a_comparison_offers_what_makes_sense(looks: dict[str, str], offered: set[str]) -> None:
    live = compared(SHORT, FAST, **looks)
    assert set(live.figure.get("options", {})) == offered


def test_a_study_offers_what_makes_sense() -> None:
    several = panels(of_study("patience"), DRAWING).figure
    assert set(several["options"]) == {"loss", "accuracy", "x", "smooth"}
    assert "learning_rate" not in several["roles"]  # linear, as the tutorial has it
    axes = [name for axes in several["roles"].values() for name in axes]
    assert len(axes) == len(set(axes)) == 8
    assert set(axes) < set(several["layout"])
    assert set(overlay(of_study("momentum"), DRAWING).figure["options"]) == {
        "accuracy",
        "x",
        "smooth",
    }


def test_lines_with_other_numbers_of_updates_stand_each_by_its_own() -> None:
    """1,000 rows, half of them trained: 16 batches of 32, or one of 500."""
    live = compared(SHORT, WHOLE, tab="overlay")
    per_epoch = {bind["runs"][0]: bind["per_epoch"]["updates"] for bind in live.binds if bind}
    of = plan((SHORT, WHOLE), 1)
    assert per_epoch == {number: one.updates_per_epoch for number, one in enumerate(of.experiments)}
    assert sorted(per_epoch.values()) == [1, 16]
    assert live.figure["along"]["updates"]["per_epoch"] * 50 == 16 * 20  # room for the longest
    assert all(note["per_epoch"]["updates"] == per_epoch[note["run"]] for note in live.notes)


def test_a_difference_of_such_lines_has_epochs_alone() -> None:
    assert set(compared(SHORT, WHOLE, tab="difference").figure["options"]) == {"smooth"}


@pytest.mark.parametrize("draw", [panels, overlay])
def test_every_line_of_a_study_has_a_column_of_its_own(draw: Any) -> None:
    live = draw(of_study("patience"), DRAWING)
    names = [column["name"] for column in live.figure["reading"]]
    assert len(names) == len(set(names)) == 4 * 3
    assert names[0].startswith("Patience 2: ")
    assert {"Patience 2: learning rate", "Patience 15: training loss"} < set(names)


def test_a_difference_is_read_line_by_line() -> None:
    study = of_study("momentum")
    lines = study_lines(study, 3)
    live = difference_figure(lines, names_of(study, EN), EN, "accuracy", 0)
    assert [column["name"] for column in live.figure["reading"]] == ["0.5", "0.9", "0.99"]
    named = difference_figure(lines, names_of(study, EN), EN, "accuracy", 0, "Momentum").figure
    assert named["layout"]["legend"]["title"]["text"] == "Momentum"
    assert named["reading"][0]["name"] == "Momentum 0.5"
    read = [live.binds[column["trace"]] for column in live.figure["reading"]]
    assert all(bind and bind["minus"] and not bind["factor"] for bind in read)
