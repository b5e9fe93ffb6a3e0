"""The exported Keras program: it runs, it trains what it should, and nothing can slip into it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from itertools import cycle, product
from pathlib import Path

from hypothesis import given

from core.experiment import Experiment
from core.experiment.data import DATA
from core.experiment.optimizers import PRESETS
from core.experiment.schedules import SCHEDULES
from core.export.keras_script import keras_script
from tests.experiment.strategies import experiments

ROOT = Path(__file__).parents[2]
SMALL = Experiment().replace({"data.samples": 60, "epochs": 4, "batch_size": 16})
WARM = {"schedule.warmup_epochs": 2}

# Everything between quotes that a program may hold beside its documentation.
WORDS = {
    *("relu", "tanh", "sigmoid", "gelu", "softmax", "he_uniform", "float32"),
    *("categorical_crossentropy", "accuracy", "loss", "val_loss", "val_accuracy"),
    *("test accuracy:", "__main__"),
}


def covered():
    """Every schedule with and without warm-up; along with them, all optimizers and all data."""
    optimizers = cycle(one for kinds in PRESETS.values() for one in kinds.values())
    kinds_of_data = cycle(DATA)
    for kind, warm in product(SCHEDULES, ({}, WARM)):
        short = {"schedule.every_epochs": 1} if kind in ("step", "exponential") else {}
        rows = {"data.kind": next(kinds_of_data)}
        rows |= {} if rows["data.kind"] == "digits" else {"data.samples": 60}
        changes = {"optimizer": next(optimizers), "schedule.kind": kind, **short, **warm, **rows}
        yield SMALL.replace(changes)
    yield SMALL.replace({"schedule.kind": "plateau", "schedule.warmup_epochs": 9})
    yield SMALL.replace({"model.hidden": [8, 4], "model.activation": "tanh"})
    yield SMALL.replace({"model.hidden": [], "optimizer.nesterov": True})


def test_programs_run_and_train_what_the_experiment_says():
    wanted = [experiment.to_dict() for experiment in dict.fromkeys(covered())]
    done = subprocess.run(
        [sys.executable, "-m", "tests.export.run_scripts"],
        input=json.dumps(wanted),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    ran = [json.loads(line) for line in done.stdout.splitlines()]
    assert ran == wanted, done.stderr[-2000:]


@given(experiments())
def test_a_program_holds_numbers_and_known_words_only(experiment):
    tree = ast.parse(keras_script(experiment))
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    for constant in constants:
        if isinstance(constant.value, str) and id(constant) not in documentation:
            assert constant.value in WORDS
        assert isinstance(constant.value, str | int | float | None)


def test_a_program_defines_no_more_than_it_needs():
    plain = keras_script(Experiment())
    assert "class" not in plain
    assert "numpy" not in plain
    assert "optimizer = keras.optimizers.Adam(0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07)" in (
        keras_script(Experiment().replace({"optimizer.kind": "adam"}))
    )
