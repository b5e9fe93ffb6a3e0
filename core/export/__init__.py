"""What can be taken home: experiments, outcomes, points, rates, records, and a Keras program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from core.analysis.studies import Study, rates
from core.experiment import Experiment
from core.experiment.data import Split
from core.experiment.records import Run
from core.experiment.schedules import Rates
from core.export.keras_script import keras_script
from core.export.parquet import to_parquet
from core.export.run_json import run_json
from core.export.tables import table
from core.export.verdicts import verdicts_csv, verdicts_json

__all__ = [
    "experiments_json",
    "keras_script",
    "points",
    "points_csv",
    "points_table",
    "rates_csv",
    "rates_table",
    "run_json",
    "runs_csv",
    "table",
    "to_parquet",
    "verdicts_csv",
    "verdicts_json",
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
    return rates_table((cell.label, rates(cell.experiment)) for cell in study.cells)


def rates_table(named: Iterable[tuple[str, Rates]]) -> str:
    rows = [
        (run, update, repr(rate))
        for run, values in named
        for update, rate in enumerate(map(float, values))
    ]
    return table(("run", "update", "learning_rate"), rows)


def points_csv(study: Study) -> str:
    """The points of a study's data: part (train or test), class, then x1, x2, …"""
    return points_table(study.cells[0].experiment.data.load())


def points_table(split: Split) -> str:
    named = points(split)
    rows = zip(*named.values(), strict=True)
    return table(tuple(named), ((part, label, *map(repr, xs)) for part, label, *xs in rows))


def points(split: Split) -> dict[str, list[Any]]:
    """The same by column."""
    x = np.concatenate([split.x_train, split.x_test])
    return {
        "part": ["train"] * len(split.x_train) + ["test"] * len(split.x_test),
        "class": [*map(int, split.y_train), *map(int, split.y_test)],
        **{f"x{n + 1}": list(map(float, column)) for n, column in enumerate(x.T)},
    }
