"""A job in one sentence and a row of figures, in the visitor's language."""

from __future__ import annotations

from concurrent.futures import TimeoutError
from typing import Any

import numpy as np
import numpy.typing as npt

from core.analysis.attainable import Benchmarks
from core.analysis.scale import TARGET, enough
from core.analysis.sentences import phrases
from core.analysis.verdict import judge
from core.experiment.data import Blobs, Data
from core.experiment.records import Run
from core.service import Laboratory, Progress
from dashboard.text import Words
from dashboard.text.numbers import figure, percent

Json = dict[str, Any]

KNOWN_SECONDS = 5.0  # that a sentence waits for what it is measured against; it comes in 0.1


def summarise(laboratory: Laboratory, job: str, language: str) -> Json:
    """What stands above the chart of a job: {"sentence", "figures": [{label, value, title}]}."""
    words = Words(language)
    progress, runs = laboratory.progress(job), laboratory.runs(job)
    if progress.state != "done" or len(runs) != 1:
        known = benchmarks(laboratory, runs[0].experiment.data, 0) if len(runs) == 1 else None
        said = under_way(progress, runs, words)
        return {"sentence": said, "figures": figures(runs, known, words)}
    known = benchmarks(laboratory, runs[0].experiment.data)
    said = sentence(runs[0], known, words)
    return {"sentence": said, "figures": figures(runs, known, words)}


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
    if known is None:
        if run.outcome.kind == "finished":
            return so_far(run, words)
        known = Benchmarks(None, None, 1 / run.experiment.data.classes)  # an end needs none
    sentences = words.section("verdict")
    said = [phrase.written(sentences) for phrase in phrases(judge(run, known))]
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
    losses = (figure(float(run.column(name)[-1])) for name in ("loss", "val_loss"))
    return [
        percent(float(accuracy[-1])),
        words("explore.value_at", value=percent(float(accuracy[best])), epoch=best_at),
        reached(accuracy, least, words),
        " · ".join(losses),
    ]


def reached(accuracy: npt.NDArray[np.float64], least: float | None, words: Words) -> str:
    """The first epoch with at least so much accuracy."""
    if least is None:
        return "–"
    above = np.flatnonzero(accuracy >= least)
    return (
        words("explore.at_epoch", epoch=int(above[0]) + 1) if len(above) else words("explore.never")
    )
