"""What can be taken home: experiments, outcomes, points, rates, records, and a Keras program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from core.analysis.studies import Study, rates
from core.experiment import Experiment
from core.experiment.records import Run
from core.export.keras_script import keras_script
from core.export.parquet import to_parquet
from core.export.run_json import run_json

__all__ = [
    "experiments_json",
    "keras_script",
    "points_csv",
    "rates_csv",
    "run_json",
    "runs_csv",
    "to_parquet",
]


def experiments_json(experiments: Iterable[Experiment]) -> str:
    """A JSON list, an experiment a line.

    >>> print(experiments_json([Experiment()])[:33])
    [
    {"data":{"kind":"blobs","sample
    """
    return "[\n" + ",\n".join(experiment.to_json() for experiment in experiments) + "\n]\n"


def runs_csv(runs: Iterable[Run], names: Sequence[str]) -> str:
    """How each run ended: run, seed, outcome, epoch, why; a line a run, `why` mostly empty."""
    rows = [
        (name, run.experiment.seed, run.outcome.kind, run.outcome.epoch, one_line(run.outcome.why))
        for name, run in zip(names, runs, strict=True)
    ]
    return table(("run", "seed", "outcome", "epoch", "why"), rows)


def one_line(text: str) -> str:
    return " ".join(text.split())


def rates_csv(study: Study) -> str:
    """The rates of a study on paper: run, update (counted from 0), learning_rate."""
    rows = [
        (cell.label, update, repr(float(rate)))
        for cell in study.cells
        for update, rate in enumerate(rates(cell.experiment))
    ]
    return table(("run", "update", "learning_rate"), rows)


def points_csv(study: Study) -> str:
    """The points of a study's data: part (train or test), class, then x1, x2, …"""
    split = study.cells[0].experiment.data.load()
    parts = (("train", split.x_train, split.y_train), ("test", split.x_test, split.y_test))
    rows = [
        (part, int(label), *map(repr, map(float, point)))
        for part, x, y in parts
        for point, label in zip(x, y, strict=True)
    ]
    features = [f"x{n + 1}" for n in range(split.x_train.shape[1])]
    return table(("part", "class", *features), rows)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
