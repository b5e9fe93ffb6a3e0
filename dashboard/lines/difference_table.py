"""How far lines end from what they are compared to, a row a line."""

from __future__ import annotations

import math

from core.analysis.statistics import FEW, Estimate, estimate
from dashboard.lines.differences import Compared, is_apart, minus, of_line, points, with_sign
from dashboard.lines.table import Column, Entry, TableRow
from dashboard.text import Words, numbers

COLUMNS = ("line", "difference", "pairs")
NOTHING = estimate([])
SCALE_LEAST = 0.01  # half the width of the bars at least, in the unit of the figure


def columns(of: Compared, words: Words, first: str) -> list[Column]:
    """The headings; `first` is what the lines are: runs, or the values of a field."""
    return [
        Column("line", first),
        Column(
            "difference",
            words(f"compare.column_difference_{of.show}"),
            words("compare.column_difference_help"),
            falls=of.show == "accuracy",
        ),
        Column("pairs", words("compare.column_pairs"), words("compare.column_pairs_help"), True),
    ]


def rows(of: Compared, words: Words) -> list[TableRow]:
    """A row a line but the reference's; one that nothing can be compared with says why."""
    found = [(line, of.counterpart(line)) for line in of.others]
    ends = [of.apart(line, other) if other else NOTHING for line, other in found]
    widest = max([SCALE_LEAST, *map(reach, ends)])
    return [
        TableRow(
            (
                Entry(of.name(line), n),
                entry(apart, of.show, widest, words)
                if apart.count
                else Entry(words("compare.unknown"), title=of_line(of, line, words)),
                pairs(apart, len(line.paired(other).runs) if other else 0),
            )
        )
        for n, ((line, other), apart) in enumerate(zip(found, ends, strict=True))
    ]


def reach(apart: Estimate) -> float:
    """How far from 0 a bar must go."""
    ends = (apart.mean, apart.low, apart.high)
    return max((abs(end) for end in ends if not math.isnan(end)), default=0.0)


def entry(apart: Estimate, show: str, widest: float, words: Words) -> Entry:
    """A mean difference with half its interval, drawn around the middle, which is no difference."""
    write = points if show == "accuracy" else numbers.figure
    said, title = with_sign(apart.mean, write), ""
    low, high = apart.mean, apart.mean
    if apart.count > FEW:
        low, high = apart.low, apart.high
        said = around(apart.mean, (high - low) / 2, show)
        ends = {"low": minus(write(low)), "high": minus(write(high)), "count": apart.count}
        title = words("compare.interval", **ends)
    low, middle, high = (0.5 + 0.5 * end / widest for end in (low, apart.mean, high))
    bar = low, middle, high
    return Entry(said, apart.mean, title, muted=not is_apart(apart), bar=bar)


def around(mean: float, half: float, show: str) -> str:
    """A difference with its sign and half its interval: "+1.2 ± 0.4" points, "−0.012 ± 0.003".

    >>> around(0.0123, 0.004, "accuracy"), around(-0.43, 0.029, "loss")
    ('+1.2 ± 0.4', '−0.430 ± 0.029')
    """
    if show == "accuracy":
        text = f"{numbers.decimal(100 * mean, 1)} ± {points(half)}"
    else:
        text = numbers.around(mean, half)
    return text if mean < 0 else f"+{text}"


def pairs(apart: Estimate, count: int) -> Entry:
    """Of how many pairs it is: "10", "8 / 10"."""
    said = str(count) if apart.count == count else f"{apart.count} / {count}"
    return Entry(said, apart.count, muted=apart.count < count)
