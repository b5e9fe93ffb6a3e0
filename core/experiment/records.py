"""What training leaves behind: a record an epoch, an outcome a run, and tables of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, TextIO

import numpy as np
import numpy.typing as npt

from core.experiment import Experiment
from core.experiment.cells import for_spreadsheet
from core.experiment.limits import COLUMNS_MAX, SHOWN_CHARACTERS_MAX

# What every record has; what else was asked for stands behind.
COLUMNS = ("epoch", "updates", "learning_rate", "loss", "accuracy", "val_loss", "val_accuracy")
EPOCH = COLUMNS.index("epoch")
Columns = tuple[str, ...]
Row = npt.NDArray[np.float64]  # (columns,)
Table = npt.NDArray[np.float64]  # (epochs, columns)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # of a column
NUMBER = np.dtype("<f8")
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

    @property
    def is_final(self) -> bool:
        """Whether the run ended by itself, and would end so again.

        >>> Outcome("diverged", 3).is_final, Outcome("stopped", 3).is_final
        (True, False)
        """
        return self.kind in ("finished", "diverged")

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
    columns: Columns = COLUMNS
    start: Row | None = None  # of what was trained before rows of epoch 0 were kept

    @classmethod
    def from_rows(
        cls, experiment: Experiment, rows: Table, outcome: Outcome, columns: Columns = COLUMNS
    ) -> Self:
        """From rows as an engine reports them, the first one that of epoch 0 where there is one.

        >>> run = Run.from_rows(Experiment(), np.zeros((1, 7)), Outcome("diverged", 1))
        >>> run.records.shape, run.start
        ((0, 7), array([0., 0., 0., 0., 0., 0., 0.]))
        """
        begun = len(rows) > 0 and rows[0, EPOCH] == 0
        start = rows[0] if begun else None
        return cls(experiment, rows[1:] if begun else rows, outcome, columns, start)

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """One figure of every epoch, (epochs,)."""
        values: npt.NDArray[np.float64] = self.records[:, self.columns.index(name)]
        return values


def check_columns(columns: Columns) -> None:
    """Raise `ValueError` for what can be no record's columns.

    >>> check_columns(("epoch", "loss"))
    Traceback (most recent call last):
        ...
    ValueError: Records: columns must begin with epoch, updates, learning_rate, loss, accuracy, \
val_loss, val_accuracy, got epoch, loss.
    """
    got = ", ".join(columns)[:SHOWN_CHARACTERS_MAX]
    if columns[: len(COLUMNS)] != COLUMNS:
        raise ValueError(f"Records: columns must begin with {', '.join(COLUMNS)}, got {got}.")
    if len(set(columns)) < len(columns) or not all(map(NAME.fullmatch, columns)):
        raise ValueError(f"Records: columns must be named in plain words, each once, got {got}.")
    if len(columns) > COLUMNS_MAX:
        raise ValueError(f"Records: columns must be at most {COLUMNS_MAX}, got {len(columns)}.")


def no_records(columns: Columns = COLUMNS) -> Table:
    return np.empty((0, len(columns)))


def row_bytes(columns: Columns) -> int:
    """How long one row is as `pack_rows` gives it."""
    return NUMBER.itemsize * len(columns)


def pack_rows(rows: Table | Row) -> bytes:
    """Rows as they travel and as they are stored: float64, little-endian, one after the other."""
    return np.ascontiguousarray(rows, NUMBER).tobytes()


def unpack_rows(packed: bytes, columns: Columns) -> Table:
    """Rows from `pack_rows`, read-only. Raises `ValueError` where they are of other columns."""
    return np.frombuffer(packed, NUMBER).reshape(-1, len(columns))


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
    named = [f"{short(path)}={name_part(values[path])}" for path in paths if path in values]
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


def name_part(value: Any) -> str:
    """A value as part of a name.

    >>> name_part(0.1), name_part([64, 32]), name_part([]), name_part(True)
    ('0.1', '64-32', 'none', 'true')
    >>> name_part([{"epoch": 5}])
    '[{"epoch":5}]'
    """
    if isinstance(value, list):
        if value and isinstance(value[0], dict):  # changes
            return json.dumps(value, separators=(",", ":"))
        return "-".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def number_text(figure: float) -> str:
    """A figure in full precision; empty where there is none."""
    return "" if figure != figure else repr(figure)


def to_csv(
    runs: Iterable[Run], names: Sequence[str] | None = None, epoch_zero: bool = False
) -> str:
    """All records as CSV: run, seed, then every column; numbers in full precision.

    `run` is the run's name of `names`, one a run; left out, it names what varies between them. A
    column that a run does not have is empty there. With `epoch_zero` each run's start comes first.
    """
    runs = list(runs)
    paths = varying([run.experiment for run in runs])
    labels = names or [name(run.experiment, paths) for run in runs]
    more = dict.fromkeys(name for run in runs for name in run.columns if name not in COLUMNS)
    out = io.StringIO()
    write_csv(out, zip(labels, runs, strict=True), tuple(more), epoch_zero)
    return out.getvalue()


def write_csv(
    out: TextIO, named: Iterable[tuple[str, Run]], more: Columns, epoch_zero: bool = False
) -> None:
    """The same, a run after the other, each with its name; `more` are the columns of all."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("run", "seed", *COLUMNS, *more))
    for name, run in named:
        label = for_spreadsheet(name)
        start = [] if run.start is None or not epoch_zero else [run.start.tolist()]
        places = [run.columns.index(name) if name in run.columns else None for name in more]
        for row in [*start, *run.records.tolist()]:
            epoch, updates, *figures = row[: len(COLUMNS)]
            others = ["" if place is None else number_text(row[place]) for place in places]
            counts = int(epoch), int(updates)
            writer.writerow((label, run.experiment.seed, *counts, *map(repr, figures), *others))
