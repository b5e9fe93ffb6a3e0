"""How the runs of a comparison end, in plain sentences; pure functions of runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.analysis.statistics import Estimate, difference_of_finals, mean_of_finals
from core.experiment.records import Run
from dashboard import numbers
from dashboard.comparing.plan import Plan
from dashboard.text import Words

UNFINISHED = ("stopped", "interrupted", "failed")
NAMES_MAX = 3  # in a sentence that lists lines


def unfinished(runs: Sequence[Run], words: Words) -> list[str]:
    """That some runs did not come to their end, and what happened to the first that failed."""
    cut = [run.outcome for run in runs if run.outcome.kind in UNFINISHED]
    if not cut:
        return []
    why = next((outcome.why for outcome in cut if outcome.why), "")
    said = counted("compare.unfinished", words, count=len(cut), total=len(runs))
    return [words("compare.then").join(filter(None, (said, why)))]


def leader(plan: Plan, names: Sequence[str], runs: Sequence[Run], words: Words) -> str:
    """Which line ends highest, over which of its runs, and whether another may be as high.

    Lines of which half of the runs diverged, or more, are ranked only where there are no others.
    """
    groups = [line.of(runs) for line in plan.lines]
    ends = [mean_of_finals(group) for group in groups]
    known = [n for n in range(len(ends)) if ends[n].count]
    if not known:
        return words("compare.none_ended")
    lost = [n for n in range(len(ends)) if 2 * diverged(groups[n]) >= len(groups[n])]
    kept = [n for n in known if n not in lost]
    ranked = sorted(kept or known, key=lambda n: ends[n].mean, reverse=True)
    best = ranked[0]
    said = [first(names[best], ends[best], alone=len(plan.lines) == 1, words=words)]
    said += left_out(names[best], groups[best], words)
    said += rivals(plan, names, ranked, runs, words)
    if kept:
        said += unranked([names[n] for n in lost], plan.seeds, words)
    return words("compare.then").join(said)


def first(name: str, end: Estimate, alone: bool, words: Words) -> str:
    """The line that ends highest, and where."""
    final = numbers.percent(end.mean)
    if alone:
        return words("compare.alone", best=name, final=final)
    if math.isnan(end.low):
        return words("compare.leads", best=name, final=final)
    shown = end.within(0.0, 1.0)
    low, high = numbers.percent(shown.low), numbers.percent(shown.high)
    return words("compare.leads_interval", best=name, final=final, low=low, high=high)


def diverged(runs: Sequence[Run]) -> int:
    return sum(run.outcome.kind == "diverged" for run in runs)


def left_out(name: str, runs: Sequence[Run], words: Words) -> list[str]:
    """That runs of a line have no end, and so no part in its mean."""
    count = diverged(runs)
    if not count:
        return []
    return [counted("compare.leads_without", words, count=count, total=len(runs), name=name)]


def unranked(names: Sequence[str], seeds: int, words: Words) -> list[str]:
    """Which lines are out of the race."""
    if not names:
        return []
    more = ["…"] if len(names) > NAMES_MAX else []
    told = words("compare.comma").join([*names[:NAMES_MAX], *more])
    return [words("compare.unranked" if seeds > 1 else "compare.unranked_one", names=told)]


def rivals(
    plan: Plan, names: Sequence[str], ranked: Sequence[int], runs: Sequence[Run], words: Words
) -> list[str]:
    """What is the same as the first line, and whether the next one may end as high."""
    said = []
    best = plan.lines[ranked[0]]
    for n in ranked[1:]:
        if plan.lines[n].numbers != best.numbers:
            apart = difference_of_finals(best.of(runs), plan.lines[n].of(runs))
            if apart.count > 1 and apart.covers(0.0):
                both = {"second": names[n], "seeds": apart.count}
                said.append(words("compare.leads_by_chance", **both))
            break
        both = {"name": names[n], "reference": names[ranked[0]]}
        said.append(words("compare.same_experiment", **both))
    return said


def counted(key: str, words: Words, *, count: int, **values: object) -> str:
    """A sentence about so many; about one it has words of its own."""
    return words(f"{key}_one" if count == 1 else key, count=count, **values)
