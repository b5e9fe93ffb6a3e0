"""A job in one sentence and a row of figures, in the visitor's language."""

from __future__ import annotations

from concurrent.futures import TimeoutError
from typing import Any

import numpy as np
import numpy.typing as npt

from core.analysis.attainable import Benchmarks
from core.analysis.scale import TARGET, enough
from core.analysis.sentences import phrases
from core.analysis.verdict import Verdict, judge
from core.experiment.data import Blobs, Data
from core.experiment.records import Run
from core.service import Laboratory, Progress
from dashboard.lines.marks import evidence, next_step, references
from dashboard.lines.references import data_sets
from dashboard.text import Words
from dashboard.text.numbers import figure, percent
from dashboard.text.phrases import typeset

Json = dict[str, Any]

KNOWN_SECONDS = 5.0  # that a sentence waits for what it is measured against; it comes in 0.1
AT_FIRST_SECONDS = 1.0  # that figures wait for it; who listens asks again for the sentence


def summarise(laboratory: Laboratory, job: str, language: str) -> Json:
    """What stands above the chart of a job, and what is marked on it.

    {"sentence", "figures": [{label, value, title}], "references": [{name, value, text, data}],
    "cause", "evidence": [{column, from, to, value, text}], "next": {path, value, text}, "waits"};
    "cause", "evidence" and "next" are None and empty until a single run has been judged, and
    `waits` is true where no worker has said yet what is possible on these data.
    """
    words = Words(language)
    progress, runs = laboratory.progress(job), laboratory.runs(job)
    if len(runs) != 1:
        return of_several(laboratory, progress, runs, words)
    done, data = progress.state == "done", runs[0].experiment.data
    known = benchmarks(laboratory, data, AT_FIRST_SECONDS if done else 0)
    if not done:
        said = under_way(progress, runs, words)
        return {**summary(said, runs, known, words), **no_verdict()}
    verdict = verdict_of(runs[0], known)
    said = verdict_sentence(verdict, runs[0], words)
    waits = verdict is None
    return {**summary(said, runs, known, words), **verdict_fields(verdict, words), "waits": waits}


def of_several(laboratory: Laboratory, progress: Progress, runs: list[Run], words: Words) -> Json:
    """The same of a job of several runs, with what the accuracies on each data set are told by."""
    sets = data_sets(run.experiment for run in runs)
    known = [benchmarks(laboratory, data, 0) for data in sets]
    lines = [line for n, one in enumerate(known) for line in references(one, words, n)]
    said = {**summary(under_way(progress, runs, words), [], None, words), **no_verdict()}
    return {**said, "references": lines, "waits": None in known}


def summary(said: str, runs: list[Run], known: Benchmarks | None, words: Words) -> Json:
    return {
        "sentence": typeset(said),
        "figures": figures(runs, known, words),
        "references": references(known, words),
    }


def no_verdict() -> Json:
    return {"cause": None, "evidence": [], "next": None}


def verdict_fields(verdict: Verdict | None, words: Words) -> Json:
    """The verdict as data: its cause, what bears it out, what to try next."""
    if verdict is None:
        return no_verdict()
    return {
        "cause": verdict.cause,
        "evidence": evidence(verdict, words),
        "next": next_step(verdict, words),
    }


def verdict_of(run: Run, known: Benchmarks | None) -> Verdict | None:
    """The verdict on a run that has ended; None of a finished one without benchmarks."""
    if known is None and run.outcome.kind == "finished":
        return None
    return judge(run, known or Benchmarks(None, None, 1 / run.experiment.data.classes))


def benchmarks(
    laboratory: Laboratory, data: Data, seconds: float = KNOWN_SECONDS
) -> Benchmarks | None:
    """What is known of a data set; None where no worker says it in time."""
    try:
        return laboratory.benchmarks(data).result(seconds)
    except (RuntimeError, TimeoutError):
        return None


def under_way(progress: Progress, runs: list[Run], words: Words) -> str:
    """What can be said of a job before it is done, or of one of many runs; the chart tells how far.

    Empty while there is nothing to say.
    """
    if len(runs) > 1:
        done = progress.state == "done"
        return words("explore.runs_finished", total=progress.runs) if done else ""
    return so_far(runs[0], words)


def so_far(run: Run, words: Words) -> str:
    if not len(run.records):
        return ""
    return words("explore.so_far", final=percent(float(run.column("val_accuracy")[-1])))


def sentence(run: Run, known: Benchmarks | None, words: Words) -> str:
    """What can be said of a run that has ended; without benchmarks, how far it has come."""
    return verdict_sentence(verdict_of(run, known), run, words)


def verdict_sentence(verdict: Verdict | None, run: Run, words: Words) -> str:
    if verdict is None:
        return so_far(run, words)
    sentences = words.section("verdict")
    said = [phrase.written(sentences) for phrase in phrases(verdict)]
    if run.outcome.kind == "interrupted":
        said.append(words("explore.train_again"))
    return words("explore.between_sentences").join(said)


def figures(runs: list[Run], known: Benchmarks | None, words: Words) -> list[Json]:
    """Final, best, epoch to the bar and loss of a single run; dashes while there is nothing."""
    if len(runs) != 1:
        return []
    least = bar(runs[0], known)
    values = figure_values(runs[0], least, words) if len(runs[0].records) else ["–"] * 4
    tutorials = runs[0].experiment.data == Blobs()
    labels = {
        "final": words("explore.figure_final"),
        "best": words("explore.figure_best"),
        "reached": words("explore.figure_reached", bar=words("explore.bar_unknown"))
        if least is None
        else words("explore.figure_reached", bar=percent(least, 0 if tutorials else 1)),
        "loss": words("explore.figure_loss"),
    }
    return [
        {
            "label": label,
            "value": value,
            "title": words(f"explore.figure_{name}_help{'' if tutorials else '_enough'}")
            if name == "reached"
            else words(f"explore.figure_{name}_help"),
        }
        for (name, label), value in zip(labels.items(), values, strict=True)
    ]


def bar(run: Run, known: Benchmarks | None) -> float | None:
    """The accuracy that the sentence calls enough; None while it is not known."""
    data = run.experiment.data
    if known is not None:
        return enough(data, known)
    return TARGET if data == Blobs() else None


def figure_values(run: Run, least: float | None, words: Words) -> list[str]:
    accuracy = run.column("val_accuracy")
    best = int(np.argmax(accuracy))
    best_at = words("explore.at_epoch", epoch=best + 1)
    train, test = (figure(float(run.column(name)[-1])) for name in ("loss", "val_loss"))
    return [
        percent(float(accuracy[-1])),
        words("explore.value_at", value=percent(float(accuracy[best])), epoch=best_at),
        first_epoch(accuracy, least, words),
        words("explore.figure_losses", train=train, test=test),
    ]


def first_epoch(accuracy: npt.NDArray[np.float64], least: float | None, words: Words) -> str:
    """The first epoch with at least so much accuracy."""
    if least is None:
        return "–"
    above = np.flatnonzero(accuracy >= least)
    return (
        words("explore.at_epoch", epoch=int(above[0]) + 1) if len(above) else words("explore.never")
    )
