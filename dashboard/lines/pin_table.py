"""What the pins came to, as a table: means over seeds with their intervals; pure functions."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from core.analysis.statistics import Estimate, estimate, final
from core.analysis.studies import Cell
from core.analysis.studies.table import OUTCOMES, SPREAD, Row, bounds, row, spread_of
from core.experiment.cells import for_spreadsheet
from core.experiment.records import Run, number_text
from dashboard.lines.entries import NUMBER, SHARE, Unit, entry, epochs
from dashboard.lines.plan import Plan
from dashboard.lines.table import Column, Entry, TableRow
from dashboard.settings.compare import COLUMNS
from dashboard.text import Words

FIGURES = COLUMNS[:-1]  # all that are estimated


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
    named = zip(plan.lines, names, strict=True)
    return [result(name, line.cell, line.of(runs)) for line, name in named]


def result(name: str, cell: Cell, runs: Sequence[Run]) -> Result:
    """What the runs of one line have come to."""
    losses = (estimate(final(run, loss) for run in runs) for loss in ("loss", "val_loss"))
    return Result(name, row(cell, runs), *losses)


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


def lines(results: Sequence[Result], words: Words) -> list[TableRow]:
    """The table's lines: a mean, and where several seeds bound it, half its interval."""
    return [
        TableRow(
            (
                Entry(one.name, number),
                *(
                    entry(of, one.row.runs, units(one.row)[name], words)
                    for name, of in one.estimates().items()
                ),
                outcome_entry(one.row, words),
            )
        )
        for number, one in enumerate(results)
    ]


def units(row: Row) -> dict[str, Unit]:
    """How each figure is written, and what it can be."""
    by_epoch = epochs(row.cell.experiment.length)
    return {
        "final": SHARE,
        "best": SHARE,
        "epochs_to_80": by_epoch,
        "loss": NUMBER,
        "val_loss": NUMBER,
    }


def outcome_entry(row: Row, words: Words) -> Entry:
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


ENDS = ("", "_low", "_high")
HEADER = (
    "run",
    "runs",
    *(name + end for name in (*FIGURES, "reached") for end in ENDS),
    *OUTCOMES,
    *(f"{name}_{of}" for name in FIGURES for of in SPREAD),
)


def to_csv(results: Sequence[Result]) -> str:
    """The table as CSV: of every figure its mean and the ends of its interval, empty if unknown.

    Behind the outcomes stands of every figure the spread of the values and how many they are.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for one in results:
        known = map(number_text, numbers_of(one))
        writer.writerow((for_spreadsheet(one.name), one.row.runs, *known))
    return out.getvalue()


def to_fields(results: Sequence[Result]) -> list[dict[str, Any]]:
    """The same by the names of the columns, for JSON; what is unknown is NaN."""
    return [
        dict(zip(HEADER, (one.name, one.row.runs, *numbers_of(one)), strict=True))
        for one in results
    ]


def numbers_of(one: Result) -> list[float]:
    """The figures of a line, in the order of the columns behind its name and its runs."""
    reached = one.row.reached
    figures = [n for of in one.estimates().values() for n in bounds(of)]
    figures += [reached.share, reached.low, reached.high]
    counts = [one.row.outcomes.get(kind, 0) for kind in OUTCOMES]
    return [*figures, *counts, *(n for of in one.estimates().values() for n in spread_of(of))]
