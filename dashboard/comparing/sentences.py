"""What is to be seen in a comparison, in plain sentences; pure functions of runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from core.records import Run
from core.statistics import Estimate, difference_of_finals, estimate, final
from dashboard import numbers
from dashboard.comparing.plan import Line, Plan
from dashboard.text import Words

UNFINISHED = ("stopped", "interrupted", "failed")


def unfinished(runs: Sequence[Run], words: Words) -> list[str]:
    """That some runs did not come to their end, and what happened to the first that failed."""
    cut = [run.outcome for run in runs if run.outcome.kind in UNFINISHED]
    if not cut:
        return []
    why = next((outcome.why for outcome in cut if outcome.why), "")
    said = words("compare.unfinished", count=len(cut), total=len(runs))
    return [words("compare.then").join(filter(None, (said, why)))]


def leader(plan: Plan, names: Sequence[str], runs: Sequence[Run], words: Words) -> str:
    """Which line ends highest, and whether the second can be told apart from it."""
    ends = [estimate(final(run) for run in line.of(runs)) for line in plan.lines]
    ranked = [n for n in range(len(ends)) if ends[n].count]
    ranked.sort(key=lambda n: ends[n].mean, reverse=True)
    if not ranked:
        return words("compare.none_ended")
    best, end = names[ranked[0]], ends[ranked[0]]
    if len(plan.lines) == 1:
        return words("compare.alone", best=best, final=numbers.percent(end.mean))
    key = "compare.leads" if math.isnan(end.low) else "compare.leads_interval"
    low, high = numbers.percent(end.low), numbers.percent(end.high)
    said = words(key, best=best, final=numbers.percent(end.mean), low=low, high=high)
    return words("compare.then").join([said, *by_chance(plan, names, ranked, runs, words)])


def by_chance(
    plan: Plan, names: Sequence[str], ranked: Sequence[int], runs: Sequence[Run], words: Words
) -> list[str]:
    """Whether the first two of several seeds may be equal."""
    if len(ranked) < 2 or plan.seeds < 2:
        return []
    first, second = (plan.lines[n].of(runs) for n in ranked[:2])
    apart = difference_of_finals(first, second)
    if apart.count < 2 or not apart.covers(0.0):
        return []
    return [words("compare.leads_by_chance", second=names[ranked[1]], seeds=apart.count)]


def differences(
    plan: Plan,
    names: Sequence[str],
    pins: Sequence[str],
    runs: Sequence[Run],
    words: Words,
    show: str,
    reference: int,
) -> list[str]:
    """Of every line outside the reference, whether it ends differently."""
    said = []
    for line, name in zip(plan.lines, names, strict=True):
        if line.pin == reference:
            continue
        other = plan.counterpart(line, reference)
        if other is None:
            said.append(words("compare.no_counterpart", name=name, reference=pins[reference]))
        else:
            against = names[plan.lines.index(other)]
            said.append(difference(line, other, name, against, runs, words, show))
    return said


def difference(
    line: Line, other: Line, name: str, against: str, runs: Sequence[Run], words: Words, show: str
) -> str:
    """Whether a line ends differently from another, paired seed by seed."""
    both = {"name": name, "reference": against}
    paired = line.paired(other)
    if not paired.runs:
        return words("compare.no_shared_seed", **both)
    if paired.runs == paired.minus:
        return words("compare.same_experiment", **both)
    ours, theirs = ([runs[n] for n in side] for side in paired)
    apart = difference_of_finals(ours, theirs, f"val_{show}")
    if not apart.count:
        return words("compare.no_ends", **both)
    said = [words(key_of(apart, show), **both, **sizes(apart, show))]
    left_out = len(paired.runs) - apart.count
    if left_out:
        said.append(words("compare.pairs_left_out", count=left_out))
    return words("compare.then").join(said)


def key_of(apart: Estimate, show: str) -> str:
    """Which sentence fits: one pair says nothing, an interval around 0 shows no difference."""
    if apart.count < 2:
        return f"compare.{show}_one"
    if apart.covers(0.0):
        return f"compare.{show}_none"
    return f"compare.{show}_above" if apart.mean > 0 else f"compare.{show}_below"


def sizes(apart: Estimate, show: str) -> dict[str, object]:
    """The numbers of a sentence; where it says above or below, without their sign."""
    certain = apart.count > 1 and not apart.covers(0.0)
    sign = -1.0 if certain and apart.mean < 0 else 1.0
    bounds = (apart.low, apart.high) if apart.count > 1 else (apart.mean, apart.mean)
    low, high = sorted(sign * bound for bound in bounds)
    write = points if show == "accuracy" else numbers.figure
    return {
        "size": write(abs(apart.mean)),
        "difference": signed(apart.mean, write),
        "low": minus(write(low)),
        "high": minus(write(high)),
        "pairs": apart.count,
    }


def points(value: float) -> str:
    """A difference of shares in percentage points, with one digit.

    >>> points(0.0123)
    '1.2'
    """
    return f"{100 * value:.1f}"


def signed(value: float, write: Callable[[float], str]) -> str:
    text = write(value)
    return minus(text) if value < 0 else f"+{text}"


def minus(text: str) -> str:
    """With a minus sign instead of a hyphen, and none before zero."""
    return text.replace("-", "−", 1) if float(text) else text.lstrip("-")
