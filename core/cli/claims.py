"""Verdicts as text for people and as JSON for scripts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import get_args

from core.analysis.claims import WORDS, ClaimFigure, ClaimVerdict
from core.analysis.claims.judge import FEW, NEARLY_ALL, Kind
from core.analysis.statistics import Estimate

WIDTH = 35  # of verdict, seeds and interval, in front of the sentence
UNSURE = "?"  # behind a verdict


def written(share: float) -> str:
    """
    >>> written(0.9)
    '90 %'
    """
    return f"{100 * share:.0f} %"


RULE = (
    f"A claim holds when at least {written(NEARLY_ALL)} of the seeds agree, fails when at most"
    f" {written(FEW)} do,\nand otherwise depends on the seed; in brackets stands Wilson's 95 %"
    " interval of that share."
)
UNSURE_RULE = (
    f'A "{UNSURE}" marks what the seeds say so far: they are too few to be sure. Of a claim that'
    " holds or\nfails the interval must leave out one half, of one that depends on the seed"
    f" {written(FEW)} and {written(NEARLY_ALL)}."
)


def as_text(verdicts: Sequence[ClaimVerdict], version: str) -> str:
    """A line a claim, its figures below it, the count at the end, and how to read them."""
    lines = [line for verdict in verdicts for line in (headline(verdict), *details(verdict))]
    counts = Counter[str](verdict.kind for verdict in verdicts)
    told = ", ".join(f"{kind} {counts[kind]}" for kind in get_args(Kind))
    lines += ["", f"{len(verdicts)} claims, {version}: {told}.", RULE]
    if not all(verdict.is_sure for verdict in verdicts):
        lines.append(UNSURE_RULE)
    return "\n".join([*lines, ""])


def headline(verdict: ClaimVerdict) -> str:
    share = verdict.share
    if share is None:
        seeds = "computed exactly"
    else:
        seeds = f"{share.count} of {share.total} ({written(share.low)} to {written(share.high)})"
    kind = verdict.kind if verdict.is_sure else f"{verdict.kind}{UNSURE}"
    return f"{kind:<9} {seeds:<25}{verdict.claim.sentence}"


def details(verdict: ClaimVerdict) -> list[str]:
    lines = [figure_text(figure) for figure in verdict.figures]
    return [" " * WIDTH + line for line in (*lines, verdict.claim.note) if line]


def figure_text(figure: ClaimFigure) -> str:
    """One figure: its mean and interval, or that it never came to it."""
    one = figure.shown
    parts = [estimate_text(one)] if one.count else []
    if figure.infinite:
        parts.append(f"never in {figure.infinite} of {figure.infinite + one.count}")
    return f"{WORDS[figure.measure.name]}, {figure.label}: {'; '.join(parts)}"


def estimate_text(one: Estimate) -> str:
    if math.isnan(one.low):
        return number(one.mean)
    return f"{number(one.mean)} ({number(one.low)} to {number(one.high)})"


def number(value: float) -> str:
    """Three digits, with a minus sign.

    >>> number(-0.0123), number(3.1e-05)
    ('−0.0123', '3.1e-05')
    """
    text = f"{value:.3g}"
    return f"−{text[1:]}" if text.startswith("-") else text
