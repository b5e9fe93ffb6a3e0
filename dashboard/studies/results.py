"""What a study came to, once it has ended: its table, and which values were best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from core.records import Run
from core.statistics import difference_of_finals
from core.studies import Row, Study, table
from dashboard.laboratory import laboratory
from dashboard.studies.names import cell_name, spoken
from dashboard.studies.rows import epochs_figure, share_figure
from dashboard.text import Words

RESULTS_KEPT = 64  # of all visitors; the largest takes about 0.2 MB


class Results(NamedTuple):
    """The rows of a study's table, and the cells that are best at the end.

    `equals` are those whose difference from the best, paired seed by seed, may be none at all.
    """

    rows: list[Row]
    best: Row | None
    equals: list[Row]
    unfinished: int  # runs that were stopped, interrupted, or failed
    trouble: str  # why the first of those failed


@lru_cache(maxsize=RESULTS_KEPT)
def results(job: str, study: Study) -> Results:
    """Of a job that is done, whose records no longer change. Raises `UnknownJob`."""
    return judged(study, laboratory().runs(job))


def judged(study: Study, runs: Sequence[Run]) -> Results:
    """What the runs of a study came to."""
    rows, groups = table(study, runs), study.by_cell(runs)
    known = [n for n, row in enumerate(rows) if not math.isnan(row.final.mean)]
    best = max(known, key=lambda n: rows[n].final.mean, default=None)
    equals = [n for n in known if n != best and best is not None and equal(groups[best], groups[n])]
    open_ended = [r for r in runs if r.outcome.kind not in ("finished", "diverged")]
    return Results(
        rows,
        None if best is None else rows[best],
        [rows[n] for n in equals],
        len(open_ended),
        next((run.outcome.why for run in open_ended if run.outcome.why), ""),
    )


def equal(one: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether seeds of both leave it open which is better at the end; one seed says nothing."""
    difference = difference_of_finals(one, other)
    return difference.count > 1 and difference.covers(0.0)


def finding(of: Results, words: Words) -> str:
    """The best value at the end, how sure that is, and the first value at 80 %."""
    if of.best is None:
        return words("studies.found_nothing")
    name, final = spoken(of.best.cell, words), share_figure(of.best.final, words).text
    if of.equals:
        others = words("studies.found_others", count=len(of.equals))
        others = cell_name(of.equals[0].cell, words) if len(of.equals) == 1 else others
        said = [words("studies.found_best_of_equals", name=name, final=final, others=others)]
    else:
        said = [words("studies.found_best", name=name, final=final)]
    fastest = first_at_80(of.rows)
    if fastest is not None:
        epochs = epochs_figure(fastest.epochs_to_80, words).text
        said.append(words("studies.found_fast", name=cell_name(fastest.cell, words), epochs=epochs))
    return "".join(said)


def first_at_80(rows: Sequence[Row]) -> Row | None:
    """The row that got there first, of those that most seeds of which got there."""
    there = [row for row in rows if row.reached.share > 0.5]
    return min(there, key=lambda row: row.epochs_to_80.mean, default=None)
