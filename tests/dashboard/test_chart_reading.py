"""How a chart is read by keys and as a table, asked of its own scripts without a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.analysis.studies import Study, grid
from core.analysis.studies.grid import axis_of
from core.experiment import Experiment
from core.experiment.records import COLUMNS
from dashboard.claims.glance import glance
from dashboard.claims.job import whole
from dashboard.lines.ends import Drawing, ending
from dashboard.lines.figures import LiveFigure
from dashboard.lines.layout import layout
from dashboard.lines.paper import on_paper, paper_figure
from dashboard.lines.study_lines import names_of, study_lines, versions_of
from dashboard.settings.studies import INTERVAL, Paper
from dashboard.text import Words
from tests.dashboard.scripts import answer, call
from tests.figures.made_up import made_up

EN = Words("en")
BASE = Experiment(epochs=12)
SEEDS = 3
READ = """
import { Records } from "./dashboard/components/live/records.js";
import { columnsOf, rows, spoken, stepsOf, tabbed } from "./dashboard/components/live/reading.js";
const { view, runs, columns, step, panel } = JSON.parse(process.argv[1]);
const records = new Records("made up");
runs.forEach(({ rows, outcome }, number) => {
  records.run(number).write(1, columns, Float64Array.from(rows.flat()));
  records.run(number).outcome = outcome;
});
const words = view.words;
const all = columnsOf(view, records);
const read = panel ? all.filter((column) => column.panel === panel) : all;
const steps = stepsOf(view.figure, read, words);
console.log(JSON.stringify({
  said: spoken(step, read, words, steps),
  head: [steps.head, ...read.map(({ name }) => name)],
  rows: rows(read, words, 1, 100, steps),
  copied: tabbed(read, words, steps).split("\\n"),
  across: steps.across,
}));
"""


def read(
    live: LiveFigure, experiments: Any, step: int, panel: str = "", words: Words = EN
) -> dict[str, Any]:
    """What is said of a step of a figure, and its table, once these experiments have ended."""
    runs = [made_up(one) for one in experiments]
    given = {
        "view": {**live._asdict(), "words": words.section("chart")},
        "runs": [{"rows": run.records.tolist(), "outcome": run.outcome.to_dict()} for run in runs],
        "columns": COLUMNS,
        "step": step,
        "panel": panel,
    }
    found: dict[str, Any] = answer(READ, json.loads(json.dumps(given)))
    return found


def study(*varied: str) -> Study:
    return grid(BASE, [axis_of(BASE, text) for text in varied])


def results(of: Study, words: Words = EN) -> LiveFigure:
    lines = study_lines(of, SEEDS).lines
    laid = layout(lines, names_of(of, words), versions_of(of, words))
    return ending(laid, Drawing(words, INTERVAL, lines))


def test_the_ends_of_values_are_read_from_left_to_right_with_their_margin() -> None:
    """Of seeds 0 to 2 the made-up accuracies are 0, 1 and 2 points above that of the first: the
    margin is t = 4.303 times 1 point over √3, and a third of a point more for what is rounded."""
    of = study("optimizer.learning_rate=0.1,0.01,0.001")
    found = read(results(of), of.experiments(SEEDS), 1)
    assert found["said"].startswith("Learning rate 0.001. final test accuracy ")
    assert [row[0] for row in found["rows"]] == ["0.001", "0.01", "0.1"]
    assert found["head"] == ["Learning rate", "final test accuracy"]
    middle = 0.33 + 0.5 * (1 - 1 / (1 + 10 * 0.1 * 12)) + 0.01 - 0.02
    value, margin = found["rows"][-1][1].split(" ± ")
    assert value == f"{100 * middle:.1f}"
    assert float(margin.removesuffix(" %")) == pytest.approx(100 * 4.303 * 0.01 / 3**0.5, abs=0.1)


def test_a_value_that_lost_runs_says_of_how_many_it_is_and_keeps_its_place() -> None:
    """At a rate of 1 the second of three made-up seeds diverges."""
    of = study("optimizer.learning_rate=1,0.1,0.01")
    found = read(results(of), of.experiments(SEEDS), 3)
    assert found["said"].startswith("Learning rate 1. ")
    assert found["said"].endswith(" (2 of 3)")
    assert found["copied"][0] == "Learning rate\tfinal test accuracy\tfinal test accuracy ±"
    assert len(found["copied"]) == 1 + 3


def test_a_map_is_read_cell_by_cell_by_both_of_its_values() -> None:
    of = study("optimizer.learning_rate=0.1,0.01", "optimizer.momentum=0,0.5,0.9")
    found = read(results(of), of.experiments(SEEDS), 5)
    assert found["said"].startswith("Learning rate 0.01, momentum 0.5. final test accuracy ")
    assert found["across"] == 3
    assert [row[0] for row in found["rows"]][:4] == [
        "0.1 · 0",
        "0.1 · 0.5",
        "0.1 · 0.9",
        "0.01 · 0",
    ]
    assert found["head"][0] == "Learning rate · Momentum"


def test_rates_on_paper_are_read_update_by_update() -> None:
    """Time decay by hand: 0.01 / (1 + 0.1 · 10) = 0.005."""
    live = paper_figure(on_paper(Paper(0.01, 40, (0.1, 0.01, 0.001, 1e-4))), EN)
    found = read(live, [], 11)
    assert found["said"].startswith("Update 10. Decay 0.1 0.005, Decay 0.01 0.009091")
    assert found["rows"][0][0] == "0"
    assert len(found["rows"]) == 40


def test_the_claims_at_a_glance_are_read_panel_by_panel() -> None:
    of = whole(1, "keras-2.3")
    live = glance(of, EN)
    panels = list(dict.fromkeys(column["panel"] for column in live.figure["reading"]))
    assert panels == ["Learning rate", "Momentum", "Decay", "Patience", "Optimizer"]
    short = [one.replace({"epochs": 12}) for one in of.experiments]
    found = read(live, short, 12, panel="Momentum")
    assert found["said"].count("Momentum · ") == 4
    assert found["said"].startswith("Epoch 12. Momentum · 0 ")


@pytest.mark.parametrize(
    ("key", "step", "to"),
    [
        ("ArrowRight", 0, 1),  # the first key shows where one is
        ("ArrowDown", 0, 1),
        ("ArrowRight", 1, 2),
        ("ArrowRight", 3, 3),  # it does not go on to the next row
        ("ArrowLeft", 4, 4),
        ("ArrowDown", 2, 5),
        ("ArrowDown", 8, 8),
        ("ArrowUp", 8, 5),
        ("Home", 5, 4),
        ("End", 5, 6),
        ("PageDown", 5, None),
        ("a", 5, None),
    ],
)
def test_keys_lead_from_cell_to_cell_of_a_map(key: str, step: int, to: int | None) -> None:
    """Three rows of three."""
    assert call("cursor", "moved", [key, step, 9, 3]) == [to]


def test_results_are_zoomed_to_their_points_and_to_lines_that_are_near() -> None:
    near, far = call(
        "axes", "near", [[[0.80, 0.83]], [0.84, 0.342]], [[[0.4, 0.83]], [0.84, 0.342]]
    )
    assert near == [0.84]
    assert far == [0.84, 0.342]


SHAPED = """
import { shapedAxes } from "./dashboard/components/live/options.js";
const { role, data, ends } = JSON.parse(process.argv[1]);
const figure = { roles: { ends: [role] } };
const layout = { [role]: { range: [0, 1.02], dtick: 0.25 } };
const shaped = shapedAxes(figure, layout, data, { ends }, [{ value: 0.84 }], {}, 400, false);
console.log(JSON.stringify(shaped[role]));
"""


def test_an_error_bar_is_in_sight_where_results_are_zoomed() -> None:
    error = {"visible": True, "array": [0.05, 0.01]}
    data = [{"y": [0.7, 0.8], "error_y": error}]
    zoomed = answer(SHAPED, {"role": "yaxis", "data": data, "ends": "zoomed"})
    low, high = zoomed["range"]
    assert low < 0.65
    assert 0.84 < high < 0.9
    whole = answer(SHAPED, {"role": "yaxis", "data": data, "ends": "whole"})
    assert whole == {"range": [0, 1.02], "dtick": 0.25}


def test_the_colours_of_a_map_go_from_0_to_100_where_that_is_chosen() -> None:
    whole = answer(SHAPED, {"role": "coloraxis", "data": [], "ends": "whole"})
    assert (whole["cmin"], whole["cmax"]) == (0, 1)
    zoomed = answer(SHAPED, {"role": "coloraxis", "data": [], "ends": "zoomed"})
    assert "cmin" not in zoomed


@pytest.mark.parametrize(
    ("key", "epoch", "to"),
    [
        ("ArrowRight", 0, 1),
        ("ArrowLeft", 0, 40),
        ("ArrowRight", 40, 40),
        ("ArrowLeft", 1, 1),
        ("PageDown", 5, 15),
        ("PageUp", 5, 1),
        ("Home", 20, 1),
        ("End", 20, 40),
        ("a", 20, None),
    ],
)
def test_keys_lead_along_the_epochs(key: str, epoch: int, to: int | None) -> None:
    assert call("cursor", "moved", [key, epoch, 40]) == [to]


ACCURACY = {"name": "test accuracy", "field": "val_accuracy", "values": [0.5, 1 / 3]}


LOSS = {"name": "loss", "field": "loss", "values": [0.4, 0.25]}


WORDS = {
    "epoch": "epoch",
    "said_epoch": "Epoch {step}.",
    "said_between": ", ",
    "said_range": "{column} from {low} to {high}",
    "column_loss": "loss",
    "points": "{value} points",
}


def test_an_epoch_is_read_out_in_full() -> None:
    said = call("reading", "spoken", [2, [ACCURACY, LOSS], WORDS])
    assert said == ["Epoch 2. test accuracy 33.3 %, loss 0.25"]


def test_of_many_lines_the_least_and_the_most_are_read_out() -> None:
    columns = [{**LOSS, "name": f"line {n}", "values": [0.1 * n]} for n in range(1, 10)]
    assert call("reading", "spoken", [1, columns, WORDS]) == ["Epoch 1. loss from 0.1 to 0.9"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("val_accuracy", -0.041, "−4.1 points"), ("val_loss", 0.0123, "+0.0123")],
)
def test_a_difference_is_read_out_with_its_sign(field: str, value: float, said: str) -> None:
    column = {"name": "B", "field": field, "isDifference": True, "values": [value]}
    assert call("reading", "spoken", [1, [column], WORDS]) == [f"Epoch 1. B {said}"]


def test_the_table_has_a_row_an_epoch_and_no_more_than_there_are() -> None:
    both = [ACCURACY, LOSS]
    asked = ([both, WORDS, 1, 1], [both, WORDS, 2, 100], [both, WORDS, 3, 100])
    assert call("reading", "rows", *asked) == [
        [["1", "50.0 %", "0.4000"]],
        [["2", "33.3 %", "0.2500"]],
        [],
    ]


def test_a_run_that_ended_early_leaves_its_places_in_the_table_free() -> None:
    [rows] = call("reading", "rows", [[ACCURACY, {**LOSS, "values": [0.4]}], WORDS, 1, 9])
    assert rows[1] == ["2", "33.3 %", "–"]


def test_a_copied_table_has_all_rows_and_nothing_rounded() -> None:
    [text] = call("reading", "tabbed", [[ACCURACY, LOSS], WORDS])
    assert text.split("\n") == [
        "epoch\ttest accuracy\tloss",
        "1\t0.5\t0.4",
        f"2\t{1 / 3}\t0.25",
    ]
