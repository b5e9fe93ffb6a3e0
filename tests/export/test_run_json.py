"""A run as a line of JSON, with a verdict that is made up."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run
from core.export import run_json
from tests.analysis.studies.made_up import made_up


@dataclass(frozen=True)
class Benchmarks:
    attainable: float | None = 0.84
    reference: float | None = None
    guessing: float = 0.35


@dataclass(frozen=True)
class Evidence:
    column: str
    from_: int
    to: int
    value: float


@dataclass(frozen=True)
class Verdict:
    cause: str
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    next: dict[str, Any] | None = None


TOO_LARGE = Verdict(
    "too_large",
    "The loss – 1.5 at first – never settles.",
    (Evidence("loss", 101, 200, 0.5), Evidence("val_loss", 1, 200, math.inf)),
    {"optimizer.learning_rate": 0.1, "model.hidden": (50,)},
)


def told(run, benchmarks=Benchmarks(), verdict=TOO_LARGE):
    line = run_json(run, benchmarks, verdict)
    assert "\n" not in line
    return json.loads(line, parse_constant=refuse)


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


def test_a_line_tells_all_there_is_to_be_said():
    run = made_up(Experiment(seed=3), val_accuracy=0.8)
    assert told(run) == {
        "experiment": json.loads(run.experiment.to_json()),
        "outcome": {"kind": "finished", "epoch": 200, "why": ""},
        "final": {
            "epoch": 200,
            "updates": 3200,
            "learning_rate": 0.01,
            "loss": 0.5,
            "accuracy": 0.5,
            "val_loss": 0.5,
            "val_accuracy": 0.8,
        },
        "attainable": 0.84,
        "guessing": 0.35,
        "verdict": {
            "cause": "too_large",
            "sentence": "The loss – 1.5 at first – never settles.",
            "evidence": [
                {"column": "loss", "from": 101, "to": 200, "value": 0.5},
                {"column": "val_loss", "from": 1, "to": 200, "value": None},
            ],
            "next": {"optimizer.learning_rate": 0.1, "model.hidden": [50]},
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
    assert told(made_up(epochs=0, outcome="stopped"), verdict=None)["verdict"] is None


def test_a_figure_that_is_not_finite_is_null_and_a_column_that_was_asked_for_is_told():
    row = [1, 16, 0.01, math.nan, 0.5, math.inf, 0.4, -math.inf]
    run = Run(Experiment(), np.array([row]), Outcome("finished", 1), (*COLUMNS, "gradient_norm"))
    final = told(run)["final"]
    assert [final[name] for name in ("loss", "val_loss", "gradient_norm")] == [None] * 3
    assert final["accuracy"] == 0.5
    assert told(replace(run, columns=(*COLUMNS, "sharpness")))["final"]["sharpness"] is None


def test_numbers_of_numpy_are_numbers():
    said = told(made_up(), verdict=replace(TOO_LARGE, next={"epochs": np.int64(400)}))
    assert said["verdict"]["next"] == {"epochs": 400}
