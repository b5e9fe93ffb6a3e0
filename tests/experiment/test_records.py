"""Records as columns and as CSV, and the names of what varies."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.data import Moons
from core.experiment.limits import COLUMNS_MAX
from core.experiment.optimizers import Adam
from core.experiment.records import (
    COLUMNS,
    Outcome,
    Run,
    check_columns,
    name,
    no_records,
    to_csv,
    varying,
)
from tests.experiment.strategies import experiments

HEADER = "run,seed,epoch,updates,learning_rate,loss,accuracy,val_loss,val_accuracy"
FIGURES = st.lists(st.floats(allow_nan=False, width=64), min_size=5, max_size=5)


def run(experiment, figures):
    rows = [[epoch, 16 * epoch, *row] for epoch, row in enumerate(figures, start=1)]
    records = np.array(rows).reshape(-1, len(COLUMNS)) if rows else no_records()
    return Run(experiment, records, Outcome("finished", len(rows)))


def one_record(experiment):
    return run(experiment, [[0.01, 1.0, 0.5, 1.1, 0.4]])


@given(st.lists(FIGURES, max_size=5), experiments())
def test_csv_keeps_every_figure_exactly(figures, experiment):
    made = run(experiment, figures)
    header, *rows = csv.reader(io.StringIO(to_csv([made])))
    assert header == HEADER.split(",")
    assert [row[:4] for row in rows] == [
        ["run", str(experiment.seed), str(epoch), str(16 * epoch)]
        for epoch in range(1, len(figures) + 1)
    ]
    assert [[float(text) for text in row[4:]] for row in rows] == figures


def test_csv_of_nothing_is_its_header():
    assert to_csv([]) == HEADER + "\n"


def test_csv_names_what_varies_and_keeps_the_order():
    runs = [
        one_record(Experiment(seed=seed).replace({"optimizer.momentum": momentum}))
        for momentum in (0.9, 0.0)
        for seed in (1, 0)
    ]
    assert [line.split(",")[:3] for line in to_csv(runs).splitlines()[1:]] == [
        ["momentum=0.9", "1", "1"],
        ["momentum=0.9", "0", "1"],
        ["momentum=0.0", "1", "1"],
        ["momentum=0.0", "0", "1"],
    ]


def test_csv_writes_figures_as_short_as_they_can_be_read_back():
    assert to_csv([one_record(Experiment())]).splitlines()[1] == "run,0,1,16,0.01,1.0,0.5,1.1,0.4"


def test_csv_has_the_row_of_epoch_0_first_where_it_is_asked_for():
    row = np.array([0, 0, 0.01, 1.5, 0.25, 1.75, 0.125])
    begun, older = replace(one_record(Experiment()), start=row), one_record(Experiment(seed=1))
    plain = to_csv([begun, older]).splitlines()
    zero = "run,0,0,0,0.01,1.5,0.25,1.75,0.125"
    assert to_csv([begun, older], epoch_zero=True).splitlines() == [HEADER, zero, *plain[1:]]


def test_csv_has_further_columns_behind_and_empty_where_a_run_has_none():
    wide = Run(
        Experiment(),
        np.arange(1.0, 9.0)[None],
        Outcome("finished", 1),
        (*COLUMNS, "gradient_norm"),
    )
    lines = to_csv([one_record(Experiment(seed=1)), wide]).splitlines()
    assert lines[0] == HEADER + ",gradient_norm"
    assert lines[1] == "run,1,1,16,0.01,1.0,0.5,1.1,0.4,"
    assert lines[2] == "run,0,1,2,3.0,4.0,5.0,6.0,7.0,8.0"


@pytest.mark.parametrize(
    "columns",
    [
        COLUMNS[1:],
        (*COLUMNS, "loss"),
        (*COLUMNS, "=1+1"),
        (*COLUMNS, "x" * 41),
        (*COLUMNS, *(f"x{n}" for n in range(COLUMNS_MAX))),
    ],
)
def test_columns_that_cannot_be_are_refused_in_a_sentence(columns):
    with pytest.raises(ValueError, match=r"^Records: columns must .*, got .*\.$"):
        check_columns(columns)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([{}], ["run"]),
        ([{}, {}], ["run", "run"]),
        ([{"seed": 1}, {"seed": 2}], ["run", "run"]),
        (
            [{"optimizer.learning_rate": 1.0}, {"optimizer.learning_rate": 1e-7}],
            ["learning_rate=1.0", "learning_rate=1e-07"],
        ),
        (
            [{"model.hidden": [50]}, {"model.hidden": [64, 32]}, {"model.hidden": []}],
            ["hidden=50", "hidden=64-32", "hidden=none"],
        ),
        ([{"data.seed": 1}, {"data.seed": 2}], ["data.seed=1", "data.seed=2"]),
        (
            [{"epochs": 5, "batch_size": 8}, {"epochs": 6}],
            ["epochs=5 batch_size=8", "epochs=6 batch_size=32"],
        ),
        (
            [{"schedule.kind": "step"}, {"schedule.kind": "time_decay"}],
            ["schedule=step factor=0.5 every_epochs=50", "schedule=time_decay decay=0.001"],
        ),
    ],
)
def test_a_run_is_named_by_what_varies(changes, names):
    made = [Experiment().replace(change) for change in changes]
    paths = varying(made)
    assert [name(experiment, paths) for experiment in made] == names


@given(st.lists(experiments(), min_size=2, max_size=4, unique=True))
def test_runs_that_differ_in_more_than_the_seed_have_different_names(made):
    paths = varying(made)
    apart = {experiment.replace({"seed": 0}) for experiment in made}
    assert len({name(experiment, paths) for experiment in made}) == len(apart)


def test_columns_are_read_by_name():
    made = run(Experiment(Moons(), optimizer=Adam()), [[0.1, 1, 2, 3, 4], [0.2, 5, 6, 7, 8]])
    assert {column: made.column(column).tolist() for column in COLUMNS} == {
        "epoch": [1, 2],
        "updates": [16, 32],
        "learning_rate": [0.1, 0.2],
        "loss": [1, 5],
        "accuracy": [2, 6],
        "val_loss": [3, 7],
        "val_accuracy": [4, 8],
    }


def test_an_outcome_is_plain_data():
    assert Outcome("diverged", 3).to_dict() == {"kind": "diverged", "epoch": 3, "why": ""}
