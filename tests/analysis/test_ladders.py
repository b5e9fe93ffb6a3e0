"""The verdict against what other rates do: the same experiment trained over a ladder of rates.

Which rate does best at the end is known then, so nobody's eye is needed to say what is too large.
An accuracy of n test rows has a standard error of √(p (1 - p) / n); two of them are called `apart`
by `SURE` such errors, no more, because they are of the same rows and share their luck.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from core.analysis.attainable import benchmarks
from core.analysis.scale import enough
from core.analysis.trends import SURE, standard_error
from core.analysis.verdict import Verdict
from core.experiment.records import Run
from tests.analysis.trained import TUTORIAL, shorter, trained, verdict

RATE = "optimizer.learning_rate"
RATES = (1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
LENGTHS = (50, 100, 300)
LADDERS: dict[str, dict[str, Any]] = {
    "tutorial": {},
    "noise-3": {"data.noise": 3.0},
    "noise-5": {"data.noise": 5.0},
    "noise-10": {"data.noise": 10.0},
    "spirals": {"data.kind": "spirals", "data.noise": 0.05, "batch_size": 128},
    "moons": {"data.kind": "moons"},
    "circles": {"data.kind": "circles", "data.noise": 0.5},
    "few-rows": {"data.train_fraction": 0.1},
}


@cache
def ladder(name: str) -> dict[float, Run]:
    longest = {**LADDERS[name], "epochs": max(LENGTHS)}
    runs = trained([TUTORIAL.replace({**longest, RATE: rate}) for rate in RATES])
    return {run.experiment.optimizer.learning_rate: run for run in runs}


def cut(name: str, epochs: int) -> dict[float, tuple[Run, Verdict]]:
    """The runs that finish so many epochs, by rate."""
    runs = {rate: run for rate, run in ladder(name).items() if len(run.records) >= epochs}
    return {rate: (short := shorter(run, epochs), verdict(short)) for rate, run in runs.items()}


def late(run: Run) -> float:
    """The mean test accuracy of the last quarter."""
    accuracy = run.column("val_accuracy")
    return float(accuracy[-(len(accuracy) // 4) :].mean())


def apart(run: Run) -> float:
    data = run.experiment.data
    return SURE * standard_error(late(run), data.rows - data.train_rows)


@pytest.mark.parametrize("epochs", LENGTHS)
@pytest.mark.parametrize("name", LADDERS)
def test_no_rate_below_the_best_is_too_large_that_does_as_well_as_the_next_smaller(name, epochs):
    runs = cut(name, epochs)
    rates = sorted(runs)
    best = max(rates, key=lambda rate: late(runs[rate][0]))
    for smaller, rate in pairwise(rates):
        run, said = runs[rate]
        if rate < best and late(run) >= late(runs[smaller][0]) - apart(run):
            assert said.cause != "too_large", (rate, late(run), best)


@pytest.mark.parametrize("epochs", LENGTHS)
@pytest.mark.parametrize("name", LADDERS)
def test_a_run_that_is_at_what_is_possible_is_not_called_a_failure(name, epochs):
    for run, said in cut(name, epochs).values():
        known = benchmarks(run.experiment.data)
        wanted = max(enough(run.experiment.data, known), known.possible - apart(run) / 2)
        if late(run) >= wanted:
            assert said.cause not in {"too_large", "too_small", "settled", "nothing"}, said


@pytest.mark.parametrize("name", LADDERS)
def test_the_rate_that_is_proposed_instead_of_a_too_large_one_does_no_worse(name):
    runs = cut(name, max(LENGTHS))
    for rate, (run, said) in runs.items():
        proposed = (said.next or {}).get(RATE)
        if said.cause == "too_large" and proposed in runs:
            assert late(runs[proposed][0]) >= late(run) - apart(run), rate


@pytest.mark.parametrize("name", LADDERS)
def test_what_is_still_improving_is_told_by_a_figure_that_gets_better(name):
    for epochs in LENGTHS:
        for _, said in cut(name, epochs).values():
            if said.cause in {"still_improving", "too_small"}:
                told = said.evidence[0]
                assert (told.value > 0) == (told.column == "val_accuracy"), said


@pytest.mark.parametrize("name", LADDERS)
def test_a_longer_run_of_a_ladder_never_flips_the_cause(name):
    lasting = {"too_large", "settled", "lost", "overfits"}
    for rate, run in ladder(name).items():
        lengths = [n for n in (20, 30, *LENGTHS) if n <= len(run.records)]
        said = [verdict(shorter(run, n)).cause for n in lengths]
        for number, cause in enumerate(said):
            if cause in lasting:
                assert set(said[number:]) == {cause}, (rate, said)
            if cause == "good":
                assert set(said[number:]) <= {"good", "lost", "overfits"}, (rate, said)


def test_the_ladders_reach_from_nothing_to_much_too_large():
    said = {one.cause for name in LADDERS for _, one in cut(name, max(LENGTHS)).values()}
    assert {"good", "too_large", "still_improving"} <= said
    assert np.isfinite([late(run) for run, _ in cut("tutorial", 50).values()]).all()
