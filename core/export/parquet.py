"""Records as Parquet: the same table as the CSV, with a type for each column."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from core.experiment.records import COLUMNS, Run, Table

COUNTS = ("epoch", "updates")  # the columns that hold whole numbers


def to_parquet(runs: Sequence[Run], names: Sequence[str], epoch_zero: bool = False) -> bytes:
    """All records: `run` is text, `seed`, `epoch` and `updates` are whole numbers of 64 bits.

    Every other column is a float64; what a run has not measured is null. `names` has one
    for each run; `epoch_zero` puts the row of epoch 0 first where it is known.
    """
    import pyarrow
    from pyarrow import parquet

    columns = list(dict.fromkeys([*COLUMNS, *(name for run in runs for name in run.columns)]))
    tables = [wide(run, columns, epoch_zero) for run in runs]
    counts = [len(table) for table in tables]
    figures = np.concatenate([np.empty((0, len(columns))), *tables])
    data = {
        "run": pyarrow.array(np.repeat(np.array(names, object), counts), pyarrow.string()),
        "seed": np.repeat(np.array([run.experiment.seed for run in runs], np.int64), counts),
    }
    for column, values in zip(columns, figures.T, strict=True):
        kind = pyarrow.int64() if column in COUNTS else pyarrow.float64()
        data[column] = pyarrow.array(values, kind, from_pandas=True)  # NaN becomes null
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(data), out)
    return out.getvalue()


def wide(run: Run, columns: Sequence[str], epoch_zero: bool) -> Table:
    """A run's rows in these columns, (rows, columns); NaN in those that it has not measured."""
    start = [run.start] if epoch_zero and run.start is not None else []
    rows = np.vstack([*start, run.records])
    table = np.full((len(rows), len(columns)), np.nan)
    table[:, [columns.index(column) for column in run.columns]] = rows
    return table
