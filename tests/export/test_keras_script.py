"""The exported Keras program: it runs, it trains what it should, and nothing can slip into it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from itertools import combinations, cycle, product
from pathlib import Path

import pytest
from hypothesis import given

from core.experiment import Experiment
from core.experiment.data import DATA
from core.experiment.experiment import LOSSES
from core.experiment.optimizers import OPTIMIZERS, PRESETS
from core.experiment.schedules import SCHEDULES
from core.export.keras_script import keras_script
from tests.experiment.strategies import experiments

ROOT = Path(__file__).parents[2]
SMALL = Experiment().replace(
    {"data.samples": 60, "epochs": 2, "batch_size": 16, "model.hidden": [8]}
)
COSINE = {"kind": "cosine", "warmup_epochs": 1}

# Everything between quotes that a program may hold beside its documentation.
WORDS = {
    *("relu", "tanh", "sigmoid", "gelu", "softmax", "he_uniform", "same", "float32"),
    *("categorical_crossentropy", "mean_squared_error"),
    *("accuracy", "loss", "val_loss", "val_accuracy", "learning_rate"),
    *("epoch  learning rate of its last update", "5", "  ", ".6g", "test accuracy:", "__main__"),
    *(name for cls in OPTIMIZERS.values() for name in cls().to_dict()),
}

SCHEDULED = [{"schedule.kind": kind} for kind in SCHEDULES]
SHORT = {"step": {"schedule.every_epochs": 1}, "exponential": {"schedule.every_epochs": 1}}
MODELS = [
    {"model.activation": "tanh", "model.l2": 0.01},
    {"model.hidden": [8, 4], "model.batch_norm": True, "model.dropout": 0.2},
    {"data.kind": "digits", "data.train_fraction": 0.1, "model.kind": "conv", "model.filters": [4]},
]
FACTORS = {
    "schedule": [one | SHORT.get(one["schedule.kind"], {}) for one in SCHEDULED],
    "warm-up": [{}, {"schedule.warmup_epochs": 1}],
    "loss": [{"loss": loss} for loss in LOSSES],
    "model": MODELS,
    "changes": [
        {},
        {"changes": [{"epoch": 2, "optimizer.learning_rate": 0.02, "optimizer.clipnorm": 0.5}]},
        {"changes": [{"epoch": 2, "schedule": COSINE, "epochs": 3}]},
    ],
}


def covering(factors):
    """A few combinations in which any two values of two factors meet; the next one that helps most.

    >>> len(list(covering({"a": [1, 2], "b": [1, 2], "c": [1, 2]})))
    4
    """
    rows = list(product(*(range(len(values)) for values in factors.values())))
    places = list(combinations(range(len(factors)), 2))
    pairs = {row: {(a, row[a], b, row[b]) for a, b in places} for row in rows}
    missing = set().union(*pairs.values())
    while missing:
        best = max(rows, key=lambda row: len(pairs[row] & missing))
        missing -= pairs[best]
        yield [values[n] for n, values in zip(best, factors.values(), strict=True)]


def covered():
    """Pairs of all factors; along with them, all optimizers of both presets, and all data."""
    own = {"optimizer.weight_decay": 0.01, "optimizer.clipnorm": 1.0}
    kinds = [one for preset in PRESETS.values() for one in preset.values()]
    optimizers = cycle(dict.fromkeys(kinds))
    settings = cycle([{}, own])
    data = cycle(DATA)
    for row in covering(FACTORS):
        values = {name: value for part in row for name, value in part.items()}
        kind = {"data.kind": next(data)} if "data.kind" not in values else {}
        rows = {"data.samples": 60} if kind.get("data.kind", "digits") != "digits" else {}
        optimizer = {"optimizer": next(optimizers), **next(settings)}
        yield SMALL.replace({**optimizer, **kind, **rows, **values})


PLATEAU = {  # which nothing satisfies: after the second epoch it cuts the rate every time
    "schedule": {"kind": "plateau", "patience": 1, "min_delta": 1, "factor": 0.5},
    "epochs": 6,
    "optimizer.learning_rate": 0.1,
}
CUT = [0.1, 0.1, 0.05, 0.025, 0.0125, 0.00625]


def by_hand():
    """Experiments whose rates are known without the schedule's own code."""
    yield SMALL.replace({**PLATEAU, "changes": [{"epoch": 4, "optimizer.momentum": 0.9}]}), CUT
    another_rate = [{"epoch": 5, "optimizer.learning_rate": 0.4}]
    yield SMALL.replace({**PLATEAU, "changes": another_rate}), [*CUT[:4], 0.4, 0.2]
    # a plateau that begins anew, and behind a warm-up: it is satisfied by the epoch it sees first
    warm = {**PLATEAU["schedule"], "warmup_epochs": 2}
    anew = [{"epoch": 4, "schedule": warm, "epochs": 8}]
    rates = [*CUT[:3], 0.05, 0.1, 0.1, 0.1, 0.05]
    yield SMALL.replace({**PLATEAU, "changes": anew}), rates
    yield (
        SMALL.replace({**PLATEAU, "schedule.warmup_epochs": 9}),
        [0.1 * n / 9 for n in range(1, 7)],
    )
    never = [{"epoch": 9, "optimizer.momentum": 0.5}]
    yield SMALL.replace({"optimizer.learning_rate": 0.1, "changes": never}), [0.1, 0.1]


def test_programs_run_without_a_warning_and_train_what_the_experiment_says():
    plain = SMALL.replace({"optimizer.kind": "adam", "epochs": 4})
    # numbers so near the old ones that only what is lost at a change would show
    same = [{"epoch": 3, "optimizer.beta_1": 0.9000001, "optimizer.learning_rate": 0.00100001}]
    wanted = [(one, None) for one in (plain, plain.replace({"changes": same}))]
    wanted += [*by_hand(), *((one, None) for one in covered())]
    done = subprocess.run(
        [sys.executable, "-m", "tests.export.run_scripts"],
        input=json.dumps([(one.to_dict(), rates) for one, rates in wanted]),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    losses = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(losses) == len(wanted), done.stderr[-2000:]
    unchanged, changed = losses[:2]
    assert changed[:2] == unchanged[:2]
    assert changed == pytest.approx(unchanged, rel=1e-4)


def test_every_combination_is_a_program():
    for row in product(OPTIMIZERS, SCHEDULED, FACTORS["loss"], MODELS, FACTORS["changes"]):
        kind, *others = row
        values = {name: value for part in others for name, value in part.items()}
        compile(keras_script(SMALL.replace({"optimizer.kind": kind, **values})), kind, "exec")


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


def test_what_changes_nothing_leaves_the_program_as_it_is():
    for changes in (
        [{"epoch": 5, "optimizer.momentum": 0}],
        [{"epoch": 900, "optimizer.momentum": 0.9}],
    ):
        assert keras_script(Experiment(changes=changes)) == keras_script(Experiment())


def test_a_momentum_that_comes_later_finds_the_last_step():
    later = keras_script(Experiment(changes=[{"epoch": 5, "optimizer.momentum": 0.9}]))
    assert "SGD(0.01, momentum=1e-30, nesterov=False)" in later
    assert "1e-30" not in keras_script(Experiment(changes=[{"epoch": 5, "epochs": 300}]))


def test_a_program_says_that_its_draws_are_its_own():
    assert "The same settings, other random draws." in keras_script(Experiment())
