"""Sessions: what runs that are trained together do to each other, which is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.compiled import Session, program_of, warm
from core.engine.grouping import program_key
from core.engine.program import lanes_of_programs
from core.experiment import Experiment
from core.experiment.randomness import batch_order, initial_weights
from core.experiment.records import COLUMNS, Outcome
from tests.engine.problems import ALL_THREE, SMALL
from tests.engine.sessions import trained

BASE = SMALL.replace({"epochs": 12})
RATE, LOSS = COLUMNS.index("learning_rate"), COLUMNS.index("loss")
WILD = BASE.replace({"optimizer.learning_rate": 10.0, "data.noise": 10.0})
PLATEAU = {"kind": "plateau", "patience": 1, "min_delta": 0.2, "warmup_epochs": 2}
MIXED = [
    BASE.replace(values)
    for values in (
        {},
        {"optimizer.learning_rate": 0.3, "seed": 7},
        {"optimizer.learning_rate": 10.0, "data.noise": 10.0},
        {"data.noise": 0.5, "data.seed": 9, "epochs": 20},
        {"optimizer.momentum": 0.9, "optimizer.nesterov": True, "epochs": 1},
        {"schedule": PLATEAU},
        {"schedule": {"kind": "cosine"}, "seed": 3},
        {"optimizer.learning_rate": 1e-7},
        {"schedule": {"kind": "time_decay", "decay": 0.5, "warmup_epochs": 3}},
        {"changes": [{"epoch": 4, "optimizer.momentum": 0.9}, {"epoch": 7, "schedule": PLATEAU}]},
        {"changes": [{"epoch": 1, "optimizer.learning_rate": 0.5}, {"epoch": 9, "epochs": 30}]},
    )
]


def test_runs_trained_together_are_the_same_runs_trained_alone():
    together, outcomes = trained(MIXED)
    for run, experiment in enumerate(MIXED):
        (alone,), (outcome,) = trained([experiment])
        np.testing.assert_array_equal(together[run], alone)
        assert outcomes[run] == outcome


def test_the_place_of_a_run_among_others_does_not_matter():
    forwards, _ = trained(MIXED)
    backwards, _ = trained(MIXED[::-1])
    for one, other in zip(forwards, reversed(backwards), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_length_of_a_call_does_not_matter():
    short, _ = trained(MIXED, seconds=1e-9)  # an epoch a call
    long, _ = trained(MIXED, seconds=60)
    for one, other in zip(short, long, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_same_experiment_twice_gives_the_same_records():
    (one, other), _ = trained([BASE, BASE])
    np.testing.assert_array_equal(one, other)


def test_a_run_that_diverges_keeps_its_finite_epochs_and_leaves_its_neighbours_alone():
    (calm, broken, calm_too), outcomes = trained([BASE, WILD, BASE])
    assert outcomes[1] == Outcome("diverged", len(broken))  # the rows of epoch 0 and those before
    assert 1 <= len(broken) <= BASE.epochs
    assert np.isfinite(broken).all()
    (alone,), _ = trained([BASE])
    np.testing.assert_array_equal(calm, alone)
    np.testing.assert_array_equal(calm_too, alone)
    assert outcomes[0] == outcomes[2] == Outcome("finished", BASE.epochs)


def test_runs_of_different_lengths_end_on_their_own_epochs():
    runs = [BASE.replace({"epochs": epochs}) for epochs in (1, 30, 7)]
    runs += [BASE.replace({"changes": [{"epoch": 5, "epochs": 15}]})]
    tables, outcomes = trained(runs)
    assert [len(table) - 1 for table in tables] == [1, 30, 7, 15]
    assert outcomes == [Outcome("finished", epochs) for epochs in (1, 30, 7, 15)]


def test_a_run_longer_than_a_call_goes_on_where_the_call_ended():
    """300 epochs of four updates are more than the 256 of one call."""
    long = BASE.replace({"epochs": 300, "optimizer.learning_rate": 0.001})
    (whole,), _ = trained([long], seconds=60)
    (begun,), _ = trained([long.replace({"epochs": 256})], seconds=60)
    assert whole[:, 0].tolist() == list(range(301))
    np.testing.assert_array_equal(whole[:257], begun)
    assert (np.diff(whole[250:264, LOSS]) != 0).all()


def test_records_count_epochs_and_updates():
    (table,), _ = trained([BASE])
    assert table[:, 0].tolist() == list(range(13))
    assert table[:, 1].tolist() == list(range(0, 49, 4))  # 50 rows: batches of 16, 16, 16 and 2


def test_recorded_rates_are_those_of_each_epochs_last_update():
    one = BASE.replace({"schedule": {"kind": "time_decay", "decay": 0.1, "warmup_epochs": 2}})
    (table,), _ = trained([one])
    updates = 4 * np.arange(1, 13) - 1
    rates = np.where(updates < 8, 0.01 * (updates + 1) / 8, 0.01 / (1 + 0.1 * (updates - 8)))
    np.testing.assert_allclose(table[1:, RATE], rates, 1e-7)


def test_a_last_batch_that_is_smaller_is_trained_on_and_counted_with_its_own_size():
    one = BASE.replace({"model.hidden": [], "epochs": 3, "optimizer.learning_rate": 0.001})
    (table,), _ = trained([one])
    np.testing.assert_allclose(table[1:, LOSS], softmax_regression(one), 1e-5)


def softmax_regression(one: Experiment) -> list[float]:
    """Training losses of plain SGD without a hidden layer, in double precision."""
    split = one.data.load()
    kernel, bias = initial_weights(one)
    weights = np.vstack([kernel, bias]).astype(np.float64)
    inputs = np.hstack([split.x_train, np.ones((50, 1))])
    losses = []
    for order in batch_order(50, range(one.epochs), one.seed):
        total = 0.0
        for rows in (order[:16], order[16:32], order[32:48], order[48:]):
            x, y = inputs[rows], np.eye(3)[split.y_train[rows]]
            odds = np.exp(x @ weights)
            p = odds / odds.sum(1, keepdims=True)
            total -= (y * np.log(p)).sum()
            weights -= one.optimizer.learning_rate * x.T @ (p - y) / len(rows)
        losses.append(total / 50)
    return losses


def test_no_rate_momentum_schedule_length_or_change_traces_a_program_again():
    compiled = program_of(BASE, lanes_of_programs())
    warm(BASE)
    assert compiled.traces == 1
    trained(MIXED)
    assert {program_key(one) for one in MIXED} == {program_key(BASE)}
    assert compiled.traces == 1


def test_no_dropout_or_penalty_traces_a_program_again():
    one = BASE.replace(ALL_THREE)
    compiled = program_of(one, lanes_of_programs())
    others = [
        one.replace({"model.dropout": 0.5, "seed": 4}),
        one.replace({"model.l2": 0.1, "optimizer.learning_rate": 0.3, "epochs": 3}),
    ]
    tables, _ = trained([one, *others])
    assert {program_key(other) for other in others} == {program_key(one)}
    assert compiled.traces == 1
    assert len({table[1, LOSS] for table in tables}) == 3


def test_where_no_weight_decays_no_program_can_and_where_one_does_later_it_could_from_the_start():
    later = BASE.replace({"changes": [{"epoch": 5, "optimizer.weight_decay": 0.1}]})
    keys = [program_key(one) for one in (BASE, later)]
    assert [key.decays for key in keys] == [False, True]
    assert keys[1] == program_key(BASE.replace({"optimizer.weight_decay": 0.3}))


def test_a_session_refuses_runs_that_share_no_program():
    with pytest.raises(ValueError, match=r"Session: experiments must share one program, got 2\."):
        Session([BASE, BASE.replace({"model.hidden": [9]})])
