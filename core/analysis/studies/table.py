"""A study as a table: what each cell came to over the seeds, every figure with its interval."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from core.analysis.statistics import (
    FEW,
    Estimate,
    Share,
    best,
    epochs_to_target,
    estimate,
    has_ended,
    mean_of_finals,
    rises,
    rounding_of,
    swing,
    wilson,
)
from core.analysis.studies.study import Cell, Study
from core.experiment.records import OutcomeKind, Run

OUTCOMES: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
SPREAD = ("deviation", "min", "max", "n")
ESTIMATES = ("final", "best", "epochs_to_80", "rises", "swing")


@dataclass(frozen=True)
class Row:
    """One cell over its seeds.

    `final` and `best` are test accuracies, `final` over the runs that finished, all others over
    those that finished or diverged: what was cut short may have had more to show. `epochs_to_80`
    is over those of them that got there, whose share is `reached`. `rises` is the share of epochs
    in which the training loss rose, `swing` the mean change of the test accuracy from one epoch to
    the next.
    """

    cell: Cell
    runs: int
    final: Estimate
    best: Estimate
    epochs_to_80: Estimate
    reached: Share
    rises: Estimate
    swing: Estimate
    outcomes: dict[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether every run came to its end; else its mean is that of the survivors."""
        return self.final.count == self.runs


def table(study: Study, runs: Sequence[Run]) -> list[Row]:
    """A row a cell, of the runs of `study.experiments(…)` in their order."""
    groups = zip(study.cells, study.by_cell(runs), strict=True)
    return [row(cell, ours) for cell, ours in groups]


def row(cell: Cell, runs: Sequence[Run]) -> Row:
    """What the runs of one cell came to."""
    ended = [run for run in runs if has_ended(run)]
    reached = [epochs_to_target(run) for run in ended]
    return Row(
        cell=cell,
        runs=len(runs),
        final=mean_of_finals(runs),
        best=estimate(map(best, ended), rounding_of(cell.experiment, "val_accuracy")),
        epochs_to_80=estimate(reached),
        reached=wilson(sum(epoch is not None for epoch in reached), len(ended)),
        rises=estimate(map(rises, ended)),
        swing=estimate(map(swing, ended)),
        outcomes=dict(Counter(run.outcome.kind for run in runs)),
    )


ENDS = ("", "_low", "_high")
HEADER = (
    "run",
    "runs",
    *(name + end for name in (*ESTIMATES, "reached") for end in ENDS),
    *(kind + part for kind in OUTCOMES for part in ("", *(f"_share{end}" for end in ENDS))),
    *(f"{name}_{of}" for name in ESTIMATES for of in SPREAD),
)


def table_csv(rows: Iterable[Row]) -> str:
    """The table as CSV: of every figure its mean and the ends of its interval, empty if unknown.

    Of each outcome how many runs had it, then the share of those with the ends of its interval; at
    the end, of every figure the spread of the values behind it and how many they are.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for one in rows:
        known = ("" if number != number else repr(number) for number in numbers(one))
        writer.writerow((one.cell.label, one.runs, *known))
    return out.getvalue()


def table_fields(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The same by the names of the columns, for JSON; what is unknown is NaN."""
    return [
        dict(zip(HEADER, (one.cell.label, one.runs, *numbers(one)), strict=True)) for one in rows
    ]


def numbers(of: Row) -> list[float]:
    """The figures of a row, in the order of the columns behind its name and its runs."""
    figures = [n for name in ESTIMATES for n in bounds(getattr(of, name))]
    figures += [of.reached.share, of.reached.low, of.reached.high]
    for kind in OUTCOMES:
        count = of.outcomes.get(kind, 0)
        share = wilson(count, of.runs)
        figures += [count, share.share, share.low, share.high]
    return figures + [n for name in ESTIMATES for n in spread_of(getattr(of, name))]


def bounds(of: Estimate) -> tuple[float, float, float]:
    """A mean and the ends of its interval; of two values there is none, they say more themselves.

    Student's t of one degree of freedom is 12.7: it would reach far beyond what is possible.
    """
    ends = (of.low, of.high) if of.count > FEW else (math.nan, math.nan)
    return of.mean, *ends


def spread_of(of: Estimate) -> tuple[float, float, float, int]:
    return of.deviation, of.least, of.most, of.count
