"""How the runs of a comparison end, in plain sentences; pure functions of runs."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.statistics import Estimate, difference_of_finals, mean_of_finals
from core.experiment.records import Run
from dashboard.lines.estimates import of_runs
from dashboard.lines.plan import Plan
from dashboard.text import Words, numbers

UNFINISHED = ("stopped", "interrupted", "failed")
NAMES_MAX = 3  # in a sentence that lists lines


def unfinished_sentences(runs: Sequence[Run], words: Words) -> list[str]:
    """That some runs did not come to their end, and what happened to the first that failed."""
    cut = [run.outcome for run in runs if run.outcome.kind in UNFINISHED]
    if not cut:
        return []
    why = next((outcome.why for outcome in cut if outcome.why), "")
    said = sentence_of_count("compare.unfinished", words, count=len(cut), total=len(runs))
    return [words("compare.then").join(filter(None, (said, why)))]


def leader(plan: Plan, names: Sequence[str], runs: Sequence[Run], words: Words) -> str:
    """Which line ends highest, and whether another may be as high; one seed names none.

    Ranked are lines all of whose runs came to their end: of others only the survivors are known.
    """
    groups = [line.of(runs) for line in plan.lines]
    ends = [mean_of_finals(group) for group in groups]
    whole = [n for n, end in enumerate(ends) if end.count == len(groups[n])]
    if not any(end.count for end in ends):
        return words("compare.none_ended")
    if len(plan.lines) == 1:
        return alone(names[0], ends[0], len(groups[0]), words)
    if not whole:
        return words("compare.all_lost")
    ranked = sorted(whole, key=lambda n: ends[n].mean, reverse=True)
    if plan.seeds == 1:
        said = [one_seed([ends[n] for n in ranked], words)]
    else:
        said = [first(names[ranked[0]], ends[ranked[0]], words)]
        said += rivals(plan, names, ranked, runs, words)
    lost = [(names[n], ends[n].count, len(groups[n])) for n in range(len(ends)) if n not in whole]
    return words("compare.then").join([*said, *unranked_sentences(lost, words)])


def alone(name: str, end: Estimate, runs: int, words: Words) -> str:
    """Where the only line ends."""
    final = of_runs(numbers.percent(end.mean), end, runs, words)
    return words("compare.alone", best=name, final=final)


def one_seed(ends: Sequence[Estimate], words: Words) -> str:
    """Between what the lines end, the highest first."""
    low, high = numbers.percent(ends[-1].mean), numbers.percent(ends[0].mean)
    return words("compare.one_seed", low=low, high=high)


def first(name: str, end: Estimate, words: Words) -> str:
    """The line that ends highest, and where."""
    final, shown = numbers.percent(end.mean), end.within(0.0, 1.0)
    low, high = numbers.percent(shown.low), numbers.percent(shown.high)
    return words("compare.leads_interval", best=name, final=final, low=low, high=high)


def unranked_sentences(lost: Sequence[tuple[str, int, int]], words: Words) -> list[str]:
    """Which lines are out of the race: each with how many of its runs came to their end."""
    if not lost:
        return []
    names = [
        words("common.of_runs", said=name, count=count, total=total) for name, count, total in lost
    ]
    more = ["…"] if len(names) > NAMES_MAX else []
    told = words("compare.comma").join([*names[:NAMES_MAX], *more])
    return [words("compare.unranked", names=told)]


def rivals(
    plan: Plan, names: Sequence[str], ranked: Sequence[int], runs: Sequence[Run], words: Words
) -> list[str]:
    """What is the same as the first line, and which others may end as high."""
    said, alike = [], []
    best = plan.lines[ranked[0]]
    for n in ranked[1:]:
        if plan.lines[n].numbers == best.numbers:
            both = {"name": names[n], "reference": names[ranked[0]]}
            said.append(words("compare.same_experiment", **both))
            continue
        apart = difference_of_finals(best.of(runs), plan.lines[n].of(runs))
        if apart.count > 1 and apart.covers(0.0):
            alike.append(names[n])
    if len(alike) == 1:
        said.append(words("compare.leads_by_chance", second=alike[0], seeds=plan.seeds))
    elif alike:
        said.append(words("compare.leads_by_chance_many", count=len(alike), seeds=plan.seeds))
    return said


def sentence_of_count(key: str, words: Words, *, count: int, **values: object) -> str:
    """A sentence about so many; about one it has words of its own."""
    return words(f"{key}_one" if count == 1 else key, count=count, **values)
