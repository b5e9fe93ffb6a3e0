"""Snapshots: a run that goes on from one leaves the records that it would have left anyway."""

from __future__ import annotations

import io

import numpy as np
import pytest

from core.engine.compiled import Session
from core.engine.snapshot import Snapshot
from core.experiment.randomness import initial_weights
from tests.engine.problems import ALL_THREE, MODELS, SMALL, optimizer
from tests.engine.sessions import rows_by_run, trained

EPOCH = 5  # after which the snapshots below are taken
HASTY = {"kind": "plateau", "patience": 2, "min_delta": 1.0, "factor": 0.5}
SGD = SMALL.replace({"optimizer": optimizer("sgd"), "epochs": 10})
RUNS = {
    "plain": SGD,
    "momentum": SGD.replace({"optimizer.momentum": 0.9}),
    "adam": SGD.replace({"optimizer": optimizer("adam")}),
    "nadam, which has a number to each weight": SGD.replace({"optimizer": optimizer("nadam")}),
    "muon, which has two kinds of memory": SGD.replace({"optimizer": optimizer("muon")}),
    "no hidden layer": SGD.replace(MODELS["no hidden layer"]),
    "all three": SGD.replace(ALL_THREE | {"optimizer.momentum": 0.9}),
    "a plateau between two cuts": SGD.replace({"schedule": HASTY}),
    "a change just then": SGD.replace(
        {"changes": [{"epoch": EPOCH + 1, "optimizer.momentum": 0.9, "schedule": HASTY}]}
    ),
    "a rate changed before": SGD.replace(
        {
            "schedule": HASTY,
            "changes": [{"epoch": EPOCH, "optimizer.learning_rate": 0.001}],
        }
    ),
}


def begun(experiment, epochs):
    """A session of one run, so many epochs on its way, and the rows of these."""
    session, rows = Session([experiment]), []
    for _ in range(epochs):
        rows += [chunk.records for chunk in session.advance(1e-9)]  # an epoch
    return session, rows


@pytest.mark.parametrize("name", RUNS)
def test_a_run_goes_on_from_the_bytes_of_a_snapshot_to_the_same_records(name):
    one = RUNS[name]
    (whole,), (outcome,) = trained([one])
    session, rows = begun(one, EPOCH)
    snapshot = Snapshot.from_bytes(session.snapshot(0).to_bytes())
    assert snapshot.epoch == EPOCH
    on = Session([one], snapshots=[snapshot])
    rows += rows_by_run(on, 1)
    np.testing.assert_array_equal(np.concatenate(rows), whole)
    assert on.outcomes == [outcome]


def test_a_snapshot_from_before_the_first_update_is_a_run_that_has_not_begun():
    snapshot = Session([SGD]).snapshot(0)
    assert snapshot.epoch == 0
    for one, other in zip(snapshot.weights, initial_weights(SGD), strict=True):
        np.testing.assert_array_equal(one, other)
    (whole,), _ = trained([SGD])
    (rows,), _ = trained([SGD], snapshots=[snapshot])
    np.testing.assert_array_equal(rows, whole)


def test_a_fork_goes_on_from_its_parents_snapshot():
    """So that what a fork shares with its parent need not be trained again."""
    fork = SGD.replace({"changes": [{"epoch": EPOCH + 1, "optimizer.momentum": 0.9}]})
    (whole,), _ = trained([fork])
    session, _ = begun(SGD, EPOCH)
    (rest,), _ = trained([fork], snapshots=[session.snapshot(0)])
    np.testing.assert_array_equal(rest, whole[EPOCH + 1 :])


def test_a_snapshot_can_be_taken_without_disturbing_the_run():
    session, rows = begun(SGD, EPOCH)
    session.snapshot(0)
    rows += rows_by_run(session, 1)
    (whole,), _ = trained([SGD])
    np.testing.assert_array_equal(np.concatenate(rows), whole)


def test_bytes_keep_every_array_to_the_last_bit():
    session, _ = begun(RUNS["all three"], 2)
    snapshot = session.snapshot(0)
    again = Snapshot.from_bytes(snapshot.to_bytes())
    assert again.epoch == snapshot.epoch
    assert again.arrays.keys() == snapshot.arrays.keys()
    for name, array in snapshot.arrays.items():
        assert again.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(again.arrays[name], array)


@pytest.mark.parametrize("epoch", [10, 11])
def test_a_snapshot_from_the_end_of_a_run_or_behind_it_is_refused(epoch):
    session, _ = begun(SGD.replace({"epochs": 12}), epoch)
    with pytest.raises(
        ValueError, match=rf"Session: snapshots must be .*, got epoch {epoch} of 10"
    ):
        Session([SGD], snapshots=[session.snapshot(0)])


WHOLE = Snapshot(3, {"weight.0": np.ones(9)}).to_bytes()


def as_file(save, *arrays, **named) -> bytes:
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no snapshot",
        WHOLE[:100],
        WHOLE[:-1],
        WHOLE[:200] + b"\0" * 8 + WHOLE[208:],
        as_file(np.save, np.ones(3)),
        as_file(np.savez, loss=np.ones(3)),
        as_file(np.savez, epoch=np.ones(3)),
    ],
    ids=["none", "text", "begun", "cut", "broken", "an array", "no epoch", "three epochs"],
)
def test_bytes_that_hold_no_snapshot_are_refused(packed):
    with pytest.raises(ValueError, match=rf"Snapshot: packed must be .*, got {len(packed)} other"):
        Snapshot.from_bytes(packed)
