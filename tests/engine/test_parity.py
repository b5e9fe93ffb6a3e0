"""The two engines agree: every optimizer, preset and schedule, epoch by epoch."""

from __future__ import annotations

from itertools import cycle, product

import numpy as np
import pytest

from core.engine import train
from core.engine.keras_fit import fit
from core.experiment import Experiment
from core.experiment.optimizers import OPTIMIZERS, PRESETS
from core.experiment.records import COLUMNS, Run
from core.experiment.schedules import SCHEDULES

# Keras's own callbacks read variables in a way that NumPy 2 is about to refuse.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

# 50 rows to train on make three batches of 16 and one of 2; small rates keep rounding small.
SMALL = Experiment.from_dict(
    {"data": {"samples": 100}, "model": {"hidden": [8]}, "batch_size": 16, "epochs": 20}
)
RATES = {"sgd": 0.002, "rmsprop": 0.002, "adagrad": 0.02, "adam": 0.005}
SCHEDULE_FIELDS = {
    "constant": {},
    "time_decay": {"decay": 0.02},
    "step": {"factor": 0.5, "every_epochs": 4},
    "exponential": {"decay_rate": 0.3, "every_epochs": 7},
    "cosine": {"final_fraction": 0.1},
    "plateau": {"monitor": "accuracy", "factor": 0.5, "patience": 2, "min_delta": 0.01},
}
WARMUP_EPOCHS = {"keras-2.3": 0, "keras-3": 3}
CASES = [
    (preset, optimizer, schedule, WARMUP_EPOCHS[preset])
    for preset, optimizer, schedule in product(PRESETS, OPTIMIZERS, SCHEDULES)
]
CASES += [
    (preset, optimizer, schedule, 3 - WARMUP_EPOCHS[preset])
    for preset in PRESETS
    for optimizer, schedule in zip(cycle(OPTIMIZERS), SCHEDULES, strict=False)
]
Case = tuple[str, str, str, int]


def experiment(preset: str, optimizer: str, schedule: str, warmup_epochs: int) -> Experiment:
    rule = PRESETS[preset][optimizer].to_dict()
    law = {"kind": schedule, "warmup_epochs": warmup_epochs, **SCHEDULE_FIELDS[schedule]}
    rule["learning_rate"] = RATES[optimizer]
    return SMALL.replace({"optimizer": rule, "schedule": law})


@pytest.fixture(scope="module")
def compiled() -> dict[Case, Run]:
    return dict(zip(CASES, train([experiment(*case) for case in CASES]), strict=True))


def assert_agree(ours: Run, reference: Run, figures: float = 1e-5, rates: float = 1e-6) -> None:
    assert ours.outcome == reference.outcome
    assert len(ours.records) == len(reference.records)
    for name in COLUMNS:
        limit = rates if name == "learning_rate" else figures
        np.testing.assert_allclose(ours.column(name), reference.column(name), limit, err_msg=name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: ":".join(map(str, case)))
def test_every_optimizer_preset_and_schedule_agrees_with_fit(compiled, case):
    assert_agree(compiled[case], fit(experiment(*case)))


def test_the_plateaus_above_were_cut(compiled):
    plateaus = [run for case, run in compiled.items() if "plateau" in case]
    assert min(len(set(run.column("learning_rate")[3:])) for run in plateaus) > 1


@pytest.mark.parametrize(
    "changes",
    [
        {"model.hidden": []},
        {"model.hidden": [12, 7], "model.activation": "tanh"},
        {"model.hidden": [6, 5, 4], "model.activation": "gelu"},
        {"model.activation": "sigmoid", "batch_size": 50},
        {"data": {"kind": "digits"}, "model.hidden": [16], "batch_size": 100, "epochs": 5},
        {"data": {"kind": "spirals", "samples": 60, "arms": 4}, "batch_size": 1, "epochs": 5},
        {"optimizer": {"kind": "sgd", "learning_rate": 0.001, "momentum": 0.9, "nesterov": True}},
        {"optimizer": {"kind": "sgd", "learning_rate": 0.001, "momentum": 0.9}},
        {"optimizer": {"kind": "sgd", "learning_rate": 0.0005, "momentum": 0.9}, "batch_size": 7},
    ],
    ids=str,
)
def test_networks_data_and_batches_of_all_sizes_agree_with_fit(changes):
    one = SMALL.replace({"optimizer.learning_rate": 0.002, **changes})
    assert_agree(train([one])[0], fit(one))


TUTORIAL = [
    {"optimizer.learning_rate": 0.001},
    {"optimizer.learning_rate": 0.01, "seed": 1},
    {"optimizer.learning_rate": 0.01, "seed": 2},
    {"optimizer.learning_rate": 0.1},
    {"optimizer.learning_rate": 0.1, "optimizer.momentum": 0.9},
    *({"optimizer": PRESETS["keras-2.3"][kind].to_dict()} for kind in OPTIMIZERS if kind != "sgd"),
]


@pytest.fixture(scope="module")
def tutorial() -> list[Run]:
    return train([Experiment(epochs=20).replace(changes) for changes in TUTORIAL])


@pytest.mark.parametrize("number", range(len(TUTORIAL)))
def test_the_tutorials_own_problem_agrees_with_fit(tutorial, number):
    """At a rate of 0.01 seeds 0 and 3 are left out, because there training itself is unstable.

    In double precision, initial weights that differ by 1e-13 of themselves lead to weights 100
    times as far apart after eight epochs with seed 0, and 30 times with seed 3, though no relu
    turns over: the steps are too long there. With seeds 1, 2, 4 and 5 they come closer.
    Computed in NumPy, single and double precision part as the engines do: by 5e-6 of the loss in
    seed 0's second epoch and by 4e-3 in its twelfth.
    """
    assert_agree(tutorial[number], fit(tutorial[number].experiment))


@pytest.mark.parametrize(("rate", "momentum"), [(1.0, 0.0), (10.0, 0.0), (10.0, 0.999)])
def test_where_a_run_is_chaotic_its_outcome_agrees(rate, momentum):
    changes = {"optimizer.learning_rate": rate, "optimizer.momentum": momentum}
    one = SMALL.replace(changes)
    assert train([one])[0].outcome == fit(one).outcome
