"""Means over seeds in words: with half their interval, as two values, and of how many runs."""

from __future__ import annotations

import math
from collections.abc import Callable

from core.analysis.statistics import FEW, Estimate
from dashboard.text import Words


def estimate_text(
    of: Estimate, write: Callable[[float], str], around: Callable[[float, float], str]
) -> str:
    """A mean ± half its interval; of two values both, of one that.

    `around` writes a value with its margin, both with as many decimals.

    >>> from dashboard.text.numbers import percent, percent_around
    >>> of_four = Estimate(0.5, 0.1, 0.4, 0.6, count=4)
    >>> estimate_text(of_four, percent, percent_around)
    '50.0 ± 10.0 %'
    >>> of_two = Estimate(0.5, 0.14, -0.8, 1.8, count=2, least=0.4, most=0.6)
    >>> estimate_text(of_two, percent, percent_around)
    '40.0 %, 60.0 %'
    """
    if of.count == FEW:
        return f"{write(of.least)}, {write(of.most)}"
    margin = of.high - of.mean
    return write(of.mean) if math.isnan(margin) else around(of.mean, margin)


def of_runs(said: str, of: Estimate, runs: int, words: Words) -> str:
    """The same with the runs that it is of, where those are not all: "82.0 % (7 of 10)"."""
    if of.count == runs:
        return said
    return words("common.of_runs", said=said, count=of.count, total=runs)
