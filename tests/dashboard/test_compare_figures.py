"""The figures of a comparison are checked on their data, without a browser."""

from __future__ import annotations

import json
import re

import numpy as np
import plotly.graph_objects as go
import pytest

from core.analysis.statistics import half_width
from core.experiment import Experiment
from dashboard.lines import palette
from dashboard.lines.curves import SHADES_MAX
from dashboard.lines.figures import LiveFigure
from dashboard.lines.labels import line_names, pin_names
from dashboard.lines.look import Look
from dashboard.lines.overlay import difference_figure, overlay_figure
from dashboard.lines.pin_panels import panels_figure
from dashboard.lines.plan import Plan, plan
from dashboard.pages.parts.pin_cards import heading
from dashboard.settings.axis import VariedField
from dashboard.settings.compare import SHOWN, CompareSettings
from dashboard.settings.pin import Pin
from dashboard.text import LANGUAGES, Words
from tests.dashboard.bands import band
from tests.dashboard.made_up import line, seeds

WORDS = Words("en")
A, B = Pin(), Pin(Experiment().replace({"optimizer.momentum": 0.9, "epochs": 50}))
LATE = Pin(Experiment().replace({"optimizer.momentum": 0.5, "seed": 3}))
STUDY = Pin(study="optimizer")


def panels(pins: tuple[Pin, ...], seeds: int, show: str = "accuracy") -> LiveFigure:
    return panels_figure(plan(pins, seeds), pin_names(pins, WORDS), WORDS, show)


def overlay(pins: tuple[Pin, ...], seeds: int, show: str = "accuracy") -> LiveFigure:
    of, names = plan(pins, seeds), pin_names(pins, WORDS)
    return overlay_figure(of, line_names(of.lines, names, WORDS), WORDS, show)


def all_figures(of: Plan, pins: tuple[Pin, ...], words: Words, show: str) -> list[LiveFigure]:
    names = pin_names(pins, words)
    lines = line_names(of.lines, names, words)
    over = overlay_figure(of, lines, words, show)
    figures = [panels_figure(of, names, words, show), over]
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
    assert factors == [-half_width(10), half_width(10), 0.0]
    assert not any(bind["factor"] for bind in panels((A,), 1).binds)
    upper = next(bind for bind in live.binds if bind["factor"] > 0)
    assert upper["factors"] == [half_width(count) for count in range(11)]
    values = np.random.default_rng(1).normal(size=(10, 1))
    whole = band(values)
    mean, deviation = values.mean(), values.std(ddof=1)
    np.testing.assert_allclose(mean + half_width(10) * deviation, whole.high[0])
    np.testing.assert_allclose(mean - half_width(10) * deviation, whole.low[0])


def test_the_overlay_has_one_hue_a_run_train_dashed_and_test_solid() -> None:
    pins = (A, B, LATE)
    of, live = plan(pins, 1), overlay(pins, 1)
    for trace, bind in zip(live.figure["data"], live.binds, strict=True):
        place = next(n for n in range(3) if bind["runs"] == line(of, n).numbers)
        assert trace["line"]["color"] == palette.SERIES[place]
        assert (trace["line"]["dash"] == "solid") == (bind["field"] == "val_accuracy")


@pytest.mark.parametrize("show", SHOWN)
def test_up_to_eight_lines_have_a_hue_each_and_stand_in_the_legend(show: str) -> None:
    for pins, hues in (
        ((Pin(study="learning-rate"),), palette.ordered_hues(8)),  # rates have an order
        ((Pin(study="optimizer"), Pin(study="optimizer", preset="keras-3")), palette.SERIES[:8]),
    ):
        live = overlay(pins, 1, show)
        shown = [trace for trace in live.figure["data"] if trace["showlegend"]]
        assert [trace["line"]["color"] for trace in shown] == list(hues)
    assert live.figure["layout"].get("showlegend", True)


TWO_STUDIES = (Pin(study="learning-rate"), Pin(study="learning-rate", preset="keras-3"))


def test_a_study_stands_for_its_values_in_shades_where_there_are_many() -> None:
    pins = (*TWO_STUDIES, A)
    of, live = plan(pins, 2), overlay(pins, 2)
    assert [bind["runs"] for bind in live.binds] == [one.numbers for one in of.lines]
    assert {bind["field"] for bind in live.binds} == {"val_accuracy"}
    colours = [trace["line"]["color"] for trace in live.figure["data"]]
    for place in range(2):
        own = [colours[of.lines.index(one)] for one in of.of_pin(place)]
        light = [sum(int(colour[n : n + 2], 16) for n in (1, 3, 5)) for colour in own]
        assert light == sorted(light)
        assert len(set(own)) == 8
    assert not any(trace["showlegend"] for trace in live.figure["data"])


def test_of_more_than_can_be_drawn_neighbours_are_one_and_no_run_is_left_out() -> None:
    grid = (VariedField("optimizer.learning_rate", "log", "", 1e-4, 1.0, 50),)
    pins = (
        Pin(study="own", axes=grid),
        Pin(study="own", axes=grid, preset="keras-3"),
        *TWO_STUDIES,
    )
    of, live = plan(pins, 1), overlay(pins, 1)
    assert len(live.binds) <= SHADES_MAX
    drawn = [number for bind in live.binds for number in bind["runs"]]
    assert set(drawn) == set(range(len(of.experiments)))
    pin_of = {number: {one.pin for one in of.lines if number in one.numbers} for number in drawn}
    for bind in live.binds:  # never of two pins at once
        assert set.intersection(*(pin_of[number] for number in bind["runs"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_band_is_is_said(language: str) -> None:
    words = Words(language)
    shades, interval = words("compare.key_shades"), words("compare.key_band", seeds=2)
    for pins, said in ((TWO_STUDIES, (True, False)), (TWO_STUDIES[:1], (False, True))):
        look = Look(CompareSettings(pins, seeds=2, tab="overlay"), plan(pins, 2), words)
        assert (shades in look.key, interval in look.key) == said


@pytest.mark.parametrize("tab", ["overlay", "difference"])
@pytest.mark.parametrize("number", [1, 2])
def test_the_cards_have_the_colours_of_the_picture(tab: str, number: int) -> None:
    studies = [Pin(study="learning-rate", preset=preset) for preset in ("keras-2.3", "keras-3")]
    pins = (A, *studies[:number])
    look = Look(CompareSettings(pins, tab=tab), plan(pins, 1), WORDS)
    drawn = {trace["line"]["color"] for trace in look.figure().figure["data"]}
    cards = "".join(heading(look, place, pin) for place, pin in enumerate(look.pins))
    assert set(re.findall("#[0-9a-fA-F]{6}", cards)) <= drawn
    assert len(set(re.findall("#[0-9a-fA-F]{6}", cards))) >= 3 * number


def test_side_by_side_the_cells_of_a_study_have_their_hues() -> None:
    pins = (Pin(study="learning-rate"), A)
    look = Look(CompareSettings(pins), plan(pins, 1), WORDS)
    hues = palette.ordered_hues(8)
    assert all(hue in heading(look, 0, "") for hue in hues)
    assert not any(hue in heading(look, 1, "") for hue in (*hues, *palette.SERIES))


def test_what_a_visitor_writes_means_nothing_to_plotly() -> None:
    live = panels((Pin(name="<b>x</b>"), B), 1)
    assert live.figure["layout"]["annotations"][0]["text"] == "&lt;b&gt;x&lt;/b&gt;"


NASTY = "![p](//h/p.png) %{x} {epoch} $a$ `b` <i>c</i>"


def texts(value: object) -> list[str]:
    """Every text in a figure, however deep."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("show", SHOWN)
def test_no_sign_of_a_name_reaches_plotly_as_more_than_a_sign(show: str) -> None:
    pins = (Pin(name=NASTY), B, Pin(study="optimizer", name=NASTY))
    for live in all_figures(plan(pins, 1), pins, WORDS, show):
        plotted = {name: part for name, part in live.figure.items() if name != "reading"}
        found = texts([plotted, live.notes])
        assert any("epoch&#125;" in text for text in found)
        for sign in ("%{x} {", "{epoch} $", "$a$", "<i>c"):
            assert not [text for text in found if sign in text]


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


def grid(*momenta: float) -> Pin:
    axes = (
        VariedField("optimizer.momentum", "list", ", ".join(map(str, momenta))),
        VariedField("epochs", "list", "10, 20"),
    )
    return Pin(study="own", axes=axes)


CHANGED = Experiment().replace({"changes": [{"epoch": 10, "optimizer.learning_rate": 0.001}]})


@pytest.mark.parametrize(
    ("pins", "kind", "count"),
    [
        ((grid(0.0, 0.5), grid(0.0, 0.5)), "heatmap", 2),
        ((grid(0.0, 0.5), grid(0.0, 0.9)), "scatter", 1),  # no one grid: by their names
        ((A, Pin(CHANGED)), "scatter", 1),
        ((A, B), "heatmap", 0),
    ],
)
def test_results_are_a_map_where_all_cells_are_there_and_else_go_by_name(
    pins: tuple[Pin, ...], kind: str, count: int
) -> None:
    of = plan(pins, 1)
    look = Look(CompareSettings(pins, tab="results"), of, WORDS)
    live = look.figure()
    assert [trace["type"] for trace in live.figure["data"]].count(kind) == count
    cells = [cell for bind in live.binds for cell in bind["cells"]]
    assert sorted(cells) == sorted(line.numbers for line in of.lines)
    assert look.height >= live.figure["layout"].get("height", 0)
