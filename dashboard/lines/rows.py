"""The table of a study: every figure over the seeds with its interval, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from core.analysis.statistics import Estimate, Share, wilson
from core.analysis.studies import Row, Study
from dashboard.lines.estimates import FEW, estimate_text, of_runs
from dashboard.lines.names import cell_name, telling_digits, varied_name
from dashboard.lines.table import Column, Entry, TableRow
from dashboard.text import Words
from dashboard.text.numbers import percent, percent_around, whole_around

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
    epochs, runs = row.cell.experiment.length, row.runs
    return (
        share_figure(row.final, runs, words),
        share_figure(row.best, runs, words),
        epochs_figure(row.epochs_to_80, epochs, runs, words),
        share_entry(row.reached, words),
        share_figure(row.swing, runs, words),
        share_figure(row.rises, runs, words),
        outcomes(row, words),
    )


def share_figure(of: Estimate, runs: int, words: Words) -> Entry:
    """A mean in per cent: "82.1 ± 0.4 %", and of how many of the runs where not of all."""
    said, shown = estimate_text(of, percent, percent_around), of.within(0.0, 1.0)
    title = spread(of, percent(shown.low), percent(shown.high), words)
    entry = Entry(of_runs(said, of, runs, words), of.mean, title)
    bar = None if math.isnan(of.mean) else shares(of)
    return replace(entry, muted=of.count < runs, bar=bar)


def shares(of: Estimate) -> tuple[float, float, float]:
    """An interval of a share as it is drawn; of a single run its value alone."""
    shown = of.within(0.0, 1.0)
    low, high = (of.mean if math.isnan(end) else end for end in (shown.low, shown.high))
    return low, of.mean, high


def epochs_figure(of: Estimate, epochs: int, runs: int, words: Words) -> Entry:
    """A mean of epochs: "23 ± 3", or that none got there."""
    if not of.count:
        return Entry(words("studies.never"))
    shown, write = of.within(1, epochs), "{:.0f}".format
    low, high, said = write(shown.low), write(shown.high), estimate_text(of, write, whole_around)
    return Entry(of_runs(said, of, runs, words), of.mean, spread(of, low, high, words))


def spread(of: Estimate, low: str, high: str, words: Words) -> str:
    """What is said when one points at a mean."""
    if of.count <= FEW:
        return ""
    return words("studies.interval_title", low=low, high=high, count=of.count)


def share_entry(of: Share, words: Words) -> Entry:
    """How many of how many, with the interval of the share: "7 of 10 (40–89 %)"."""
    said = words("studies.count_of", count=of.count, total=of.total)
    return Entry(f"{said}{interval_in_brackets(of, words)}", of.share)


def interval_in_brackets(of: Share, words: Words) -> str:
    """The interval of a share in brackets, "" of a single run."""
    return "" if of.total < 2 else words("studies.brackets", text=percent_range(of))


def share_interval(of: Share) -> str:
    """The interval of a share in brackets for the cards of the claims."""
    return "" if of.total < 2 else f" ({percent_range(of)})"


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
