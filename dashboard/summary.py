"""A job in one sentence and a row of figures, in the visitor's language."""

from __future__ import annotations

from typing import Any

from core.analysis.verdict import Verdict, judge
from core.experiment.records import Run
from core.service import Laboratory, Progress
from dashboard.numbers import figure, percent
from dashboard.text import Words

Json = dict[str, Any]


def summarise(laboratory: Laboratory, job: str, language: str) -> Json:
    """What stands above the chart of a job: {"sentence", "figures": [{label, value, title}]}."""
    words = Words(language)
    progress, runs = laboratory.progress(job), laboratory.runs(job)
    if progress.state != "done" or len(runs) != 1:
        return {"sentence": under_way(progress, runs, words), "figures": figures(runs, words)}
    return {"sentence": sentence(runs[0], words), "figures": figures(runs, words)}


def under_way(progress: Progress, runs: list[Run], words: Words) -> str:
    """What can be said of a job before it is done, or of one of many runs; the chart tells how far.

    Empty while there is nothing to say.
    """
    if len(runs) > 1:
        done = progress.state == "done"
        return words("explore.runs_finished", total=progress.runs) if done else ""
    verdict = judge(runs[0])
    return words("explore.so_far", final=percent(verdict.final)) if verdict else ""


def sentence(run: Run, words: Words) -> str:
    """One honest sentence on a run that has ended."""
    if run.outcome.kind in ("failed", "interrupted"):
        key = f"explore.said_{run.outcome.kind}"
        return words(key, why=run.outcome.why, epoch=run.outcome.epoch)
    verdict = judge(run)
    if verdict is None:
        return words("explore.said_stopped", epoch=0, epochs=run.experiment.length)
    return said(verdict, words)


def said(verdict: Verdict, words: Words) -> str:
    key = f"explore.said_{verdict.judgement}"
    if verdict.judgement == "diverged" and verdict.epoch <= 1:
        key += "_first"
    if verdict.judgement == "short" and verdict.epochs == 1:
        key += "_one"
    values = {**vars(verdict), "final": percent(verdict.final), "best": percent(verdict.best)}
    return words(key, **values)


def figures(runs: list[Run], words: Words) -> list[Json]:
    """Final, best, epoch to 80 % and loss of a single run; dashes while there is nothing."""
    if len(runs) != 1:
        return []
    verdict = judge(runs[0])
    values = ["–"] * 4 if verdict is None else figure_values(verdict, words)
    names = ("final", "best", "reached", "loss")
    return [
        {
            "label": words(f"explore.figure_{name}"),
            "value": value,
            "title": words(f"explore.figure_{name}_help"),
        }
        for name, value in zip(names, values, strict=True)
    ]


def figure_values(verdict: Verdict, words: Words) -> list[str]:
    best_at = words("explore.at_epoch", epoch=verdict.best_epoch)
    reached = words("explore.at_epoch", epoch=verdict.reached)
    return [
        percent(verdict.final),
        words("explore.value_at", value=percent(verdict.best), epoch=best_at)
        if verdict.best_epoch
        else "–",
        reached if verdict.reached else words("explore.never"),
        f"{figure(verdict.loss)} · {figure(verdict.val_loss)}",
    ]
