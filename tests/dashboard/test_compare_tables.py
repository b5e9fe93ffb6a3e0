"""What pins came to and what they are, as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pytest

from core.analysis.studies import study, table
from core.experiment import Experiment
from dashboard.lines import pin_table as results
from dashboard.lines.entries import SHARE, entry
from dashboard.lines.plan import plan
from dashboard.lines.sentences import leader
from dashboard.lines.settings_table import settings
from dashboard.settings.pin import Pin
from tests.dashboard import made_up
from tests.dashboard.test_compare_numbers import NAMES, SEEDS, WORDS, A, B, told


def columns(pins: Sequence[Pin]) -> list[list[Experiment]]:
    return [[cell.experiment for cell in pin.cells()] for pin in pins]


def test_bounds_stay_inside_what_is_possible() -> None:
    of = plan((A, B), 2)
    runs = made_up.runs(of, [[0.2, 0.9], [0.95, 0.1]])
    # t of one degree of freedom, 12.706, makes every interval wider than all accuracies there are
    assert "(95 % interval 0.0 % to 100.0 %)" in leader(of, NAMES, runs, WORDS)
    assert "95 % interval −100.0 to 100.0" in told(of, runs)
    final = results.lines(results.results(of, NAMES, runs), WORDS)[0].entries[1]
    assert (final.text, final.title) == ("20.0 %, 90.0 %", "")
    three = plan((A, B), 3)
    runs = made_up.runs(three, [[0.2, 0.9, 0.4], [0.95, 0.1, 0.5]])
    final = results.lines(results.results(three, NAMES, runs), WORDS)[0].entries[1]
    assert final.text == "50.0 %, 0.0 % to 100.0 %"
    assert final.title == "95 % interval of the mean: 0.0 % to 100.0 %; 3 runs"


def test_three_runs_alike_have_one_interval_on_every_page() -> None:
    """Within a row of 500 they are alike: √(1 / 12) / 500 · 4.303 / √3 is 0.1 points."""
    of = plan((A, B), 3)
    runs = made_up.runs(of, [[0.82] * 3, [0.7] * 3])
    compared = results.results(of, NAMES, runs)[0].row
    [studied, *_] = table(study("momentum"), [*of.lines[0].of(runs) * 4])
    assert compared.final == studied.final
    assert entry(studied.final, 3, SHARE, WORDS).text == "82.0 ± 0.1 %"
    assert results.lines(results.results(of, NAMES, runs), WORDS)[0].entries[1].text == (
        "82.0 ± 0.1 %"
    )


@pytest.mark.parametrize(("value", "text"), [(0.000123, "1.23e-4"), (12.3456, "12.3")])
def test_losses_have_three_digits(value: float, text: str) -> None:
    of = plan((A,), 1)
    runs = [made_up.run(of.experiments[0], 0.8, val_loss=value)]
    [line] = results.lines(results.results(of, ["A"], runs), WORDS)
    assert [entry.text for entry in line.entries[4:6]] == [text, text]


def test_the_table_has_a_line_a_pin_with_intervals_and_outcomes() -> None:
    of = plan((A, B), SEEDS)
    runs = made_up.runs(of, [[0.7] * SEEDS, np.linspace(0.81, 0.9, SEEDS)])
    runs[made_up.line(of, 1).numbers[0]] = made_up.run(B.experiment, 0.1, kind="diverged")
    came_to = results.results(of, NAMES, runs)
    lines = results.lines(came_to, WORDS)
    assert [entry.text for entry in lines[0].entries] == [
        *("A", "70.0 ± 0.0 %", "70.0 ± 0.0 %", "–", "0.500 ± 0.000", "0.500 ± 0.000"),
        "10 finished",
    ]
    final, *_ = (entry for entry in lines[1].entries[1:])
    assert final.number == pytest.approx(np.linspace(0.82, 0.9, SEEDS - 1).mean())
    assert lines[1].entries[-1].text == "9 finished, 1 diverged"
    assert all(len(line.entries) == len(results.columns(WORDS)) for line in lines)


def test_the_tables_csv_gives_every_figure_with_the_ends_of_its_interval() -> None:
    of = plan((A, B), 3)
    runs = made_up.runs(of, [[0.7, 0.8, 0.9], [0.9, 0.9, 0.9]])
    [first, second] = csv.DictReader(io.StringIO(results.to_csv(results.results(of, NAMES, runs))))
    assert (first["run"], first["runs"], first["finished"]) == ("A", "3", "3")
    assert float(first["final"]) == pytest.approx(0.8)
    # t of two degrees of freedom, 4.3027, times 0.1 / √3
    assert float(first["final_high"]) == pytest.approx(0.8 + 0.2484, abs=1e-4)
    assert float(first["final_min"]) == pytest.approx(0.7)
    assert float(first["final_max"]) == pytest.approx(0.9)
    assert (first["final_n"], second["val_loss_n"]) == ("3", "3")
    assert second["epochs_to_80"] == "3.0"
    assert second["reached"] == "1.0"


def test_settings_show_what_differs_and_on_demand_all() -> None:
    adam = Pin(Experiment().replace({"optimizer.kind": "adam"}))
    differing = {
        row.path: row.values for row in settings(columns([A, adam]), WORDS, everything=False)
    }
    assert differing["optimizer.kind"] == ("SGD", "Adam")
    assert differing["optimizer.momentum"] == ("0", "–")
    assert "epochs" not in differing
    everything = settings(columns([A, adam]), WORDS, everything=True)
    assert {row.path for row in everything if row.differs} == differing.keys()
    assert "epochs" in {row.path for row in everything}
    assert next(row.path for row in everything) == "optimizer.kind"


def test_what_a_study_varies_is_listed_in_its_settings() -> None:
    rows = settings(columns([Pin(study="momentum"), B]), WORDS, everything=False)
    assert [(row.path, row.values) for row in rows] == [
        ("optimizer.momentum", ("0, 0.5, 0.9, 0.99", "0.9"))
    ]


def test_pins_in_any_number_have_settings() -> None:
    for number in range(1, 9):
        rows = settings(columns([A] * number), WORDS, everything=True)
        assert all(len(row.values) == number for row in rows)
