"""Changes: a fork is its parent to the last bit before it forks, and then as `fit` has it."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import train
from core.engine.keras_fit import fit
from core.experiment.field_types import Number
from core.experiment.fields import rules
from core.experiment.optimizers import OPTIMIZERS
from tests.engine.agreement import assert_agree
from tests.engine.problems import SMALL, optimizer

# Keras's own callbacks read variables in a way that NumPy 2 is about to refuse.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

FORK = 5  # the epoch, counted from 1, before which the changes below are made
PARENT = SMALL.replace({"optimizer": optimizer("sgd"), "epochs": 12})
CHANGES = {
    "rate": {"optimizer.learning_rate": 0.0005},
    "momentum from 0": {"optimizer.momentum": 0.9},
    "decay from 0": {"optimizer.weight_decay": 0.5},
    "clipping from 0": {"optimizer.clipnorm": 0.5},
    "schedule": {"schedule": {"kind": "cosine", "final_fraction": 0.1, "warmup_epochs": 2}},
    "length": {"epochs": 15},
    "all at once": {
        "optimizer.learning_rate": 0.001,
        "optimizer.momentum": 0.5,
        "optimizer.weight_decay": 0.1,
        "optimizer.clipnorm": 2.0,
        "schedule": {"kind": "step", "every_epochs": 3},
        "epochs": 14,
    },
}


def fork(parent, *changes):
    return parent.replace({"changes": [{"epoch": FORK, **one} for one in changes]})


@pytest.mark.parametrize("name", CHANGES)
def test_a_fork_is_its_parent_to_the_last_bit_up_to_the_change(name):
    child = fork(PARENT, CHANGES[name])
    (parent_run,), (run,) = train([PARENT]), train([child])
    same = PARENT.epochs if name == "length" else FORK - 1
    np.testing.assert_array_equal(run.start, parent_run.start)
    np.testing.assert_array_equal(run.records[:same], parent_run.records[:same])
    rest = slice(same, PARENT.epochs)
    assert (run.column("loss")[rest] != parent_run.column("loss")[rest]).all()
    assert len(run.records) == child.length


@pytest.mark.parametrize("name", ["momentum from 0", "length", "all at once"])
def test_after_the_change_a_fork_goes_on_as_fit_does(name):
    child = fork(PARENT, CHANGES[name])
    (run,) = train([child])
    assert_agree(run, fit(child))


def test_in_fit_too_a_fork_is_its_parent_to_the_last_bit_up_to_the_change():
    """Although a momentum of 0 is there one that vanishes, so that it has a velocity to come."""
    child = fork(PARENT, CHANGES["momentum from 0"])
    before = slice(0, FORK - 1)
    np.testing.assert_array_equal(fit(child).records[before], fit(PARENT).records[before])


def moved(kind: str) -> dict[str, float]:
    """All numbers of an optimizer but decay and clipping, as others; epsilon far away."""
    one = optimizer(kind)
    return {
        f"optimizer.{name}": 0.01 if value < 1e-4 else 0.7 * value
        for name, rule in rules(type(one)).items()
        if isinstance(rule, Number) and "weight_decay" not in name and name != "clipnorm"
        for value in [getattr(one, name)]
    }


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_number_of_every_optimizer_changes_as_in_fit(kind):
    child = fork(PARENT.replace({"optimizer": optimizer(kind)}), moved(kind))
    (run,) = train([child])
    assert_agree(run, fit(child))


HASTY = {"kind": "plateau", "patience": 2, "min_delta": 1.0, "factor": 0.5}
WARM = {**HASTY, "warmup_epochs": 4}
PLATEAUS = {
    "a rate changes after cuts": (HASTY, [{"epoch": 9, "optimizer.learning_rate": 0.001}]),
    "a rate changes in the warm-up": (WARM, [{"epoch": 3, "optimizer.learning_rate": 0.001}]),
    "a rate changes as the warm-up ends": (WARM, [{"epoch": 5, "optimizer.learning_rate": 0.001}]),
    "a momentum changes after cuts": (HASTY, [{"epoch": 9, "optimizer.momentum": 0.9}]),
    "a new plateau forgets": (HASTY, [{"epoch": 9, "schedule": WARM}]),
    "a plateau comes later": (
        {"kind": "cosine", "final_fraction": 0.1},
        [{"epoch": 6, "schedule": HASTY}],
    ),
    "a plateau goes and comes again": (
        HASTY,
        [
            {"epoch": 7, "schedule": {"kind": "constant"}},
            {"epoch": 9, "optimizer.learning_rate": 0.001},
            {"epoch": 11, "schedule": HASTY},
        ],
    ),
}


@pytest.mark.parametrize("name", PLATEAUS)
def test_a_plateau_remembers_across_changes_as_in_fit(name):
    law, changes = PLATEAUS[name]
    one = PARENT.replace({"schedule": law, "changes": changes, "epochs": 15})
    (run,), reference = train([one]), fit(one)
    assert_agree(run, reference)
    assert len(set(run.column("learning_rate")[changes[-1]["epoch"] :])) > 1  # cut afterwards


def test_a_rate_that_changes_after_cuts_is_the_new_one_uncut_and_waits_on_from_where_it_was():
    """No accuracy is better by 1 than another, so only the first epoch, behind none, improves."""
    never = {"kind": "plateau", "patience": 2, "min_delta": 1.0, "factor": 0.5}
    one = PARENT.replace(
        {
            "schedule": never | {"monitor": "accuracy"},
            "changes": [{"epoch": 7, "optimizer.learning_rate": 0.008}],
            "epochs": 9,
        }
    )
    # cuts come after epochs 3, 5, 7 and 9, also where the change comes before the seventh
    expected = [0.005] * 3 + [0.0025] * 2 + [0.00125] + [0.008] + [0.004] * 2
    np.testing.assert_allclose(train([one])[0].column("learning_rate"), expected, 1e-6)


def test_a_cosine_that_is_to_go_on_longer_keeps_the_old_one_before_the_change():
    cosine = PARENT.replace({"schedule": {"kind": "cosine"}})
    child = fork(cosine, {"epochs": 40})
    rates = train([child])[0].column("learning_rate")
    last_updates = 4 * np.arange(1, 41) - 1
    old, new = (
        0.005 * 0.5 * (1 + np.cos(np.pi * last_updates / (4 * epochs))) for epochs in (12, 40)
    )
    expected = np.where(np.arange(40) < FORK - 1, old, new)
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_many_changes_one_an_epoch_are_a_run_driven_by_hand():
    rates = np.linspace(0.004, 0.001, 6)
    changes = [
        {"epoch": epoch, "optimizer.learning_rate": rate} for epoch, rate in enumerate(rates, 1)
    ]
    driven = PARENT.replace({"changes": changes, "epochs": 6})
    (run,) = train([driven])
    np.testing.assert_allclose(run.column("learning_rate"), rates, rtol=1e-6)
    assert run.start[2] == np.float32(rates[0])
    assert_agree(run, fit(driven))
