"""What the chart's own scripts work out, asked of Node without a browser."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.lines.traces import Style, band
from dashboard.settings.studies import SPREAD
from dashboard.text.numbers import percent, rate
from tests.dashboard.scripts import answer, call


def test_an_accuracy_is_zoomed_to_what_happens_in_round_steps() -> None:
    wide, close, none = call(
        "axes", "zoomed", [[[0.48, 0.83], [0.84, 0.342]]], [[[0.97, 0.985]]], [[[]]]
    )
    assert wide == {"range": [0.3, 0.9], "dtick": 0.1}
    assert close["range"][0] <= 0.97
    assert close["range"][1] >= 0.985
    assert close["dtick"] == 0.01
    assert none["range"] == [0, 1.02]


def test_what_is_no_number_moves_no_axis() -> None:
    with_gap, without = call("axes", "zoomed", [[[0.4, None, 0.8]]], [[[0.4, 0.8]]])
    assert with_gap == without


@pytest.mark.parametrize(
    ("values", "held", "range_"),
    [
        ([0.01], None, [-3, -1]),
        ([0.02], [-3, -1], [-3, -1]),  # it stays where it is
        ([0.1, 0.01], [-3, -1], [-3, 0]),
        ([1e-6], [-3, 0], [-7, -5]),
        ([0.01, 1e-45], None, [-9, -1]),  # a plateau goes on down, its axis does not
        ([0.01, 0], None, [-3, -1]),
        ([0.01], [-9, 1], [-3, -1]),  # too wide for what it shows
        ([], None, [-3, -1]),
    ],
)
def test_the_axis_of_a_rate_has_a_floor_and_stays_in_its_place(
    values: list[float], held: list[int] | None, range_: list[int]
) -> None:
    assert call("axes", "decades", [[values], held]) == [range_]


def test_ticks_of_a_rate_are_powers_of_ten_as_people_write_them() -> None:
    [roomy, tight] = call("axes", "powers", [[-5, 0], 130], [[-8, 0], 60])
    assert roomy["ticktext"] == ["1e-5", "1e-4", "0.001", "0.01", "0.1", "1"]
    assert np.allclose(roomy["tickvals"], [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1])
    assert len(tight["ticktext"]) <= 60 / 17 + 1
    assert tight["ticktext"][-1] == "1"


def test_smoothing_is_a_moving_average_that_begins_at_the_first_value() -> None:
    values = [0.2, 0.8, 0.4, 0.6]
    [found] = call("smoothing", "smoothed", [values])
    weights = 0.9 ** np.arange(4)[::-1]
    expected = [np.average(values[: n + 1], weights=weights[3 - n :]) for n in range(len(values))]
    assert found == pytest.approx(expected, rel=1e-12)


def test_numbers_are_written_as_the_pages_write_them() -> None:
    values = [1, 0.01, 0.001, 0.00025, 1e-5, 3.1e-7, 0, 3000, 1234.4, 2.5e6]
    assert call("numbers", "short", *[[value] for value in values]) == [rate(v) for v in values]
    assert call("numbers", "written", ["val_accuracy", 0.824]) == [percent(0.824)]


@pytest.mark.parametrize(
    ("difference", "said"), [(-0.041, "−4.1"), (0.041, "+4.1"), (0.0001, "±0.0")]
)
def test_a_difference_of_accuracies_is_told_in_points(difference: float, said: str) -> None:
    assert call("numbers", "points", [difference]) == [said]


FIGURE = {"options": {"loss": ["log", "linear"], "smooth": ["off", "on"]}}


def test_an_option_that_there_is_not_is_as_if_nothing_were_chosen() -> None:
    asked = [[FIGURE, {"loss": "linear"}], [FIGURE, {"loss": "cubic", "x": "years"}], [{}, {}]]
    assert call("options", "chosen", *asked) == [
        {"loss": "linear", "smooth": "off"},
        {"loss": "log", "smooth": "off"},
        {},
    ]


HEARD = """
import { Wishes } from "./dashboard/components/live/options.js";
const wishes = new Wishes();
const seen = [];
for (const [who, options] of JSON.parse(process.argv[1])) {
  wishes[who](options);
  seen.push(wishes.now.loss ?? null);
}
console.log(JSON.stringify(seen));
"""


def test_an_echo_of_an_older_choice_takes_nothing_back() -> None:
    linear, log = {"loss": "linear"}, {"loss": "log"}
    course = [
        ["hear", {}],
        ["choose", linear],
        ["choose", log],
        ["hear", linear],  # Python says what was chosen first, while more was chosen
        ["hear", log],
        ["hear", linear],  # and now it wants this itself
    ]
    assert answer(HEARD, course) == [None, "linear", "log", "log", "log", "linear"]


def test_a_picture_has_its_title_on_white_as_text() -> None:
    layout = {"width": 1100, "height": 500, "margin": {"t": 26}, "template": {}}
    [found] = call("image", "withTitle", [layout, ["SGD, <b>%{x}", "Learns well"]])
    assert found["paper_bgcolor"] == found["plot_bgcolor"] == "#FFFFFF"
    assert found["height"] - layout["height"] == found["margin"]["t"] - 26 > 40
    first, second = found["title"]["text"].split("<br>")
    assert second == "Learns well"
    assert not set("<>%{}") & set(first)


@pytest.mark.parametrize(("text", "lines"), [("word " * 100, 4), ("学得好，" * 50, 3)])
def test_a_long_title_goes_on_in_the_next_line(text: str, lines: int) -> None:
    """A letter takes 0.55 of 14 px, a Chinese sign all of it, and 1068 px are free: 27 words a line
    (100 / 27 = 3.7), and 19 groups of four signs (50 / 19 = 2.6)."""
    layout = {"width": 1100, "height": 500, "margin": {"t": 26}}
    [found] = call("image", "withTitle", [layout, [text]])
    assert found["title"]["text"].count("<br>") + 1 == lines


def test_names_of_files_speak() -> None:
    given = ["SGD, learning rate 0.01, 200 epochs", "学习率 0.1，种子 0", "../../<x>", "…"]
    assert call("image", "fileName", *[[one] for one in given]) == [
        "sgd-learning-rate-0.01-200-epochs",
        "学习率-0.1-种子-0",
        "x",
        "chart",
    ]


BANDED = """
import { Records } from "./dashboard/components/live/records.js";
import { points } from "./dashboard/components/live/series.js";
const { field, values, binds } = JSON.parse(process.argv[1]);
const records = new Records("made up");
values.forEach((value, number) => {
  records.run(number).write(1, [field], [value]);
  records.run(number).outcome = { kind: "finished" };
});
console.log(JSON.stringify(binds.map((bind) => points(bind, records).y[0])));
"""


@pytest.mark.parametrize(
    ("field", "values", "edges"),
    [
        ("val_accuracy", [0.6, 1.0], [0.8 - 0.08**0.5, 1.0]),  # ± the deviation of two values
        ("accuracy", [0.0, 0.2], [0.0, 0.1 + 0.02**0.5]),
        ("val_loss", [0.1, 3.9], [0.0, 2 + 7.22**0.5]),
    ],
)
def test_a_band_ends_where_there_can_be_nothing_more(
    field: str, values: list[float], edges: list[float]
) -> None:
    drawn = band(field, [0, 1], ("x", "y"), Style("#1B7AC2"), SPREAD)
    given = {"field": field, "values": values, "binds": [one.bind for one in drawn]}
    assert answer(BANDED, given) == pytest.approx(edges)


PACED = """
globalThis.matchMedia = () => ({ matches: false });
globalThis.requestAnimationFrame = (act) => setTimeout(act);
globalThis.cancelAnimationFrame = clearTimeout;
const { Pace } = await import("./dashboard/components/live/pace.js");
const PATIENCE = 60000;
let drawings = 0;
let painted;
const first = new Promise((done) => (painted = done));
const pace = new Pace(async () => painted(++drawings), () => true);
pace.ask(true); // the records
pace.ask(true, PATIENCE); // the end, whose marks are on their way
const waits = pace.earliest - performance.now() > PATIENCE / 2;
pace.ask(true); // the marks
await first;
console.log(JSON.stringify([waits, drawings, pace.wanted]));
"""


def test_a_run_that_has_ended_is_drawn_once_with_its_marks() -> None:
    assert answer(PACED, None) == [True, 1, False]
