"""Figures over seeds as the cells of any table of lines: a mean, its interval, of how many runs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from core.analysis.statistics import FEW, Estimate
from dashboard.lines.estimates import estimate_text, of_runs
from dashboard.lines.table import Entry
from dashboard.text import Words, numbers


class Unit(NamedTuple):
    """How a figure is written, alone and with its margin, and what it can be."""

    value: Callable[[float], str]
    around: Callable[[float, float], str]
    least: float
    most: float


SHARE = Unit(numbers.percent, numbers.percent_around, 0.0, 1.0)
NUMBER = Unit(numbers.figure, numbers.around, 0.0, math.inf)


def epochs(length: int) -> Unit:
    """Epochs of a run of so many."""
    return Unit("{:.0f}".format, numbers.whole_around, 1.0, float(length))


def entry(of: Estimate, runs: int, unit: Unit, words: Words, missing: str = "") -> Entry:
    """A mean and half its interval; where that would leave what is possible, both its ends.

    Of two runs it gives both values, and says of how many runs it is where not of all. A share is
    drawn as well. What there is none of is `missing`.
    """
    if math.isnan(of.mean):
        return Entry(missing or words("compare.unknown"), muted=not missing)
    said, title, shown = estimate_text(of, unit.value, unit.around), "", of.within(*unit[2:])
    if of.count > FEW:
        low, high = unit.value(shown.low), unit.value(shown.high)
        title = words("compare.interval", low=low, high=high, count=of.count)
        if shown.low > of.low or shown.high < of.high:
            said = words("compare.from_to", mean=unit.value(of.mean), low=low, high=high)
    bar = interval(of, shown) if unit is SHARE else None
    return Entry(of_runs(said, of, runs, words), of.mean, title, of.count < runs, bar)


def interval(of: Estimate, shown: Estimate) -> tuple[float, float, float]:
    """An interval as it is drawn; of a single run its value alone."""
    low, high = (of.mean if math.isnan(end) else end for end in (shown.low, shown.high))
    return low, of.mean, high
