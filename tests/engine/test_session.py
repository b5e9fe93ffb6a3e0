"""Sessions: what runs that are trained together do to each other, which is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.compiled import Session, warm
from core.engine.grouping import program_key
from core.engine.program import lanes_of_programs, program
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome

BASE = Experiment.from_dict(
    {"data": {"samples": 100}, "model": {"hidden": [8]}, "batch_size": 16, "epochs": 12}
)
RATE, LOSS = COLUMNS.index("learning_rate"), COLUMNS.index("loss")


def trained(experiments, seconds=0.05, drive=None, lanes=None):
    """Records and outcomes by run; `drive` is called with the session before each advance."""
    session = Session(experiments, lanes=lanes)
    tables = [[np.empty((0, len(COLUMNS)))] for _ in experiments]
    while not session.done:
        if drive:
            drive(session)
        for chunk in session.advance(seconds):
            tables[chunk.run].append(chunk.records)
    return [np.concatenate(parts) for parts in tables], session.outcomes


MIXED = [
    BASE.replace(changes)
    for changes in (
        {},
        {"optimizer.learning_rate": 0.3, "seed": 7},
        {"optimizer.learning_rate": 10.0, "optimizer.momentum": 0.99},
        {"data.noise": 0.5, "data.seed": 9, "epochs": 20},
        {"optimizer.momentum": 0.9, "optimizer.nesterov": True, "epochs": 1},
        {"schedule": {"kind": "plateau", "patience": 1, "min_delta": 0.2, "warmup_epochs": 2}},
        {"schedule": {"kind": "cosine"}, "seed": 3, "data.kind": "blobs"},
        {"optimizer.learning_rate": 1e-7},
        {"schedule": {"kind": "time_decay", "decay": 0.5, "warmup_epochs": 3}},
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


def test_many_lanes_as_on_a_gpu_train_the_same_runs_to_rounding():
    calm = [one for one in MIXED if one.optimizer.learning_rate < 0.1]
    side_by_side, outcomes = trained(calm, lanes=4)  # two programs' calls, a lane to spare
    by_themselves, expected = trained(calm, lanes=1)
    assert outcomes == expected
    for one, other in zip(side_by_side, by_themselves, strict=True):
        np.testing.assert_allclose(one, other, 1e-4)


def test_in_many_lanes_a_run_that_diverges_leaves_its_neighbours_alone():
    wild = BASE.replace({"optimizer.learning_rate": 10.0, "optimizer.momentum": 0.9})
    (calm, broken, calm_too), outcomes = trained([BASE, wild, BASE], lanes=4)
    assert outcomes[1] == Outcome("diverged", len(broken) + 1)
    (alone, *_), _ = trained([BASE], lanes=4)
    np.testing.assert_array_equal(calm, alone)
    np.testing.assert_array_equal(calm_too, alone)


def test_the_length_of_a_call_does_not_matter():
    short, _ = trained(MIXED, seconds=1e-9)  # an epoch a call
    long, _ = trained(MIXED, seconds=60)
    for one, other in zip(short, long, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_same_experiment_twice_gives_the_same_records():
    (one, other), _ = trained([BASE, BASE])
    np.testing.assert_array_equal(one, other)


def test_a_run_that_diverges_keeps_its_finite_epochs_and_leaves_its_neighbours_alone():
    wild = BASE.replace({"optimizer.learning_rate": 10.0, "optimizer.momentum": 0.9})
    (calm, broken, calm_too), outcomes = trained([BASE, wild, BASE])
    assert outcomes[1] is not None
    assert outcomes[1] == Outcome("diverged", len(broken) + 1)
    assert 1 <= outcomes[1].epoch <= BASE.epochs
    assert np.isfinite(broken).all()
    (alone,), _ = trained([BASE])
    np.testing.assert_array_equal(calm, alone)
    np.testing.assert_array_equal(calm_too, alone)
    assert outcomes[0] == outcomes[2] == Outcome("finished", BASE.epochs)


def test_runs_of_different_lengths_end_on_their_own_epochs():
    runs = [BASE.replace({"epochs": epochs}) for epochs in (1, 30, 7)]
    tables, outcomes = trained(runs)
    assert [len(table) for table in tables] == [1, 30, 7]
    assert outcomes == [Outcome("finished", 1), Outcome("finished", 30), Outcome("finished", 7)]


def test_records_count_epochs_and_updates():
    (table,), _ = trained([BASE])
    assert table[:, 0].tolist() == list(range(1, 13))
    assert table[:, 1].tolist() == list(range(4, 49, 4))  # 50 rows: batches of 16, 16, 16 and 2


def test_recorded_rates_are_those_of_each_epochs_last_update():
    one = BASE.replace({"schedule": {"kind": "time_decay", "decay": 0.1, "warmup_epochs": 2}})
    (table,), _ = trained([one])
    updates = 4 * np.arange(1, 13) - 1
    rates = np.where(updates < 8, 0.01 * (updates + 1) / 8, 0.01 / (1 + 0.1 * (updates - 8)))
    np.testing.assert_allclose(table[:, RATE], rates, 1e-7)


def test_a_last_batch_that_is_smaller_is_trained_on_and_counted_with_its_own_size():
    one = BASE.replace({"model.hidden": [], "epochs": 3, "optimizer.learning_rate": 0.001})
    (table,), _ = trained([one])
    np.testing.assert_allclose(table[:, LOSS], softmax_regression(one), 1e-5)


def softmax_regression(one: Experiment) -> list[float]:
    """Training losses of plain SGD without a hidden layer, in double precision."""
    from core.experiment.randomness import batch_order, initial_weights

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


def test_a_rate_set_by_hand_holds_from_the_next_update_on():
    def drive(session):
        if drive.calls == 5:
            session.set_learning_rate(0, 0.125)
        drive.calls += 1

    drive.calls = 0
    (driven, other), _ = trained([BASE, BASE], seconds=1e-9, drive=drive)
    before = int(np.flatnonzero(driven[:, RATE] == 0.125)[0])
    assert 1 <= before < 6
    assert (driven[before:, RATE] == 0.125).all()
    np.testing.assert_array_equal(driven[:before], other[:before])
    assert (driven[before:, LOSS] != other[before:, LOSS]).all()
    (alone,), _ = trained([BASE])
    np.testing.assert_array_equal(other, alone)


def test_a_rate_set_by_hand_ends_a_plateaus_cuts():
    plateau = {"kind": "plateau", "patience": 1, "min_delta": 1.0}
    one = BASE.replace({"schedule": plateau})
    (table,), _ = trained([one], drive=lambda session: session.set_learning_rate(0, 0.0625))
    assert set(table[:, RATE]) == {0.0625}


def test_new_numbers_and_lengths_never_trace_a_program_again():
    key = program_key(BASE)
    compiled = program(key, lanes_of_programs())
    warm(BASE)
    traces = compiled.traces
    assert traces >= 1
    trained(MIXED)
    assert {program_key(one) for one in MIXED} == {key}
    assert compiled.traces == traces


def test_a_session_refuses_runs_that_share_no_program():
    with pytest.raises(ValueError, match=r"Session: experiments must share one program, got 2\."):
        Session([BASE, BASE.replace({"model.hidden": [9]})])
