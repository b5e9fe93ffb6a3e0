"""What a study came to, once it has ended: its table, and which values were best."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from core.analysis.statistics import difference_of_finals, epochs_to_target, final
from core.analysis.studies import Cell, Row, Study, table
from core.experiment.records import Run
from dashboard.lines.entries import SHARE, entry
from dashboard.lines.groups import key_without_version
from dashboard.lines.names import name_in_sentence, telling_digits
from dashboard.text import Words
from dashboard.text.numbers import percent

NAMED_MOST = 2  # values in a sentence; of more the first, and how many others
SURVIVORS_MOST = 3  # the same of those that lost runs


class Results(NamedTuple):
    """The rows of a study's table, and the cells that are best at the end.

    Ranked are the cells all of whose runs came to their end: of others only the survivors are
    known. Of `best`, which end the same at every seed, the first one counts; `equals` are those
    whose difference from it, paired seed by seed, may be none at all. `first` were first at 80 %,
    by the median of the seeds.
    """

    rows: list[Row]
    best: list[Row]
    equals: list[Row]
    first: list[Row]
    epoch: float  # in which those were
    unranked: list[Row]
    unfinished: int  # runs that were stopped, interrupted, or failed
    trouble: str  # why the first of those failed


def results_of(study: Study, runs: Sequence[Run]) -> Results:
    """What the runs of a study came to."""
    rows, groups = table(study, runs), study.by_cell(runs)
    ranked = [n for n, row in enumerate(rows) if row.is_whole]
    top = max(ranked, key=lambda n: rows[n].final.mean, default=None)
    best = [n for n in ranked if top is not None and ends(groups[n]) == ends(groups[top])]
    equals = [n for n in ranked if n not in best and equal(groups[best[0]], groups[n])]
    epochs = {n: median_epoch(groups[n]) for n in ranked}
    epoch = min(epochs.values(), default=math.inf)
    first = [n for n in ranked if epochs[n] == epoch < math.inf]
    open_ended = [run for run in runs if not run.outcome.is_final]
    return Results(
        rows,
        [rows[n] for n in best],
        [rows[n] for n in equals],
        [rows[n] for n in first],
        epoch,
        [row for n, row in enumerate(rows) if n not in ranked],
        len(open_ended),
        next((run.outcome.why for run in open_ended if run.outcome.why), ""),
    )


def ends(runs: Sequence[Run]) -> list[float | None]:
    """The final test accuracy of each seed; None where it diverged."""
    return [final(run) for run in runs]


def equal(one: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether seeds of both leave it open which is better at the end; one seed says nothing."""
    difference = difference_of_finals(one, other)
    return difference.count > 1 and difference.covers(0.0)


def median_epoch(runs: Sequence[Run]) -> float:
    """The epoch at 80 % of the seed in the middle; never counts as late as can be."""
    reached = (epochs_to_target(run) for run in runs)
    return median(math.inf if epoch is None else epoch for epoch in reached)


def finding(of: Results, words: Words) -> str:
    """The best values at the end, how sure that is, the first ones at 80 %, and what was lost."""
    if of.best and of.rows[0].runs == 1:
        said = [one_seed_said(of, words)]
    else:
        said = [*best_said(of, words), *first_said(of, words)]
    if of.best and of.unranked:
        said.append(words("studies.found_unranked", names=survivors(of, words)))
    return words("studies.between_sentences").join(said)


def one_seed_said(of: Results, words: Words) -> str:
    """Between what the values end; one seed names no winner."""
    ends = sorted(row.final.mean for row in of.rows if row.is_whole)
    low, high = percent(ends[0]), percent(ends[-1])
    key = "studies.found_one_seed" if low != high else "studies.found_one_seed_same"
    return words(key, low=low, high=high)


def best_said(of: Results, words: Words) -> list[str]:
    if not of.best:
        some = any(row.final.count for row in of.rows)
        return [words("studies.found_all_lost" if some else "studies.found_nothing")]
    name, row = list_rows(of.best, of, words), of.best[0]
    values = {"name": name, "final": entry(row.final, row.runs, SHARE, words).text}
    key = "studies.found_best"
    if of.equals:
        values["others"] = others(of, words)
        key += "_of_equals"
    return [words(key, **values)]


def first_said(of: Results, words: Words) -> list[str]:
    if not of.first:
        return []
    name = list_rows(of.first, of, words)
    return [words("studies.found_first_median", name=name, epoch=f"{of.epoch:g}")]


def survivors(of: Results, words: Words) -> str:
    """The values that lost runs, each with how many came to their end; of many the first few."""
    digits = telling_digits(row.cell for row in of.rows)
    names = [
        words(
            "common.of_runs",
            said=name_in_sentence(row.cell, words, digits),
            count=row.final.count,
            total=row.runs,
        )
        for row in of.unranked
    ]
    if len(names) > SURVIVORS_MOST:
        names = [*names[: SURVIVORS_MOST - 1], words("studies.found_others", count=len(names) - 2)]
    return words("studies.comma").join(names)


def others(of: Results, words: Words) -> str:
    """The one that is as good as the best, or how many."""
    names = row_names(of.equals, of, words)
    return names[0] if len(names) == 1 else words("studies.found_others", count=len(names))


def list_rows(rows: Sequence[Row], of: Results, words: Words) -> str:
    """Some rows by name; of many the first, and how many others."""
    names = row_names(rows, of, words)
    if len(names) <= NAMED_MOST:
        return words("studies.found_and").join(names)
    return words("studies.found_more", name=names[0], count=len(names) - 1)


def row_names(rows: Sequence[Row], of: Results, words: Words) -> list[str]:
    """What rows are called; one whose twin of the other version is among them, without its own."""
    digits = telling_digits(row.cell for row in of.rows)
    twins = Counter(key_without_version(row.cell) for row in rows)
    cells = [
        Cell(key_without_version(row.cell), row.cell.experiment)
        if twins[key_without_version(row.cell)] > 1
        else row.cell
        for row in rows
    ]
    return list(dict.fromkeys(name_in_sentence(cell, words, digits) for cell in cells))
