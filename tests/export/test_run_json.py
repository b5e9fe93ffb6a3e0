"""A run as a line of JSON, with what is said of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np

from core.analysis.attainable import Benchmarks
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run
from core.export import run_json
from tests.analysis.studies.made_up import made_up

KNOWN = Benchmarks(attainable=0.84, reference=None, guessing=0.35)


def told(run, benchmarks=KNOWN):
    line = run_json(run, benchmarks)
    assert "\n" not in line
    return json.loads(line, parse_constant=refuse)


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


def test_a_line_tells_all_there_is_to_be_said():
    """Nothing moves for 200 epochs, so a hundred times the rate is worth a try."""
    slow = Experiment(seed=3).replace({"optimizer.learning_rate": 0.0001})
    run = made_up(slow, val_accuracy=0.3)
    assert told(run) == {
        "experiment": json.loads(run.experiment.to_json()),
        "outcome": {"kind": "finished", "epoch": 200, "why": ""},
        "final": {
            "epoch": 200,
            "updates": 3200,
            "learning_rate": 0.0001,
            "loss": 0.5,
            "accuracy": 0.5,
            "val_loss": 0.5,
            "val_accuracy": 0.3,
        },
        "attainable": 0.84,
        "guessing": 0.35,
        "verdict": {
            "cause": "nothing",
            "sentence": "Learns nothing: 30.0 % of test points after 200 epochs, 30.0 % before"
            " them, 35.0 % by guessing. Try a rate of 0.01.",
            "evidence": [
                {"column": "val_accuracy", "from": 0, "to": 0, "value": 0.3},
                {"column": "val_accuracy", "from": 151, "to": 200, "value": 0.3},
            ],
            "next": {"optimizer.learning_rate": 0.01},
        },
    }


def test_the_experiment_reads_back_as_it_was():
    experiment = Experiment(seed=3).replace({"optimizer.learning_rate": 1.0, "epochs": 7})
    assert Experiment.from_dict(told(made_up(experiment))["experiment"]) == experiment


def test_where_the_best_rule_is_not_known_a_reference_stands_in_its_place():
    said = told(made_up(), Benchmarks(None, 0.98, 0.1))
    assert (said["reference"], said["guessing"], "attainable" in said) == (0.98, 0.1, False)


def test_without_records_every_figure_is_null():
    said = told(made_up(epochs=0, outcome="diverged"))
    assert said["final"] == dict.fromkeys(COLUMNS)
    assert said["outcome"] == {"kind": "diverged", "epoch": 1, "why": ""}
    assert told(made_up(epochs=0, outcome="stopped"))["verdict"]["cause"] == "stopped"


def test_a_figure_that_is_not_finite_is_null_and_a_column_that_was_asked_for_is_told():
    row = [1, 16, 0.01, math.nan, 0.5, math.inf, 0.4, -math.inf]
    run = Run(Experiment(), np.array([row]), Outcome("finished", 1), (*COLUMNS, "gradient_norm"))
    final = told(run)["final"]
    assert [final[name] for name in ("loss", "val_loss", "gradient_norm")] == [None] * 3
    assert final["accuracy"] == 0.5
    assert told(replace(run, columns=(*COLUMNS, "sharpness")))["final"]["sharpness"] is None
