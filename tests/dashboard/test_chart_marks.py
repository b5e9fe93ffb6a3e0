"""What the chart's own scripts write into it: lines to measure against, and rates that leave."""

from __future__ import annotations

import math
from typing import Any

import pytest

from core.experiment import Experiment
from core.experiment.data import Moons
from dashboard.claims.glance import glance
from dashboard.claims.job import whole
from dashboard.lines.look import Look
from dashboard.lines.plan import plan
from dashboard.lines.references import DATA_MAX, data_sets, measured
from dashboard.settings.compare import CompareSettings
from dashboard.settings.pin import Pin
from dashboard.text import Words
from tests.dashboard.scripts import answer, call

EN = Words("en")
BASE = Experiment(epochs=12)
MOONS = BASE.replace({"data": Moons()})
LINES = [
    {"name": "possible", "value": 0.84, "text": "possible: 84.0 %"},
    {"name": "guessing", "value": 0.34, "text": "guessing: 34.0 %"},
]
THEME = {"quiet": "gray", "color": "black", "background": "white", "dark": False}
WITHIN = {**THEME, "scale": 1}


def compared(*experiments: Experiment, **looks: Any) -> dict[str, Any]:
    pins = tuple(Pin(one) for one in experiments)
    now = CompareSettings(pins, 2, **looks)
    figure = Look(now, plan(pins, 2), EN).figure().figure
    found: dict[str, Any] = figure.get("references", {}).get("axes", {})
    return found


def test_lines_of_the_same_data_are_measured_against_the_same() -> None:
    fast = BASE.replace({"optimizer.learning_rate": 0.1})
    assert compared(BASE, fast, tab="overlay") == {"yaxis": 0}
    assert compared(BASE, fast, tab="results") == {"yaxis": 0}
    assert compared(BASE, fast) == {"yaxis": 0, "yaxis2": 0}


def test_lines_of_other_data_are_measured_panel_by_panel_and_never_in_one() -> None:
    assert set(compared(BASE, MOONS).values()) == {0, 1}
    assert compared(BASE, MOONS, tab="overlay") == {}
    assert compared(BASE, MOONS, tab="results") == {}


@pytest.mark.parametrize(
    "looks", [{"show": "loss"}, {"tab": "difference"}, {"show": "learning_rate"}]
)
def test_what_is_no_accuracy_is_measured_against_nothing(looks: dict[str, str]) -> None:
    assert compared(BASE, BASE.replace({"seed": 9}), **looks) == {}


def test_each_panel_of_the_claims_at_a_glance_is_measured() -> None:
    axes = glance(whole(1, "keras-2.3"), EN).figure["references"]["axes"]
    assert list(axes.values()) == [0] * 5


def test_of_very_many_data_sets_the_first_are_measured() -> None:
    runs = [BASE.replace({"data.seed": seed}) for seed in range(DATA_MAX + 3)]
    assert len(data_sets(runs)) == DATA_MAX
    axes = measured({f"yaxis{n}": [n] for n in range(len(runs))}, runs)["references"]["axes"]
    assert list(axes.values()) == list(range(DATA_MAX))


def test_names_within_a_panel_stand_where_curves_are_seldom() -> None:
    panel = {"range": [0, 1.02], "anchor": "x3"}
    [found] = call("marks", "referenceMarks", [LINES, "yaxis3", panel, 160, WITHIN, "within"])
    above, below = found["annotations"]
    assert (above["xanchor"], above["yanchor"]) == ("left", "bottom")
    assert (below["xanchor"], below["yanchor"]) == ("right", "top")
    assert {one["xref"] for one in found["shapes"]} == {"x3 domain"}


def test_a_name_that_has_no_room_above_its_line_stands_below_it() -> None:
    panel = {"range": [0.3, 0.85], "anchor": "x"}
    [found] = call("marks", "referenceMarks", [LINES, "yaxis", panel, 160, WITHIN, "within"])
    assert [one["yanchor"] for one in found["annotations"]] == ["top", "bottom"]


def test_a_panel_beside_another_of_the_same_data_repeats_no_names() -> None:
    panel = {"range": [0, 1.02]}
    [found] = call("marks", "referenceMarks", [LINES, "yaxis2", panel, 160, WITHIN, "none"])
    assert len(found["shapes"]) == 2
    assert found["annotations"] == []


LEFT = """
import { departures } from "./dashboard/components/live/notes.js";
const { rates, range, words, names, annotations: own } = JSON.parse(process.argv[1]);
const epochs = rates[0].map((_, epoch) => epoch + 1);
const data = rates.map((y) => ({ x: epochs, y }));
const view = {
  figure: { reading: rates.map((_, trace) => ({ trace, name: names[trace] })) },
  binds: rates.map(() => ({ field: "learning_rate" })),
  words: { chart: words },
};
const yaxis = { type: "log", range };
const layout = { xaxis: { range: [0, epochs.length] }, yaxis, annotations: own };
const theme = { color: "black", background: "white" };
const { annotations, said } = departures(view, data, layout, theme);
const texts = annotations.map(({ text }) => text);
console.log(JSON.stringify({ texts, corners: annotations.map(({ x, y }) => [x, y]), said }));
"""


def left(
    *rates: list[float],
    language: str = "en",
    range_: tuple[int, int] = (-4, -1),
    annotations: Any = (),
) -> Any:
    names = [f"line {n}" for n in range(1, len(rates) + 1)]
    words = Words(language).section("chart")
    given = {"rates": rates, "range": range_, "words": words, "names": names}
    return answer(LEFT, {**given, "annotations": list(annotations)})


def test_a_rate_that_falls_below_its_axis_is_told_with_the_epoch() -> None:
    found = left([0.01, 0.001, 1e-4, 1e-5, 1e-6])
    assert found["texts"] == ["below 1e-4 from epoch 4"]
    assert found["said"] == ["line 1 below 1e-4 from epoch 4."]
    assert found["corners"] == [[0, 0]]  # it left late, so the left is free
    assert left([0.01, 0.001, 1e-4])["texts"] == []  # the edge itself is in sight


def test_where_the_foot_of_a_panel_has_words_a_rate_that_left_is_told_at_the_top() -> None:
    foot = {"text": "epoch 2", "yref": "y domain", "y": 0.03}
    assert left([0.01, 1e-5, 1e-6], annotations=[foot])["corners"] == [[1, 1]]


def test_a_rate_above_the_top_of_its_axis_is_told_at_the_top() -> None:
    found = left([0.01, 0.2, 0.3], language="zh")
    assert found["texts"] == ["第 2 轮起高于 0.1"]
    assert found["corners"] == [[1, 1]]


def test_of_several_lines_those_that_leave_are_named_and_many_are_counted() -> None:
    leaves, stays = [1e-5, 1e-6, 1e-7], [0.01, 0.01, 0.01]
    assert left(leaves, stays)["texts"] == ["line 1 below 1e-4 from epoch 1"]
    many = left(*[leaves] * 5)
    assert many["texts"][0].split("<br>")[-1] == "and 2 others"
    assert len(many["said"]) == 5


def test_a_rate_of_exactly_0_has_a_note_of_its_own() -> None:
    assert left([0.01, 0.0, 0.0])["texts"] == []


def test_names_of_lines_close_to_each_other_move_apart_and_others_stay() -> None:
    [apart, close] = call("marks", "spaced", [[20, 150]], [[102, 100]])
    assert apart == [0, 0]
    assert close[0] > 0 > close[1]
    assert (102 + close[0]) - (100 + close[1]) >= 14


LAYOUT = {"yaxis": {"range": [0.3, 0.9]}, "yaxis2": {"type": "log"}}


ROLES = {"accuracy": ["yaxis"], "loss": ["yaxis2"]}


def test_a_span_is_shaded_in_the_panel_of_its_column_and_a_point_is_ringed() -> None:
    level = {"column": "val_accuracy", "from": 151, "to": 200, "value": 0.8, "kind": "level"}
    spike = {"column": "loss", "from": 52, "to": 52, "value": 10.0, "kind": "at"}
    evidence = [{**level, "text": "level"}, {**spike, "text": "spike"}]
    [found] = call("marks", "evidenceMarks", [evidence, LAYOUT, ROLES, 16, THEME])
    area, line = found["shapes"]
    assert (area["x0"], area["x1"], area["yref"]) == (151 * 16, 200 * 16, "y domain")
    assert (line["y0"], line["y1"]) == (0.8, 0.8)
    arrow, ring = found["annotations"]
    assert (arrow["hovertext"], ring["hovertext"]) == ("level", "spike")
    assert (ring["x"], ring["y"], ring["yref"]) == (52 * 16, math.log10(10.0), "y2")


def test_lines_to_measure_against_are_drawn_where_they_are_in_sight() -> None:
    given = [
        {"name": "possible", "value": 0.84, "text": "possible: 84.0 %"},
        {"name": "guessing", "value": 0.1, "text": "guessing: 10.0 %"},
    ]
    asked = [given, "yaxis", LAYOUT["yaxis"], 200, THEME]
    [found] = call("marks", "referenceMarks", asked)
    assert [shape["y0"] for shape in found["shapes"]] == [0.84]
    assert [name["hovertext"] for name in found["annotations"]] == ["possible: 84.0 %"]


NOTE = {"when": "zero", "field": "loss", "run": 0, "xref": "x", "yref": "y2 domain", "text": "0"}


NOTED = """
import { annotate } from "./dashboard/components/live/notes.js";
const [note, losses] = JSON.parse(process.argv[1]);
const runs = new Map([[0, { outcome: null, column: () => losses }]]);
const theme = { color: "black", background: "white" };
const text = { ...note, text: "from {epoch}" };
console.log(JSON.stringify(annotate([text], { runs }, [0, 10], theme).annotations));
"""


def test_a_loss_that_leaves_a_logarithmic_axis_is_told_with_its_epoch() -> None:
    [said] = answer(NOTED, [NOTE, [0.5, 0.1, 0, 0]])
    assert said["text"] == "from 3"
    assert answer(NOTED, [NOTE, [0.5, 0.1]]) == []
