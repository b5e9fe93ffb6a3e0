"""What training leaves behind: a record an epoch, an outcome a run, and tables of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from core.experiment import Experiment

COLUMNS = ("epoch", "updates", "learning_rate", "loss", "accuracy", "val_loss", "val_accuracy")
Table = npt.NDArray[np.float64]  # (epochs, COLUMNS)
OutcomeKind = Literal["finished", "stopped", "diverged", "interrupted", "failed"]


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    `epoch` is the last complete one; of a diverged run, the first whose loss or validation loss was
    not a finite number, which leaves no record. `why` says what went wrong, if anything did.
    """

    kind: OutcomeKind
    epoch: int
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "epoch": self.epoch, "why": self.why}


@dataclass(frozen=True)
class Run:
    """An experiment that was trained: its records, one row an epoch from 1 on, and its outcome.

    `start` is the row of epoch 0: the figures before the first update, and that update's rate.
    """

    experiment: Experiment
    records: Table
    outcome: Outcome
    columns: tuple[str, ...] = COLUMNS
    start: Table | None = None  # of what was trained before rows of epoch 0 were kept

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """One figure of every epoch, (epochs,)."""
        values: npt.NDArray[np.float64] = self.records[:, self.columns.index(name)]
        return values


def no_records() -> Table:
    return np.empty((0, len(COLUMNS)))


def varying(experiments: Sequence[Experiment]) -> list[str]:
    """The paths in which experiments differ, the seed left out, in canonical order.

    >>> varying([Experiment(), Experiment().replace({"optimizer.momentum": 0.9})])
    ['optimizer.momentum']
    """
    flats = [flat(experiment.to_dict()) for experiment in experiments]
    paths = dict.fromkeys(path for one in flats for path in one)
    differ = [p for p in paths if len({str(one.get(p)) for one in flats}) > 1]
    return [path for path in differ if path != "seed"]


def flat(nested: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested fields as one level of dotted paths."""
    paths: dict[str, Any] = {}
    for name, value in nested.items():
        if isinstance(value, dict):
            paths.update(flat(value, f"{prefix}{name}."))
        else:
            paths[prefix + name] = value
    return paths


def name(experiment: Experiment, paths: Sequence[str]) -> str:
    """What distinguishes a run: "momentum=0.9", or "run" when nothing does."""
    values = flat(experiment.to_dict())
    named = [f"{short(path)}={written(values[path])}" for path in paths if path in values]
    return " ".join(named) or "run"


def short(path: str) -> str:
    """A path's own name; a part's `kind` goes by the part, the data's seed by its whole path.

    >>> short("optimizer.momentum"), short("optimizer.kind"), short("data.seed")
    ('momentum', 'optimizer', 'data.seed')
    """
    part_name, _, field_name = path.rpartition(".")
    if field_name == "seed":  # a run's own seed is meant where nothing else is said
        return path
    return part_name if field_name == "kind" else field_name


def written(value: Any) -> str:
    """A value as part of a name.

    >>> written(0.1), written([64, 32]), written([]), written(True)
    ('0.1', '64-32', 'none', 'true')
    """
    if isinstance(value, list):
        return "-".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def to_csv(runs: Iterable[Run], names: Sequence[str] | None = None) -> str:
    """All records as CSV: run, seed, then `COLUMNS`; numbers in full precision.

    `run` is the run's name of `names`, one a run; left out, it names what varies between them.
    """
    runs = list(runs)
    paths = varying([run.experiment for run in runs])
    labels = names or [name(run.experiment, paths) for run in runs]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("run", "seed", *COLUMNS))
    for label, run in zip(labels, runs, strict=True):
        seed = run.experiment.seed
        for epoch, updates, *figures in run.records.tolist():
            writer.writerow((label, seed, int(epoch), int(updates), *map(repr, figures)))
    return out.getvalue()
