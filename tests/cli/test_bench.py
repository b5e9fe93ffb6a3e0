"""The bench measures both engines in one run, and says plainly how the budgets read."""

from __future__ import annotations

import io
import json

import pytest

from core.cli.bench import BUDGETS, Amount, Budget, ChildEnded, measure
from core.cli.contest import CASES, PAIRS, contest, experiments
from core.cli.program import main
from core.experiment import Experiment
from core.experiment.refusals import FieldError


@pytest.fixture(scope="module")
def report():
    return measure(Amount(epochs=2, runs=2), say=io.StringIO())


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


def test_a_limit_that_there_is_not_is_not_spoken_of():
    only = Budget("what", "figure", None, 4).read({"figure": 3.0})
    assert only["reading"] == "aim of at least 4 missed"


EXPERIMENT = """
class Experiment:
    @classmethod
    def from_json(cls, text):
        return cls()
"""
SESSION = """
from time import perf_counter

class Session:
    def __init__(self, experiments):
        self.done = False

    def advance(self, seconds):
        end = perf_counter() + {seconds}
        while perf_counter() < end:
            pass
        self.done = True
"""

DIES = """
import os

class Session:
    def __init__(self, experiments):
        os._exit(3)
"""


def made_checkout(folder, seconds, experiment=EXPERIMENT):
    """A checkout whose engine takes so many seconds for any run, in the first edition's layout."""
    engine = folder / "core" / "engine"
    engine.mkdir(parents=True)
    for package in (folder / "core", engine):
        (package / "__init__.py").touch()
    (folder / "core" / "experiment.py").write_text(experiment)
    (engine / "compiled.py").write_text(SESSION.format(seconds=seconds))
    return folder


def test_a_contest_takes_each_engine_from_its_own_checkout(tmp_path):
    quick, slow = made_checkout(tmp_path / "a", 0.001), made_checkout(tmp_path / "b", 0.03)
    said = io.StringIO()
    report = contest(str(slow), quick=True, here=quick, say=said)
    assert said.getvalue().splitlines() == list(report["cases"]) == list(CASES)
    assert json.loads(json.dumps(report)) == report
    for case in report["cases"].values():
        assert case["ratio_low"] <= case["ratio"] <= case["ratio_high"]
        assert case["milliseconds"] >= 1
        assert case["milliseconds_there"] >= 30
    for read, case in zip(report["budgets"], report["cases"].values(), strict=True):
        assert read["measured"] == case["ratio"]


def test_a_checkout_that_cannot_be_loaded_is_refused(tmp_path):
    here, there = made_checkout(tmp_path / "a", 0), made_checkout(tmp_path / "b", 0, "import no")
    with pytest.raises(FieldError, match="`--against` must be a checkout whose engine can be lo"):
        contest(str(there), quick=True, here=here)


@pytest.mark.parametrize("place", ["here", "there"])
def test_an_engine_that_dies_meanwhile_is_a_sentence(tmp_path, place):
    folders = {name: made_checkout(tmp_path / name, 0) for name in ("here", "there")}
    (folders[place] / "core" / "engine" / "compiled.py").write_text(DIES)
    with pytest.raises(ChildEnded, match=r"^Bench: a process ended early, with status 3\.$"):
        contest(str(folders["there"]), quick=True, here=folders["here"])


def test_an_engine_that_dies_ends_the_command_with_status_1(capsys, tmp_path):
    dying = made_checkout(tmp_path, 0)
    (dying / "core" / "engine" / "compiled.py").write_text(DIES)
    assert main(["bench", "--against", str(dying), "--quick"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == "Bench: a process ended early, with status 3."


@pytest.mark.parametrize("case", CASES)
def test_a_case_never_trains_the_same_run_twice(case):
    runs = experiments(CASES[case], PAIRS, quick=False)
    assert len({run.key for run in runs}) == len(runs) > PAIRS
    assert {run.replace({"seed": 0}) for run in runs} == {Experiment.from_dict(CASES[case])}


def test_the_tutorial_is_among_the_cases():
    assert Experiment.from_dict(CASES["tutorial"]) == Experiment()
