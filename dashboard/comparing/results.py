"""What the pins came to, as a table: means over seeds with their intervals; pure functions."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from core.analysis.statistics import Estimate, estimate, final, mean_of_finals
from core.analysis.studies.table import OUTCOMES, Row, bounds, row
from core.experiment.records import Run
from dashboard import numbers
from dashboard.comparing.comparison import COLUMNS
from dashboard.comparing.plan import Plan
from dashboard.literal import for_spreadsheet
from dashboard.tables.sortable import Column, Entry, Line
from dashboard.text import Words

FIGURES = COLUMNS[:-1]  # all that are estimated


def epoch(value: float) -> str:
    return f"{value:.0f}"


WRITTEN: dict[str, Callable[[float], str]] = {
    "final": numbers.percent,
    "best": numbers.percent,
    "epochs_to_80": epoch,
    "loss": numbers.figure,
    "val_loss": numbers.figure,
}


class Result(NamedTuple):
    """One line over its seeds: what a study's table has, and the losses at the end."""

    name: str
    row: Row
    loss: Estimate
    val_loss: Estimate

    def estimates(self) -> dict[str, Estimate]:
        return {
            "final": self.row.final,
            "best": self.row.best,
            "epochs_to_80": self.row.epochs_to_80,
            "loss": self.loss,
            "val_loss": self.val_loss,
        }


def results(plan: Plan, names: Sequence[str], runs: Sequence[Run]) -> list[Result]:
    """What each line has come to, of the runs of the plan's job."""
    return [
        Result(
            name,
            replace(row(line.cell, line.of(runs)), final=mean_of_finals(line.of(runs))),
            estimate(final(run, "loss") for run in line.of(runs)),
            estimate(final(run, "val_loss") for run in line.of(runs)),
        )
        for line, name in zip(plan.lines, names, strict=True)
    ]


def columns(words: Words) -> list[Column]:
    """The headings of the table; accuracies start with the highest."""
    return [
        Column("pin", words("compare.column_pin")),
        *(
            Column(
                name,
                words(f"compare.column_{name}"),
                words(f"compare.column_{name}_help"),
                falls=name in ("final", "best"),
            )
            for name in COLUMNS
        ),
    ]


def lines(results: Sequence[Result], words: Words) -> list[Line]:
    """The table's lines: a mean, and where several seeds bound it, half its interval."""
    return [
        Line(
            (
                Entry(one.name, number),
                *(
                    entry(of, of.within(*possible(name, one.row)), WRITTEN[name], words)
                    for name, of in one.estimates().items()
                ),
                ended(one.row, words),
            )
        )
        for number, one in enumerate(results)
    ]


def possible(name: str, row: Row) -> tuple[float, float]:
    """The least and the most that a figure can be."""
    if name == "epochs_to_80":
        return 1.0, float(row.cell.experiment.length)
    return 0.0, 1.0 if name in ("final", "best") else math.inf


def entry(of: Estimate, shown: Estimate, write: Callable[[float], str], words: Words) -> Entry:
    """A mean and half its interval; where that would leave what is possible, both its ends."""
    if math.isnan(of.mean):
        return Entry(words("compare.unknown"))
    if of.count < 2:
        return Entry(write(of.mean), of.mean)
    low, high = write(shown.low), write(shown.high)
    title = words("compare.interval", low=low, high=high, count=of.count)
    if shown.low > of.low or shown.high < of.high:
        return Entry(
            words("compare.from_to", mean=write(of.mean), low=low, high=high), of.mean, title
        )
    return Entry(f"{write(of.mean)} ± {write(of.high - of.mean)}", of.mean, title)


def ended(row: Row, words: Words) -> Entry:
    """How the runs of a line ended: "finished", "8 finished, 2 diverged"; by those that did not."""
    counts = [(kind, row.outcomes[kind]) for kind in OUTCOMES if row.outcomes.get(kind)]
    texts = [
        words("compare.counted", count=count, outcome=words(f"compare.{kind}"))
        if row.runs > 1
        else words(f"compare.{kind}")
        for kind, count in counts
    ]
    finished = row.outcomes.get("finished", 0)
    return Entry(words("compare.comma").join(texts), row.runs - finished)


def to_csv(results: Sequence[Result]) -> str:
    """The table as CSV: of every figure its mean and the ends of its interval, empty if unknown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ends = ("", "_low", "_high")
    headings = [name + end for name in (*FIGURES, "reached") for end in ends]
    writer.writerow(("run", "runs", *headings, *OUTCOMES))
    for one in results:
        reached = one.row.reached
        figures = [n for of in one.estimates().values() for n in bounds(of)]
        figures += [reached.share, reached.low, reached.high]
        counts = [one.row.outcomes.get(kind, 0) for kind in OUTCOMES]
        numbers = ("" if math.isnan(number) else repr(number) for number in figures)
        writer.writerow((for_spreadsheet(one.name), one.row.runs, *numbers, *counts))
    return out.getvalue()
