"""What the engines are tried on: one small problem, and tables of optimizers, schedules, models.

A new optimizer or schedule is tried by every test that goes through these tables; it may have
numbers here at which it trains steadily, and otherwise has its own defaults.
"""

from __future__ import annotations

from dataclasses import replace

from core.experiment import Experiment
from core.experiment.optimizers import OPTIMIZERS, PRESETS, Optimizer
from core.experiment.schedules import SCHEDULES

# 50 rows to train on make three batches of 16 and one of 2. All tests share it, and with it the
# programs that are compiled for it. With seed 2 it starts badly, but not so badly that a squared
# error has no slope.
SMALL = Experiment.from_dict(
    {"data": {"samples": 100}, "model": {"hidden": [8]}, "batch_size": 16, "epochs": 20, "seed": 2}
)

# Of each optimizer under the name that tests give it; where the presets differ, both.
RULES: dict[str, Optimizer] = {kind: cls() for kind, cls in OPTIMIZERS.items()} | {
    f"{kind} of {preset}": one
    for preset, kinds in PRESETS.items()
    for kind, one in kinds.items()
    if one != OPTIMIZERS[kind]()
}
# Rates at which rounding does not grow, see `test_parity`; where a kind has two, the second is for
# the squared error, whose slopes are a tenth.
RATES: dict[str, tuple[float, ...]] = {
    "sgd": (0.005, 0.05),
    "rmsprop": (0.002,),
    "adagrad": (0.02,),
    "adam": (0.005,),
    "adamw": (0.005,),
    "nadam": (0.005,),
    "adamax": (0.005,),
    "lion": (0.0005,),
    "muon": (0.002,),
}

SCHEDULE_FIELDS = {
    "time_decay": {"decay": 0.02},
    "step": {"factor": 0.5, "every_epochs": 4},
    "exponential": {"decay_rate": 0.3, "every_epochs": 7},
    "cosine": {"final_fraction": 0.1},
    "plateau": {"monitor": "accuracy", "factor": 0.5, "patience": 2, "min_delta": 0.01},
}


def optimizer(rule: str, loss: str = "cross_entropy") -> Optimizer:
    """One of `RULES` at a steady rate."""
    one = RULES[rule]
    rates = RATES.get(one.kind, (one.learning_rate,))
    return replace(one, learning_rate=rates[-1] if loss == "squared_error" else rates[0])


def schedule(kind: str, warmup_epochs: int = 0) -> object:
    return SCHEDULES[kind](**SCHEDULE_FIELDS.get(kind, {}), warmup_epochs=warmup_epochs)


ALL_THREE = {"model.batch_norm": True, "model.dropout": 0.2, "model.l2": 0.01}
DIGITS = {"data": {"kind": "digits", "train_fraction": 0.2}, "batch_size": 100, "epochs": 5}
CONV = DIGITS | {"model": {"kind": "conv", "filters": [3, 4], "hidden": []}}
# What is tried of networks, data and batches, each as changes of `SMALL`.
MODELS: dict[str, dict[str, object]] = {
    "no hidden layer": {"model.hidden": []},
    "two layers, tanh": {"model.hidden": [12, 7], "model.activation": "tanh"},
    "three layers, gelu": {"model.hidden": [6, 5, 4], "model.activation": "gelu"},
    "sigmoid, all rows at once": {"model.activation": "sigmoid", "batch_size": "all"},
    "spirals, a row at once": {
        "data": {"kind": "spirals", "samples": 60, "arms": 4},
        "batch_size": 1,
        "epochs": 5,
    },
    "digits": DIGITS | {"model.hidden": [16]},
    "batch_norm": {"model.batch_norm": True},
    "dropout": {"model.dropout": 0.5},
    "l2": {"model.l2": 0.05},
    "all three": {"model.hidden": [12, 7], **ALL_THREE},
    "all three, last batch filled up": {"model.hidden": [12, 7], "batch_size": 17, **ALL_THREE},
    "conv": CONV,
    "conv, all three": CONV | {"model.filters": [3]} | ALL_THREE,
}


def is_steady(model: str, rule: str) -> bool:
    """Whether rounding stays as small as it is when this rule trains this model.

    A bias before a batch normalisation has no effect, so its gradient is what rounding makes of 0.
    SGD, whose steps are in proportion, leaves it there. Every other rule divides a gradient by its
    own size, or takes its sign, and so makes whole steps of it, others wherever sums are rounded
    otherwise; the moving mean lags behind the bias, and with it the validation.
    """
    normalised = "all three" in model or "batch_norm" in model
    return not normalised or RULES[rule].kind == "sgd"
