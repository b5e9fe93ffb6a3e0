"""The table of a study: every figure over the seeds with its interval, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.statistics import Estimate, Share, wilson
from core.studies import Row, Study
from dashboard.numbers import percent
from dashboard.studies.names import cell_name, varied_name
from dashboard.tables.sortable import Column, Entry, Line
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


def lines(rows: Sequence[Row], words: Words) -> list[Line]:
    """A line a cell, in the order of the cells."""
    opens = words("studies.open_run")
    return [Line(entries(place, row, words), opens) for place, row in enumerate(rows)]


def entries(place: int, row: Row, words: Words) -> tuple[Entry, ...]:
    name = Entry(cell_name(row.cell, words), place)
    figures = (
        share_figure(row.final, words),
        share_figure(row.best, words),
        epochs_figure(row.epochs_to_80, words),
        counted(row.reached, words),
        share_figure(row.swing, words),
        share_figure(row.rises, words),
        outcomes(row, words),
    )
    return (name, *figures)


def share_figure(of: Estimate, words: Words) -> Entry:
    """A mean in per cent: "82.1 % ± 0.4"."""
    low, high = percent(of.low), percent(of.high)
    return Entry(f"{percent(of.mean)}{margin(of, 100, 1)}", of.mean, spread(of, low, high, words))


def epochs_figure(of: Estimate, words: Words) -> Entry:
    """A mean of epochs: "23 ± 3", or that none got there."""
    if not of.count:
        return Entry(words("studies.never"))
    low, high = f"{of.low:.0f}", f"{of.high:.0f}"
    return Entry(f"{of.mean:.0f}{margin(of, 1, 0)}", of.mean, spread(of, low, high, words))


def margin(of: Estimate, unit: float, digits: int) -> str:
    """Half of the interval, "" where one run has none."""
    half = unit * (of.high - of.mean)
    return "" if math.isnan(half) else f" ± {half:.{digits}f}"


def spread(of: Estimate, low: str, high: str, words: Words) -> str:
    """What is said when one points at a mean."""
    if of.count < 2:
        return ""
    return words("studies.interval_title", low=low, high=high, count=of.count)


def counted(of: Share, words: Words) -> Entry:
    """How many of how many, with the interval of the share: "7 of 10 (40–89 %)"."""
    said = words("studies.count_of", count=of.count, total=of.total)
    return Entry(f"{said}{share_interval(of)}", of.share)


def share_interval(of: Share) -> str:
    return "" if of.total < 2 else f" ({100 * of.low:.0f}–{100 * of.high:.0f} %)"


def outcomes(row: Row, words: Words) -> Entry:
    """How the runs ended, each kind with the interval of its share."""
    said = [
        f"{words(f'studies.outcome_{kind}', count=count)}{share_interval(wilson(count, row.runs))}"
        for kind, count in sorted(row.outcomes.items(), key=lambda pair: -pair[1])
    ]
    return Entry(words("studies.comma").join(said), row.outcomes.get("finished", 0) / row.runs)
