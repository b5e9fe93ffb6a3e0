"""What is said of runs with changes: of what is in force at the end, and of what alters nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.rates import RunRates, last_stage
from core.analysis.sentences import sentence
from core.analysis.verdict import Verdict, judge
from core.experiment import Experiment
from core.experiment.notes import notes
from core.experiment.records import Outcome, Run
from tests.analysis.made_up_curves import KNOWN, approach, run

RATE = "optimizer.learning_rate"
TUTORIAL = Experiment()
GOOD = run(approach(1.1, 0.4, 8), approach(0.3, 0.83, 8))


def of(experiment: Experiment, curve: Run = GOOD, known: Benchmarks = KNOWN) -> Verdict:
    """What is said of the curve if it is this experiment's, gone on with as it ended."""
    length = experiment.length
    more = np.repeat(curve.records[-1:], max(length - len(curve.records), 0), axis=0)
    records = np.concatenate([curve.records, more])[:length]
    records[:, 0] = np.arange(1, length + 1)
    updates = np.arange(1, length + 1) * experiment.updates_per_epoch - 1
    records[:, 2] = experiment.rates(updates)
    ended = Outcome("finished", length)
    return judge(replace(curve, experiment=experiment, records=records, outcome=ended), known)


# In each: what the run was, and what changed without altering anything.
ALTERS_NOTHING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {RATE: 0.01}),
    ({}, {"optimizer.momentum": 0.0}),
    ({}, {"epochs": 200}),
    ({}, {"schedule": {"kind": "constant"}}),
    ({}, {"schedule": {"kind": "time_decay", "decay": 0}}),
    ({}, {"schedule": {"kind": "plateau", "min_learning_rate": 1}}),
    ({}, {"schedule": {"kind": "plateau", "patience": 2000}}),
    ({"schedule.kind": "time_decay"}, {RATE: 0.01}),
    ({"schedule.kind": "plateau"}, {RATE: 0.01}),
    ({"schedule.kind": "plateau"}, {"epochs": 200}),
    ({"schedule.kind": "cosine"}, {"epochs": 200}),
    ({"schedule.warmup_epochs": 20}, {"schedule": {"kind": "constant"}}),
    ({"optimizer.kind": "adagrad", RATE: 0.01}, {"optimizer.initial_accumulator_value": 0.5}),
]


@pytest.mark.parametrize(("settings", "change"), ALTERS_NOTHING, ids=str)
def test_a_change_that_alters_nothing_leaves_what_is_said(settings, change):
    plain = TUTORIAL.replace(settings)
    assert of(plain).cause == "good"
    for epoch in (30, 150, 198, 200):
        changed = plain.replace({"changes": [{"epoch": epoch, **change}]})
        assert of(changed) == replace(of(plain), next=None)


ALTERS_SOMETHING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {RATE: 0.1}),
    ({}, {"optimizer.momentum": 0.9}),
    ({}, {"optimizer.weight_decay": 0.1}),
    ({}, {"schedule": {"kind": "plateau"}}),
    ({"schedule.kind": "plateau"}, {"schedule": {"kind": "plateau"}}),
    ({"schedule.kind": "plateau"}, {RATE: 0.1}),
    ({"schedule.kind": "plateau"}, {"schedule": {"kind": "constant"}}),
    ({"schedule.kind": "time_decay"}, {"schedule": {"kind": "time_decay"}}),
    ({"schedule.kind": "cosine"}, {"epochs": 400}),
]


@pytest.mark.parametrize(("settings", "change"), ALTERS_SOMETHING, ids=str)
def test_a_change_that_alters_something_is_judged_from_there(settings, change):
    changed = TUTORIAL.replace({**settings, "changes": [{"epoch": 100, **change}]})
    assert last_stage(changed).first == 99


@pytest.mark.parametrize("epochs", [201, 202, 204, 210, 400])
def test_a_fork_that_only_goes_on_longer_stays_what_its_parent_was(epochs):
    fork = TUTORIAL.replace({"changes": [{"epoch": 201, "epochs": epochs}]})
    assert of(fork).cause == "good"


def test_a_row_of_changes_that_alter_nothing_alters_nothing():
    changes = [{"epoch": epoch, RATE: 0.01} for epoch in range(2, 190, 7)]
    assert of(TUTORIAL.replace({"changes": changes})).cause == "good"


def test_a_change_that_never_comes_is_no_settings_of_the_end():
    late = TUTORIAL.replace({"changes": [{"epoch": 201, RATE: 1.0}]})
    said = of(late)
    assert (said.cause, said.figures.rate, said.figures.last_rate) == ("good", 0.01, 0.01)


def test_a_fork_that_never_leaves_its_warm_up_is_told_of_its_own_rate():
    warm = {"epoch": 11, RATE: 1, "schedule": {"kind": "constant", "warmup_epochs": 100}}
    said = of(TUTORIAL.replace({"epochs": 20, "changes": [warm]}))
    assert said.cause == "never_warmed"
    assert "the rate ends at 0.1 of 1." in sentence(said)


def test_a_fork_at_a_lower_rate_has_not_faded():
    """The rate is a hundredth of the first, and all that was asked for from epoch 50 on."""
    slow = run(approach(1.1, 0.7, 5), approach(0.3, 0.7, 5))
    said = of(TUTORIAL.replace({"changes": [{"epoch": 50, RATE: 1e-4}]}), slow)
    assert (said.cause, said.detail) == ("settled", "")
    assert said.figures.rate == 1e-4


def test_a_run_that_diverged_is_told_of_the_rate_at_which_it_did():
    experiment = TUTORIAL.replace(
        {"changes": [{"epoch": 5, RATE: 3.0}, {"epoch": 6, RATE: 0.01}, {"epoch": 90, RATE: 0.1}]}
    )
    for epoch, rate in ((1, 0.01), (4, 0.01), (5, 3.0), (6, 0.01), (89, 0.01), (90, 0.1)):
        ended = replace(
            GOOD,
            experiment=experiment,
            records=GOOD.records[: epoch - 1],
            outcome=Outcome("diverged", epoch),
        )
        assert judge(ended, KNOWN).figures.rate == rate


@pytest.mark.parametrize("epochs", [10, 19, 20, 21, 30])
def test_a_warm_up_that_never_ends_is_the_same_to_the_verdict_and_to_the_notes(epochs):
    warm = TUTORIAL.replace({"epochs": epochs, "schedule.warmup_epochs": 20})
    noted = [note.code for note in notes(warm)]
    assert (of(warm).cause == "never_warmed") == ("never_warm" in noted) == (epochs <= 20)


# Where a plateau can cut no more, it is no excuse

NOISE = np.random.default_rng(0).normal(0, 1, (2, 200))
LARGE = run(0.9 + 0.1 * NOISE[0], 0.6 + 0.08 * NOISE[1])
CANNOT_CUT: list[dict[str, Any]] = [
    {"min_learning_rate": 10},
    {"min_learning_rate": 1},
    {"min_learning_rate": 0.9},  # it may, and not by half
    {"patience": 2000},
    {"factor": 0.99, "patience": 100},  # 19 cuts at most: 0.83
    {"cooldown": 2000, "factor": 0.9},  # a single one
]


@pytest.mark.parametrize("plateau", CANNOT_CUT, ids=str)
def test_a_plateau_that_can_not_cut_the_rate_is_told_what_a_constant_rate_is(plateau):
    constant = TUTORIAL.replace({RATE: 1.0})
    watched = constant.replace({"schedule": {"kind": "plateau", **plateau}})
    assert of(constant, LARGE).cause == of(watched, LARGE).cause == "too_large"


def test_a_plateau_that_may_still_cut_the_rate_is_waited_for():
    watched = TUTORIAL.replace({RATE: 1.0, "schedule": {"kind": "plateau", "patience": 300}})
    assert of(watched, LARGE).cause != "too_large"


def test_a_plateau_at_its_lowest_rate_will_fall_no_further():
    plateau = {"kind": "plateau", "patience": 5, "min_learning_rate": 0.001}
    made = replace(GOOD, experiment=TUTORIAL.replace({"schedule": plateau}))
    rate = made.columns.index("learning_rate")
    made.records[100:, rate] = np.float32(0.001)
    rates = RunRates(made)
    assert [rates.will_fall(epoch) for epoch in (50, 100, 101, 150, 200)] == [
        *(True, True),
        *(False, False, False),
    ]
    longest = RunRates(replace(made, records=np.repeat(made.records[:1], 2000, axis=0)))
    assert longest.will_fall(1999)
    assert not longest.will_fall(2000)
