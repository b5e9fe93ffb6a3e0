"""Runs side by side in one program, as on a GPU, against the same runs by themselves.

Products of matrices are then products of stacks of matrices, whose sums may round in another order;
so figures agree as two engines do, and not to the bit.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.engine.compiled import Session
from core.engine.snapshot import Snapshot
from core.experiment.experiment import LOSSES
from core.experiment.optimizers import OPTIMIZERS
from core.experiment.records import COLUMNS, Outcome
from tests.engine.agreement import FIGURES
from tests.engine.problems import MODELS, SMALL, is_steady, optimizer
from tests.engine.sessions import rows_by_run, trained
from tests.pairwise import pairwise

BASE = SMALL.replace({"optimizer": optimizer("sgd"), "epochs": 8})
KINDS = {"dense": {}, **MODELS}
MODELS_TRIED = ("dense", "conv, all three", "no hidden layer", "dropout")
# A row is two programs: with `--full` those of every pair, otherwise those of every single value.
ROWS = pairwise(
    row for row in product(OPTIMIZERS, MODELS_TRIED, LOSSES) if is_steady(row[1], row[0])
)


def assert_alike(tables, others):
    for one, other in zip(tables, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=FIGURES)


@pytest.mark.combinations("row", ROWS, strength=1)
def test_two_lanes_are_two_single_runs(row):
    rule, model, loss = row
    one = SMALL.replace({"optimizer": optimizer(rule), "loss": loss, **KINDS[model], "epochs": 3})
    runs = [one, one.replace({"seed": 5, "optimizer.learning_rate": 0.001})]
    side_by_side, outcomes = trained(runs, lanes=2)
    by_themselves, expected = trained(runs, lanes=1)
    assert outcomes == expected
    assert_alike(side_by_side, by_themselves)


def test_lanes_differ_in_data_schedule_length_and_changes():
    values = [
        {"data.noise": 0.5, "data.seed": 9, "epochs": 11},
        {"schedule": {"kind": "plateau", "patience": 1, "min_delta": 1.0, "warmup_epochs": 2}},
        {"changes": [{"epoch": 4, "optimizer.momentum": 0.9}]},
        {"schedule": {"kind": "cosine", "warmup_epochs": 1}, "seed": 3, "epochs": 2},
        {"optimizer.momentum": 0.5, "optimizer.nesterov": True},  # beside a lane to spare
    ]
    runs = [BASE.replace(one) for one in values]
    side_by_side, outcomes = trained(runs, lanes=2)
    by_themselves, expected = trained(runs, lanes=1)
    assert outcomes == expected
    assert_alike(side_by_side, by_themselves)


def test_a_run_that_diverges_leaves_its_neighbour_alone():
    wild = BASE.replace({"optimizer.learning_rate": 10.0, "data.noise": 10.0})
    (broken, calm), outcomes = trained([wild, BASE], lanes=2)
    assert outcomes == [Outcome("diverged", len(broken)), Outcome("finished", BASE.epochs)]
    (alone,), _ = trained([BASE], lanes=2)
    np.testing.assert_array_equal(calm, alone)


def test_a_snapshot_of_a_lane_goes_on_in_any_other():
    runs = [BASE, BASE.replace({"seed": 1})]
    session = Session(runs, lanes=2)
    session.advance(1e-9)  # one epoch
    snapshots = [session.snapshot(run) for run in range(2)]
    assert [snapshot.epoch for snapshot in snapshots] == [1, 1]
    goes_on = rows_by_run(session, 2)
    turned = Session(runs[::-1], snapshots=snapshots[::-1], lanes=2)
    for one, other in zip(goes_on, rows_by_run(turned, 2)[::-1], strict=True):
        np.testing.assert_array_equal(one, other)
    alone = Session(runs, snapshots=snapshots, lanes=1)
    assert_alike(goes_on, rows_by_run(alone, 2))


def test_of_a_run_that_ended_before_its_neighbour_there_is_no_snapshot():
    short, long = BASE.replace({"epochs": 2}), BASE.replace({"epochs": 4})
    wild = long.replace({"optimizer.learning_rate": 10.0, "data.noise": 10.0})
    session = Session([short, long, wild], lanes=3)
    while not session.done:
        session.advance(60)
    for run, ended in ((0, "finished at epoch 2"), (2, "diverged at epoch")):
        with pytest.raises(ValueError, match=f"run that goes on, got run {run}, which {ended}"):
            session.snapshot(run)
    assert session.snapshot(1).epoch == 4


def test_extra_columns_are_measured_in_the_lanes_of_open_runs_alone():
    """The third lane is to spare, and the first has ended after an epoch."""
    runs = [BASE.replace({"epochs": 1}), BASE.replace({"epochs": 3})]
    session = Session(runs, (*COLUMNS, "gradient_norm"), lanes=3)
    (group,) = session.groups
    assert np.isnan(group.extra_rows()).ravel().tolist() == [False, False, True]
    session.advance(1e-9)
    assert np.isnan(group.extra_rows()).ravel().tolist() == [True, False, True]
    alone = rows_by_run(Session(runs[1:], (*COLUMNS, "gradient_norm"), lanes=1), 1)
    rest = rows_by_run(session, 2)[1]
    np.testing.assert_allclose(rest[-1], alone[0][-1], rtol=FIGURES)


def test_runs_that_start_at_different_epochs_do_not_share_a_call():
    session = Session([BASE, BASE], lanes=2)
    session.advance(1e-9)
    later: list[Snapshot | None] = [None, session.snapshot(1)]
    whole, rest = rows_by_run(Session([BASE, BASE], snapshots=later, lanes=2), 2)
    assert whole[:, 0].tolist() == list(range(9))
    assert rest[:, 0].tolist() == list(range(2, 9))
    np.testing.assert_array_equal(whole[2:], rest)
