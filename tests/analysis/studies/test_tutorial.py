"""The tutorial's seven experiments are as the tutorial has them."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.studies import STUDIES, differences, rates, study
from core.experiment import Experiment
from core.experiment.optimizers import PRESETS
from core.experiment.records import varying
from core.experiment.refusals import FieldError

VARIED = {
    "learning-rate": ("optimizer.learning_rate", (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)),
    "momentum": ("optimizer.momentum", (0.0, 0.5, 0.9, 0.99)),
    "decay-on-paper": ("schedule.decay", (0.1, 0.01, 1e-3, 1e-4)),
    "decay": ("schedule.decay", (0.1, 0.01, 1e-3, 1e-4)),
    "patience": ("schedule.patience", (2, 5, 10, 15)),
    "optimizer": ("optimizer.kind", ("sgd", "rmsprop", "adagrad", "adam")),
}


def test_there_are_seven():
    assert list(STUDIES) == ["data", *VARIED]


@pytest.mark.parametrize("name", VARIED)
def test_a_study_varies_what_the_tutorial_varies(name):
    path, values = VARIED[name]
    shown = study(name)
    assert shown.varied == (path,)
    assert shown.axis(path) == values
    assert [cell.experiment.get(path) for cell in shown.cells] == list(values)


@pytest.mark.parametrize("name", [name for name in VARIED if name != "optimizer"])
def test_a_study_varies_nothing_else(name):
    assert varying([cell.experiment for cell in study(name).cells]) == [VARIED[name][0]]


@pytest.mark.parametrize("name", VARIED)
def test_what_is_held_is_as_in_the_tutorial(name):
    for cell in study(name).cells:
        held = cell.experiment
        assert (held.epochs, held.batch_size, held.data) == (200, 32, Experiment().data)
        if name not in ("learning-rate", "optimizer"):
            assert held.optimizer.kind == "sgd"
            assert held.optimizer.learning_rate == 0.01
        if name == "patience":
            plateau = held.schedule
            assert (plateau.kind, plateau.monitor) == ("plateau", "val_loss")
            assert (plateau.factor, plateau.min_delta) == (0.1, 1e-7)


def test_what_is_drawn():
    assert study("momentum").figures == (("accuracy", "val_accuracy"),)
    assert study("patience").figures == (("learning_rate",), ("loss",), ("accuracy",))
    assert {name: study(name).shows for name in ("data", "decay-on-paper", "decay")} == {
        "data": "data",
        "decay-on-paper": "rates",
        "decay": "training",
    }


@pytest.mark.parametrize("version", PRESETS)
def test_optimizers_carry_the_values_of_their_version(version):
    for cell in study("optimizer", version).cells:
        assert cell.experiment.optimizer == PRESETS[version][cell.experiment.optimizer.kind]


def test_keras_3_ignores_the_argument_decay():
    shown = study("decay", "keras-3")
    assert [cell.label for cell in shown.cells] == [cell.label for cell in study("decay").cells]
    for cell in shown.cells:
        ours = cell.experiment
        trained = ours.rates(np.arange(3200))
        assert (trained == 0.01).all()


def test_decay_on_paper_is_the_formula():
    for cell in study("decay-on-paper").cells:
        decay = dict(cell.values)["schedule.decay"]
        by_hand = [0.01 * 1.0 / (1.0 + decay * update) for update in range(200)]
        assert rates(cell.experiment) == pytest.approx(by_hand, rel=1e-12)


def test_versions_differ_in_rmsprop_and_adagrad_only():
    assert {(one.kind, one.field, one.keras_2, one.keras_3) for one in differences()} == {
        ("rmsprop", "epsilon_inside_root", False, True),
        ("adagrad", "learning_rate", 0.01, 0.001),
        ("adagrad", "initial_accumulator_value", 0.0, 0.1),
        ("adagrad", "epsilon_inside_root", False, True),
    }


def test_seeds_are_the_same_in_every_cell_and_leave_the_data_alone():
    shown = study("momentum")
    experiments = shown.experiments(seeds=3)
    assert [one.seed for one in experiments] == [0, 1, 2] * 4
    assert {one.data for one in experiments} == {Experiment().data}
    assert [one.replace({"seed": 0}) for one in experiments[::3]] == [
        cell.experiment for cell in shown.cells
    ]


def test_names_are_one_a_run():
    assert study("decay").names(seeds=2)[:3] == ["decay=0.1", "decay=0.1", "decay=0.01"]
    assert study("data").names() == ["run"]


def test_a_base_carries_what_the_tutorial_does_not_set():
    base = Experiment().replace({"data.noise": 3.0, "epochs": 5, "optimizer.kind": "adam"})
    for cell in study("momentum", base=base).cells:
        assert (cell.experiment.epochs, cell.experiment.data.noise) == (5, 3.0)
        assert cell.experiment.optimizer.kind == "sgd"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: study("lr"), "Study: `name` must be one of data, learning-rate"),
        (lambda: study("decay", "keras-1"), "Study: `preset` must be one of keras-2.3, keras-3"),
        (lambda: study("decay").experiments(seeds=0), "must be a whole number from 1 to 50, got 0"),
        (lambda: study("decay").experiments(seeds=51), "whole number from 1 to 50, got 51"),
        (lambda: study("decay").experiments(seeds=1.5), "whole number from 1 to 50, got 1.5"),
    ],
)
def test_refusals_say_what_there_is(make, sentence):
    with pytest.raises(FieldError, match=sentence):
        make()
