"""The bench measures both engines in one run, and says plainly how the budgets read."""

from __future__ import annotations

import io
import json

import pytest

from core.cli.bench import BUDGETS, Budget, Size, main, measure
from core.experiment.fields import FieldError


@pytest.fixture(scope="module")
def report():
    return measure(Size(epochs=2, runs=2), say=io.StringIO())


def test_every_part_is_timed_and_the_device_named(report):
    assert report["device"].startswith(("CPU · ", "GPU · "))
    names = ["fit_seconds", "one_seconds", "eight_seconds", "sweep_seconds", "compile_seconds"]
    assert all(report[name] > 0 for name in names)
    assert json.loads(json.dumps(report)) == report


def test_ratios_are_those_of_the_times_reported(report):
    ratio = report["fit_seconds"] / report["one_seconds"]
    assert report["one_ratio"] == pytest.approx(ratio, rel=0.01)  # times are rounded
    assert report["sweep_run_milliseconds"] == pytest.approx(500 * report["sweep_seconds"], 0.01)
    eight = 8 * report["fit_seconds"] / report["eight_seconds"]
    assert report["eight_ratio"] == pytest.approx(eight, rel=0.01)


def test_every_budget_is_read(report):
    assert [read["what"] for read in report["budgets"]] == [budget.what for budget in BUDGETS]
    for read, budget in zip(report["budgets"], BUDGETS, strict=True):
        assert read["measured"] == report[budget.figure]


@pytest.mark.parametrize(
    ("upwards", "measured", "expected"),
    [
        (True, 1.0, "budget of at least 2 missed, aim of at least 4 missed"),
        (True, 4.0, "budget of at least 2 reached, aim of at least 4 reached"),
        (False, 3.0, "budget of at most 2 missed, aim of at most 1 missed"),
        (False, 1.0, "budget of at most 2 reached, aim of at most 1 reached"),
    ],
)
def test_a_budget_says_whether_it_and_its_aim_are_reached(upwards, measured, expected):
    budget = Budget("what", "figure", 2, 4 if upwards else 1, upwards)
    assert budget.read({"figure": measured})["reading"] == expected


def test_an_argument_that_is_not_understood_is_refused():
    with pytest.raises(FieldError, match="Bench: `arguments` must be --quick or nothing, got"):
        main(["--fast"])
