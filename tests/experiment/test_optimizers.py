"""The presets carry the values of each Keras version."""

from __future__ import annotations

import pytest

from core.experiment.optimizers import OPTIMIZERS, PRESETS, AdamW, Sgd, preset
from core.experiment.refusals import FieldError

# Keras 2.3.1: keras/optimizers.py; Keras 3: keras/src/optimizers/*.py, the arguments' defaults.
EXPECTED = {
    ("keras-2.3", "sgd"): {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
    ("keras-3", "sgd"): {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
    ("keras-2.3", "rmsprop"): {
        "learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7, "epsilon_inside_root": False,
    },
    ("keras-3", "rmsprop"): {
        "learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7, "epsilon_inside_root": True,
    },
    ("keras-2.3", "adagrad"): {
        "learning_rate": 0.01, "initial_accumulator_value": 0.0, "epsilon": 1e-7,
        "epsilon_inside_root": False,
    },
    ("keras-3", "adagrad"): {
        "learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7,
        "epsilon_inside_root": True,
    },
    ("keras-2.3", "adam"): {
        "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
    },
    ("keras-3", "adam"): {
        "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
    },
}  # fmt: skip
NEW = {
    "adamw": {
        "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
        "weight_decay": 0.004,
    },
    "nadam": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "adamax": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "lion": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.99},
    "muon": {
        "learning_rate": 0.001, "momentum": 0.95, "nesterov": True, "rms_rate": 0.2,
        "adam_lr_ratio": 1.0, "adam_beta_1": 0.9, "adam_beta_2": 0.999, "epsilon": 1e-7,
        "adam_weight_decay": 0.004, "weight_decay": 0.004,
    },
}  # fmt: skip
EXPECTED |= {(name, kind): values for name in PRESETS for kind, values in NEW.items()}
OFF = {"weight_decay": 0.0, "clipnorm": 0.0}


@pytest.mark.parametrize(("name", "kind"), sorted(EXPECTED))
def test_a_preset_carries_that_versions_values(name, kind):
    assert preset(name, kind).to_dict() == {"kind": kind, **OFF, **EXPECTED[name, kind]}


def test_every_preset_has_every_optimizer():
    assert {(name, kind) for name in PRESETS for kind in OPTIMIZERS} == set(EXPECTED)


@pytest.mark.parametrize(("name", "kind"), [("keras-4", "sgd"), ("keras-3", "lamb")])
def test_an_unknown_preset_or_kind_is_refused_by_name(name, kind):
    with pytest.raises(FieldError, match=r"^Preset: `(preset|kind)` must be one of "):
        preset(name, kind)


def test_what_is_newer_is_left_out_where_it_is_usual_of_its_kind():
    assert Sgd(weight_decay=0.004).canonical().keys() - Sgd().canonical().keys() == {"weight_decay"}
    assert AdamW(weight_decay=0.0).canonical()["weight_decay"] == 0
    assert "weight_decay" not in AdamW().canonical()
