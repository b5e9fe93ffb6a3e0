"""Differences between pins as pictures: paired, in points, cell by cell."""

from __future__ import annotations

import numpy as np

from core.analysis.statistics import half_width, rounding_of
from core.experiment import Experiment
from dashboard.lines import palette
from dashboard.lines.figures import LiveFigure
from dashboard.lines.labels import line_names, pin_names
from dashboard.lines.overlay import difference_figure
from dashboard.lines.plan import plan
from dashboard.settings.pin import Pin
from tests.dashboard.bands import band
from tests.dashboard.made_up import line, seeds
from tests.dashboard.scripts import asked
from tests.dashboard.test_compare_figures import LATE, STUDY, TWO_STUDIES, WORDS, A, B


def difference(
    pins: tuple[Pin, ...], seeds: int, reference: int, show: str = "accuracy"
) -> LiveFigure:
    of, names = plan(pins, seeds), pin_names(pins, WORDS)
    lines = line_names(of.lines, names, WORDS)
    return difference_figure(of, lines, WORDS, show, reference)


def test_two_studies_of_eight_values_have_eight_differences_in_eight_hues() -> None:
    means = [
        trace
        for trace in difference(TWO_STUDIES, 2, reference=0).figure["data"]
        if trace["showlegend"]
    ]
    assert [trace["line"]["color"] for trace in means] == list(palette.SERIES[:8])


def test_many_differences_are_a_line_each() -> None:
    pins = (*TWO_STUDIES, Pin(study="momentum"), A)
    of, live = plan(pins, 3), difference(pins, 3, reference=3)
    assert len(of.lines) == 21
    assert [bind["runs"] for bind in live.binds] == [one.numbers for one in of.lines[:20]]
    for bind in live.binds:
        assert seeds(of, bind["runs"]) == seeds(of, bind["minus"])


def test_differences_are_paired_seed_by_seed() -> None:
    pins = (A, LATE)
    of, live = plan(pins, 10), difference(pins, 10, reference=0)
    assert len(live.binds) == 3
    for bind in live.binds:
        assert seeds(of, bind["runs"]) == seeds(of, bind["minus"]) == list(range(3, 10))
        assert set(bind["runs"]) <= set(line(of, 1).numbers)
        assert set(bind["minus"]) <= set(line(of, 0).numbers)
    assert [bind["factor"] for bind in live.binds] == [-half_width(7), half_width(7), 0.0]


def test_the_interval_that_the_browser_draws_counts_what_accuracies_round_off() -> None:
    live = difference((A, LATE), 10, reference=0)
    _, upper, mean = live.binds
    ours, theirs = (
        {"kind": "finished", "columns": {"val_accuracy": values}}
        for values in ([0.752, 0.802], [0.75, 0.8])
    )
    found = [ours if number in upper["runs"] else theirs for number in range(20)]
    low, high, middle = (asked("series", "points", bind, found)["y"] for bind in live.binds)
    values = np.array([[y["columns"]["val_accuracy"][e] for e in (0, 1)] for y in found])
    rounding = 2 * rounding_of(Experiment(), "val_accuracy")
    told = band(values[upper["runs"]] - values[upper["minus"]], rounding)
    np.testing.assert_allclose(middle, told.mean)
    np.testing.assert_allclose([low, high], [told.low, told.high])
    assert min(told.high - told.low) > 0  # though all pairs differ alike
    assert "rounding" not in mean
    assert "rounding" not in difference((A, LATE), 10, reference=0, show="loss").binds[0]


def test_differences_of_accuracy_are_labelled_in_points() -> None:
    axis = difference((A, LATE), 10, reference=0).figure["layout"]["yaxis"]
    labels = axis["labelalias"]
    assert axis["tickformat"] == axis["hoverformat"] == "+.1~%"
    assert [labels[text] for text in ("+100%", "+20%", "+1.2%", "+0%", "−0.5%", "−100%")] == [
        *("+100", "+20", "+1.2", "0", "−0.5", "−100")
    ]
    assert not any("%" in label for label in labels.values())


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
