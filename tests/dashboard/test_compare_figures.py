"""The figures of a comparison are checked on their data, without a browser."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from core.experiment import Experiment
from core.statistics import band
from dashboard import palette
from dashboard.comparing.comparison import SHOWN
from dashboard.comparing.labels import line_names, pin_names
from dashboard.comparing.overlay import difference_figure, overlay_figure
from dashboard.comparing.panels import panels_figure
from dashboard.comparing.pin import Pin
from dashboard.comparing.plan import Plan, plan
from dashboard.comparing.traces import t_factor
from dashboard.figures import LiveFigure
from dashboard.text import LANGUAGES, Words
from tests.dashboard.made_up import line, seeds

WORDS = Words("en")
A, B = Pin(), Pin(Experiment().replace({"optimizer.momentum": 0.9, "epochs": 50}))
LATE = Pin(Experiment().replace({"optimizer.momentum": 0.5, "seed": 3}))
STUDY = Pin(study="optimizer")


def panels(pins: tuple[Pin, ...], seeds: int, show: str = "accuracy") -> LiveFigure:
    return panels_figure(plan(pins, seeds), pin_names(pins, WORDS), WORDS, show)


def difference(pins: tuple[Pin, ...], seeds: int, reference: int) -> LiveFigure:
    of, names = plan(pins, seeds), pin_names(pins, WORDS)
    lines = line_names(of.lines, names, WORDS)
    return difference_figure(of, lines, WORDS, "accuracy", reference)


def all_figures(of: Plan, pins: tuple[Pin, ...], words: Words, show: str) -> list[LiveFigure]:
    names = pin_names(pins, words)
    lines = line_names(of.lines, names, words)
    figures = [panels_figure(of, names, words, show), overlay_figure(of, lines, words, show)]
    if show != "learning_rate":
        figures.append(difference_figure(of, lines, words, show, 0))
    return figures


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("seeds", [1, 10])
def test_every_trace_has_a_bind_and_plotly_accepts_the_figures(
    language: str, show: str, seeds: int
) -> None:
    pins = (A, B, STUDY, Pin(study="learning-rate"), Pin(name="<b>Mine</b> & yours"))
    for live in all_figures(plan(pins, seeds), pins, Words(language), show):
        assert len(live.binds) == len(live.figure["data"])
        json.dumps([live.figure, live.binds, live.notes])
        for layout in (live.figure["layout"], live.figure.get("narrow", {})):
            go.Figure({"data": live.figure["data"], "layout": layout})


def test_the_panels_of_all_pins_have_the_same_axes() -> None:
    layout = panels((A, B, STUDY, LATE, A), 1).figure["layout"]
    xs = [layout[name] for name in layout if name.startswith("xaxis")]
    ys = [layout[name] for name in layout if name.startswith("yaxis")]
    assert len(xs) == len(ys) == 5
    assert [axis.get("matches") for axis in xs] == [None, "x", "x", "x", "x"]
    assert [axis.get("matches") for axis in ys] == [None, "y", "y", "y", "y"]
    assert len({tuple(axis["range"]) for axis in xs}) == 1
    widths = {round(axis["domain"][1] - axis["domain"][0], 4) for axis in xs}
    heights = {round(axis["domain"][1] - axis["domain"][0], 4) for axis in ys}
    assert len(widths) == len(heights) == 1


def test_the_longest_run_gives_the_epoch_axis() -> None:
    layout = panels((B, A), 1).figure["layout"]
    assert layout["xaxis"]["range"][1] == pytest.approx(202)


def test_on_a_phone_the_panels_stand_in_two_columns() -> None:
    figure = panels((A, B, LATE, STUDY), 1).figure
    wide = {tuple(figure["layout"][f"xaxis{n}"]["domain"]) for n in ("", 2, 3, 4)}
    narrow = {tuple(figure["narrow"][f"xaxis{n}"]["domain"]) for n in ("", 2, 3, 4)}
    assert (len(wide), len(narrow)) == (4, 2)


def test_side_by_side_train_is_blue_and_test_orange_in_each_panel() -> None:
    live = panels((A, B), 1)
    for trace, bind in zip(live.figure["data"], live.binds, strict=True):
        colour = palette.TEST if bind["field"] == "val_accuracy" else palette.TRAIN
        assert trace["line"]["color"] == colour
    assert {trace["xaxis"] for trace in live.figure["data"]} == {"x", "x2"}


def test_a_panel_draws_its_own_pin_over_all_seeds() -> None:
    of, live = plan((A, B), 10), panels((A, B), 10)
    for trace, bind in zip(live.figure["data"], live.binds, strict=True):
        place = 0 if trace["xaxis"] == "x" else 1
        assert bind["runs"] == line(of, place).numbers
        assert seeds(of, bind["runs"]) == list(range(10))


def test_several_seeds_have_a_band_that_is_the_interval_of_the_mean() -> None:
    live = panels((A,), 10)
    factors = [bind["factor"] for bind in live.binds if bind["field"] == "val_accuracy"]
    assert factors == [-t_factor(10), t_factor(10), 0.0]
    assert not any(bind["factor"] for bind in panels((A,), 1).binds)
    upper = next(bind for bind in live.binds if bind["factor"] > 0)
    assert upper["factors"] == [t_factor(count) for count in range(11)]
    values = np.random.default_rng(1).normal(size=(10, 1))
    whole = band(values)
    mean, deviation = values.mean(), values.std(ddof=1)
    np.testing.assert_allclose(mean + t_factor(10) * deviation, whole.high[0])
    np.testing.assert_allclose(mean - t_factor(10) * deviation, whole.low[0])


def test_the_overlay_has_one_hue_a_run_train_dashed_and_test_solid() -> None:
    pins = (A, B, LATE)
    of = plan(pins, 1)
    live = overlay_figure(of, pin_names(pins, WORDS), WORDS, "accuracy")
    for trace, bind in zip(live.figure["data"], live.binds, strict=True):
        place = next(n for n in range(3) if bind["runs"] == line(of, n).numbers)
        assert trace["line"]["color"] == palette.SERIES[place]
        assert (trace["line"]["dash"] == "solid") == (bind["field"] == "val_accuracy")


def test_more_lines_than_can_be_told_apart_are_drawn_without_train() -> None:
    pins = (STUDY, Pin(study="momentum"), A)
    of = plan(pins, 1)
    lines = line_names(of.lines, pin_names(pins, WORDS), WORDS)
    live = overlay_figure(of, lines, WORDS, "accuracy")
    assert [bind["field"] for bind in live.binds] == ["val_accuracy"] * 9


def test_differences_are_paired_seed_by_seed() -> None:
    pins = (A, LATE)
    of, live = plan(pins, 10), difference(pins, 10, reference=0)
    assert len(live.binds) == 3
    for bind in live.binds:
        assert seeds(of, bind["runs"]) == seeds(of, bind["minus"]) == list(range(3, 10))
        assert set(bind["runs"]) <= set(line(of, 1).numbers)
        assert set(bind["minus"]) <= set(line(of, 0).numbers)
    assert [bind["factor"] for bind in live.binds] == [-t_factor(7), t_factor(7), 0.0]


def test_the_reference_has_no_difference_of_its_own() -> None:
    pins = (A, B, LATE)
    of, live = plan(pins, 5), difference(pins, 5, reference=1)
    drawn = {number for bind in live.binds for number in bind["runs"]}
    assert not drawn & set(line(of, 1).numbers)
    assert drawn & set(line(of, 0).numbers)
    assert drawn & set(line(of, 2).numbers)


def test_runs_that_share_no_seed_have_no_difference() -> None:
    assert difference((A, LATE), 1, reference=0).binds == []


def test_studies_are_compared_cell_by_cell() -> None:
    pins = (STUDY, Pin(study="optimizer", preset="keras-3"), A)
    of, live = plan(pins, 1), difference(pins, 1, reference=0)
    cells = [of.experiments[number] for bind in live.binds for number in bind["runs"]]
    against = [of.experiments[number] for bind in live.binds for number in bind["minus"]]
    assert [one.optimizer.kind for one in cells] == [one.optimizer.kind for one in against]
    assert len(cells) == 4  # and the run, which has no counterpart in a study, has no line


def test_what_a_visitor_writes_means_nothing_to_plotly() -> None:
    live = panels((Pin(name="<b>x</b>"), B), 1)
    assert live.figure["layout"]["annotations"][0]["text"] == "&lt;b&gt;x&lt;/b&gt;"


def test_the_ghost_is_the_run_of_the_job_before() -> None:
    pins = (A, B)
    of = plan(pins, 1)
    before = line(plan((A, LATE), 1), 1)
    live = panels_figure(of, pin_names(pins, WORDS), WORDS, "accuracy", {1: before})
    ghosts = [
        (trace["xaxis"], bind["runs"])
        for trace, bind in zip(live.figure["data"], live.binds, strict=True)
        if bind["ghost"]
    ]
    assert ghosts == [("x2", before.numbers)] * 2
