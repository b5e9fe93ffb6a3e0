"""Outcomes as CSV, and records as Parquet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pyarrow
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run, to_csv
from core.export import runs_csv, to_parquet
from tests.analysis.studies.made_up import made_up


def read(data):
    return pq.read_table(io.BytesIO(data))


def test_a_line_a_run_tells_its_outcome_and_why_in_one_line():
    failed = replace(made_up(epochs=3), outcome=Outcome("failed", 3, 'It said:\n "no", twice.'))
    made = [made_up(Experiment(seed=4)), failed]
    header, *lines = csv.reader(io.StringIO(runs_csv(made, ["a", "b"])))
    assert header == ["run", "seed", "outcome", "epoch", "why"]
    assert lines == [
        ["a", "4", "finished", "200", ""],
        ["b", "0", "failed", "3", 'It said: "no", twice.'],
    ]


@given(st.lists(st.floats(allow_nan=False), min_size=7, max_size=7))
def test_parquet_keeps_every_figure_exactly(figures):
    row = [1.0, 16.0, *figures[2:]]
    run = Run(Experiment(seed=7), np.array([row]), Outcome("finished", 1))
    [found] = read(to_parquet([run], ["momentum=0.9"])).to_pylist()
    assert found == {"run": "momentum=0.9", "seed": 7, **dict(zip(COLUMNS, row, strict=True))}


def test_parquet_has_the_columns_of_the_csv_with_a_type_each():
    schema = read(to_parquet([], [])).schema
    assert schema.names == to_csv([]).strip().split(",")
    counted = ("seed", "epoch", "updates")
    assert [schema.field(name).type for name in counted] == [pyarrow.int64()] * 3
    assert schema.field("run").type == pyarrow.string()
    assert {schema.field(name).type for name in COLUMNS[2:]} == {pyarrow.float64()}


def test_parquet_is_null_where_a_run_has_not_measured_and_begins_with_epoch_0_on_request():
    plain = made_up(epochs=1)
    row = [*plain.records[0], 2.5]
    start = np.array([0, 0, 0.01, 1.5, 0.3, 1.6, 0.2, 3.5])
    wide = Run(Experiment(seed=1), np.array([row]), Outcome("finished", 1), (*COLUMNS, "n"), start)
    found = read(to_parquet([plain, wide], ["a", "b"], epoch_zero=True))
    assert found.column("n").to_pylist() == [None, 3.5, 2.5]
    assert found.column("epoch").to_pylist() == [1, 0, 1]
    assert read(to_parquet([plain, wide], ["a", "b"])).column("epoch").to_pylist() == [1, 1]
