"""Verdicts as text for people and as JSON for scripts."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

from core.claims import WORDS, Figure, Verdict
from core.claims.judge import FEW, NEARLY_ALL, Kind
from core.statistics import Estimate

WIDTH = 34  # of verdict, seeds and interval, in front of the sentence
RULE = (
    f"A claim holds when at least {NEARLY_ALL:.0%} of the seeds agree, fails when at most"
    f" {FEW:.0%} do,\nand otherwise depends on the seed; in brackets stands Wilson's 95 %"
    " interval of that share."
)


def as_text(verdicts: Sequence[Verdict], version: str) -> str:
    """A line a claim, its figures below it, and the count at the end."""
    lines = [line for verdict in verdicts for line in (headline(verdict), *details(verdict))]
    counts = Counter[str](verdict.kind for verdict in verdicts)
    told = ", ".join(f"{kind} {counts[kind]}" for kind in get_args(Kind))
    return "\n".join([*lines, "", f"{len(verdicts)} claims, {version}: {told}.", RULE, ""])


def headline(verdict: Verdict) -> str:
    share = verdict.share
    if share is None:
        seeds = "computed exactly"
    else:
        seeds = f"{share.count} of {share.total} ({share.low:.0%} to {share.high:.0%})"
    return f"{verdict.kind:<9}{seeds:<25}{verdict.claim.sentence}"


def details(verdict: Verdict) -> list[str]:
    return [" " * WIDTH + figure_text(figure) for figure in verdict.figures]


def figure_text(figure: Figure) -> str:
    """One figure: its mean and interval, or that it never came to it."""
    one = figure.estimate
    parts = [estimate_text(one)] if one.count else []
    if figure.infinite:
        parts.append(f"never in {figure.infinite} of {figure.infinite + one.count}")
    return f"{WORDS[figure.measure.name]}, {figure.label}: {'; '.join(parts)}"


def estimate_text(one: Estimate) -> str:
    if math.isnan(one.low):
        return f"{one.mean:.3g}"
    return f"{one.mean:.3g} ({one.low:.3g} to {one.high:.3g})"


def as_json(verdicts: Sequence[Verdict]) -> str:
    """A list of objects; what is unknown or infinite is null."""
    return json.dumps([verdict_fields(verdict) for verdict in verdicts], indent=2) + "\n"


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    share = verdict.share
    return {
        "id": verdict.claim.id,
        "sentence": verdict.claim.sentence,
        "study": verdict.claim.study,
        "verdict": verdict.kind,
        "agree": share.count if share else None,
        "seeds": share.total if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "figures": [figure_fields(figure) for figure in verdict.figures],
    }


def figure_fields(figure: Figure) -> dict[str, Any]:
    one = figure.estimate
    numbers = {
        "mean": one.mean,
        "deviation": one.deviation,
        "low": one.low,
        "high": one.high,
        "median": figure.median,
    }
    known = {name: n if math.isfinite(n) else None for name, n in numbers.items()}
    named = {"measure": figure.measure.name, "study": figure.measure.study, "run": figure.label}
    return {**named, **known, "count": one.count, "infinite": figure.infinite}
