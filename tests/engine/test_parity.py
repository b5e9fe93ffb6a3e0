"""The two engines agree, epoch by epoch: a table of methods times a table of problems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from core.engine import train
from core.engine.keras_fit import fit
from core.experiment import Experiment
from core.experiment.experiment import LOSSES
from core.experiment.optimizers import OPTIMIZERS, PRESETS
from core.experiment.schedules import SCHEDULES
from tests.engine.agreement import FIGURES, assert_agree, difference
from tests.engine.problems import MODELS, RULES, SMALL, optimizer, schedule

# Keras's own callbacks read variables in a way that NumPy 2 is about to refuse.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

METHODS = list(product(RULES, SCHEDULES, LOSSES, (0, 2)))


class Differences:
    """How far apart the pairs were, for who reads the report of the tests."""

    def __init__(self) -> None:
        self.largest: list[float] = []

    def note(self, one: float) -> float:
        self.largest.append(one)
        return one


@pytest.fixture(scope="session")
def differences(record_testsuite_property) -> Iterator[Differences]:
    found = Differences()
    yield found
    record_testsuite_property("pairs of engines", len(found.largest))
    record_testsuite_property("their largest difference", max(found.largest))


@pytest.fixture
def agree(differences, record_property):
    """Train by both engines, compare, and write down how far apart they were."""

    def compare(experiment: Experiment, limit: float = FIGURES):
        (ours,), reference = train([experiment]), fit(experiment)
        assert_agree(ours, reference, limit)
        record_property("difference", differences.note(difference(ours, reference)))
        return ours

    return compare


@pytest.mark.combinations("row", METHODS)
def test_every_optimizer_schedule_loss_and_warm_up_agrees_with_fit(row, agree):
    rule, law, loss, warmup_epochs = row
    one = SMALL.replace(
        {"optimizer": optimizer(rule), "schedule": schedule(law, warmup_epochs), "loss": loss}
    )
    run = agree(one, limit(rule))
    if law == "plateau":
        assert len(set(run.column("learning_rate")[warmup_epochs:])) > 1  # it was cut
    learned = np.ptp(run.column("loss")) / run.column("loss")[0]
    assert learned > 10 * limit(rule)  # what they agree on is far more than how well


def limit(rule: str) -> float:
    """As for all figures, but for Nadam.

    It divides by 1 − beta_2ᵗ, at first 0.001 and a difference of numbers near 1: where that is off
    by half of single precision's 2⁻²³, 6e-8, the quotient is off by 6e-5 and its root by 3e-5. Adam
    has the same root, but in a rate that Keras rounds as this engine does. Lion and Muon need no
    more than the others here: no sign of these runs lies within rounding of 0, and of a rounding the
    iteration makes at most 3.4445⁵ = 485 times as much, 3e-5, in a direction that it then forgets.
    """
    return 3e-5 if RULES[rule].kind == "nadam" else FIGURES


@pytest.mark.combinations("row", list(product(MODELS, LOSSES)), strength=1)
def test_networks_data_and_batches_of_all_kinds_agree_with_fit(row, agree):
    model, loss = row
    agree(SMALL.replace({"optimizer.learning_rate": 0.002, "loss": loss, **MODELS[model]}))


@pytest.mark.parametrize(
    "changes",
    [{"optimizer.momentum": 0.9}, {"optimizer.momentum": 0.9, "optimizer.nesterov": True}],
    ids=str,
)
def test_momentum_agrees_with_fit(changes, agree):
    agree(SMALL.replace({"optimizer.learning_rate": 0.0005, **changes}))


TUTORIAL = [
    {"optimizer.learning_rate": 0.001},
    {"optimizer.learning_rate": 0.01, "seed": 1},
    {"optimizer.learning_rate": 0.01, "seed": 2},
    {"optimizer.learning_rate": 0.1},
    {"optimizer.learning_rate": 0.1, "optimizer.momentum": 0.9},
    *(
        {"optimizer": PRESETS["keras-2.3"][kind].to_dict()}
        for kind in ("rmsprop", "adagrad", "adam")
    ),
]


@pytest.mark.parametrize("changes", TUTORIAL, ids=str)
def test_the_tutorials_own_problem_agrees_with_fit(changes, agree):
    """At a rate of 0.01 seeds 0 and 3 are left out, because there training itself is unstable.

    In double precision, initial weights that differ by 1e-13 of themselves lead to weights 100
    times as far apart after eight epochs with seed 0, and 30 times with seed 3, though no relu
    turns over: the steps are too long there. With seeds 1, 2, 4 and 5 they come closer.
    Computed in NumPy, single and double precision part as the engines do: by 5e-6 of the loss in
    seed 0's second epoch and by 4e-3 in its twelfth.
    """
    agree(Experiment(epochs=20).replace(changes))


@pytest.mark.parametrize(("rate", "momentum"), [(1.0, 0.0), (10.0, 0.0), (10.0, 0.999)])
def test_where_a_run_is_chaotic_its_outcome_agrees(rate, momentum):
    changes = {"optimizer.learning_rate": rate, "optimizer.momentum": momentum}
    one = SMALL.replace(changes)
    assert train([one])[0].outcome == fit(one).outcome


def test_every_kind_of_optimizer_is_tried():
    assert {RULES[row[0]].kind for row in METHODS} == set(OPTIMIZERS)
