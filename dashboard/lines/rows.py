"""The table of a study: every figure over the seeds with its interval, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.statistics import Share, wilson
from core.analysis.studies import Row, Study
from dashboard.lines.entries import SHARE, entry, epochs
from dashboard.lines.names import cell_name, telling_digits, varied_name
from dashboard.lines.table import Column, Entry, TableRow
from dashboard.text import Words

FALLING = ("final", "best", "reached", "outcomes")  # where more is better


def columns(study: Study, words: Words) -> list[Column]:
    """The headings, each with its help."""
    value = Column("value", varied_name(study.varied, words), words("studies.column_value_help"))
    names = ("final", "best", "epochs_to_80", "reached", "swing", "rises", "outcomes")
    return [
        value,
        *(
            Column(
                name,
                words(f"studies.column_{name}"),
                words(f"studies.column_{name}_help"),
                name in FALLING,
            )
            for name in names
        ),
    ]


def lines(rows: Sequence[Row], words: Words) -> list[TableRow]:
    """A line a cell, in the order of the cells."""
    opens, digits = words("studies.open_run"), telling_digits(row.cell for row in rows)
    names = [cell_name(row.cell, words, digits) for row in rows]
    return [
        TableRow((Entry(names[place], place), *figures(row, words)), opens)
        for place, row in enumerate(rows)
    ]


def figures(row: Row, words: Words) -> tuple[Entry, ...]:
    """All of a line but the name of its cell."""
    runs, by_epoch = row.runs, epochs(row.cell.experiment.length)
    return (
        entry(row.final, runs, SHARE, words),
        entry(row.best, runs, SHARE, words),
        entry(row.epochs_to_80, runs, by_epoch, words, words("studies.never")),
        share_entry(row.reached, words),
        entry(row.swing, runs, SHARE, words),
        entry(row.rises, runs, SHARE, words),
        outcomes(row, words),
    )


def share_entry(of: Share, words: Words) -> Entry:
    """How many of how many, with the interval of the share: "7 of 10 (40–89 %)"."""
    said = words("studies.count_of", count=of.count, total=of.total)
    return Entry(f"{said}{interval_in_brackets(of, words)}", of.share)


def interval_in_brackets(of: Share, words: Words) -> str:
    """The interval of a share in brackets, "" of a single run."""
    return "" if of.total < 2 else words("studies.brackets", text=percent_range(of))


def percent_range(of: Share) -> str:
    return f"{100 * of.low:.0f}–{100 * of.high:.0f} %"


def outcomes(row: Row, words: Words) -> Entry:
    """How the runs ended, each kind with the interval of its share."""
    said = [
        words(f"studies.outcome_{kind}", count=count)
        + interval_in_brackets(wilson(count, row.runs), words)
        for kind, count in sorted(row.outcomes.items(), key=lambda pair: -pair[1])
    ]
    return Entry(words("studies.comma").join(said), row.outcomes.get("finished", 0) / row.runs)
