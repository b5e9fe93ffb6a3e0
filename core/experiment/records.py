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
COUNTS = ("epoch", "updates")  # the columns that hold whole numbers
Table = npt.NDArray[np.float64]  # (epochs, columns)
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
    """An experiment that was trained: its records, one row an epoch, and its outcome.

    `start`, (columns,), is the row of epoch 0, before the first update; None where it is not known.
    """

    experiment: Experiment
    records: Table
    outcome: Outcome
    columns: tuple[str, ...] = COLUMNS
    start: Table | None = None

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """One figure of every epoch, (epochs,)."""
        values: npt.NDArray[np.float64] = self.records[:, self.columns.index(name)]
        return values

    def rows(self, epoch_zero: bool = False) -> Table:
        """The records, headed on request by the row of epoch 0 where that is known."""
        if not epoch_zero or self.start is None:
            return self.records
        return np.vstack([self.start, self.records])


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


def all_columns(runs: Iterable[Run]) -> tuple[str, ...]:
    """The columns of runs that need not all have the same: `COLUMNS`, then every other."""
    return tuple(dict.fromkeys([*COLUMNS, *(column for run in runs for column in run.columns)]))


def to_csv(
    runs: Iterable[Run], names: Sequence[str] | None = None, epoch_zero: bool = False
) -> str:
    """All records as CSV: run, seed, then the columns; numbers in full precision.

    `run` is the run's name of `names`, one a run; left out, it names what varies between them. What
    a run has not measured stays empty.
    """
    runs = list(runs)
    columns = all_columns(runs)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("run", "seed", *columns))
    paths = varying([run.experiment for run in runs])
    labels = names or [name(run.experiment, paths) for run in runs]
    for label, run in zip(labels, runs, strict=True):
        known = dict(zip(run.columns, run.rows(epoch_zero).T.tolist(), strict=True))
        count = len(known["epoch"])
        texts = [figures_as_text(column, known.get(column, [None] * count)) for column in columns]
        writer.writerows(zip([label] * count, [run.experiment.seed] * count, *texts, strict=True))
    return out.getvalue()


def figures_as_text(column: str, values: Iterable[float | None]) -> list[str]:
    """Figures as they stand in a file: counts as whole numbers, what is unknown as nothing.

    >>> figures_as_text("epoch", [7.0]), figures_as_text("loss", [0.25, None])
    (['7'], ['0.25', ''])
    """
    write = (lambda value: str(int(value))) if column in COUNTS else repr
    return ["" if value is None or value != value else write(value) for value in values]
