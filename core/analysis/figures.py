"""The figures that a verdict speaks of."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from core.analysis.attainable import Benchmarks
from core.analysis.course import Course
from core.analysis.improvement import HALF
from core.analysis.spikes import Spikes, spikes
from core.analysis.trends import Values
from core.experiment.records import Run


@dataclass(frozen=True)
class Figures:
    """What a verdict speaks of. A figure that there is none of is NaN, an epoch 0."""

    epoch: int = 0  # the last complete one; of a diverged run the one that was not
    epochs: int = 0  # that were asked for
    rows: int = 0  # in the test set
    final: float = math.nan  # test accuracy of the last epoch,
    level: float = math.nan  # the median of the last quarter, which is
    late: int = 0  # so many epochs,
    swing: float = math.nan  # and the mean change from one epoch to the next in the last half
    leap: float = math.nan  # and that of the training loss
    best: float = math.nan
    best_epoch: int = 0  # the first with the best test accuracy
    reached: int = 0  # the first with `enough`
    loss: float = math.nan
    val_loss: float = math.nan
    highest: float = math.nan  # training or test loss of any epoch
    lowest: float = math.nan  # test loss of any epoch
    lowest_epoch: int = 0
    before: float = math.nan  # test accuracy before the first update,
    first_val_loss: float = math.nan  # and test loss
    guessing_loss: float = math.nan
    rate: float = math.nan  # that was asked for
    last_rate: float = math.nan
    guessing: float = math.nan
    possible: float = math.nan
    is_attainable: bool = True  # or else `possible` is what a reference reaches
    enough: float = math.nan
    schedule: str = ""  # its kind
    spikes: Spikes | None = None
    why: str = ""  # a run failed or was interrupted


def half_a_row(figures: Figures) -> float:
    """What two accuracies of the same test rows may lie apart by rounding alone."""
    return HALF / max(figures.rows, 1)


def outset(run: Run, known: Benchmarks) -> Figures:
    """The figures of a run that has no records."""
    return Figures(
        epoch=run.outcome.epoch,
        epochs=run.experiment.length,
        rows=run.experiment.data.rows - run.experiment.data.train_rows,
        schedule=run.experiment.schedule.kind,
        rate=rate_asked_for(run),
        guessing=known.guessing,
        possible=known.possible,
        is_attainable=known.reference is None,
        why=run.outcome.why,
    )


def rate_asked_for(run: Run) -> float:
    """The rate that was set when a run ended, before its schedule."""
    last = max(run.outcome.epoch, 1)
    stages = [stage for stage in run.experiment.stages if stage.first < last]
    return stages[-1].optimizer.learning_rate


def figures_of(run: Run, known: Benchmarks, course: Course) -> Figures:
    accuracy, val_loss = run.column("val_accuracy"), run.column("val_loss")
    measure = course.scale
    best, lowest = int(np.argmax(accuracy)), int(np.argmin(val_loss))
    above = np.flatnonzero(accuracy >= measure.enough)
    return replace(
        outset(run, known),
        epoch=run.outcome.epoch if run.outcome.kind == "diverged" else len(run.records),
        final=float(accuracy[-1]),
        level=course.level,
        late=course.part(4),
        swing=mean_step(course.late),
        leap=mean_step(course.loss[-len(course.late) :]),
        best=float(accuracy[best]),
        best_epoch=best + 1,
        reached=int(above[0]) + 1 if len(above) else 0,
        loss=float(run.column("loss")[-1]),
        val_loss=float(val_loss[-1]),
        highest=max(float(run.column("loss").max()), float(val_loss.max())),
        lowest=float(val_loss[lowest]),
        lowest_epoch=lowest + 1,
        before=measure.start.val_accuracy,
        first_val_loss=measure.start.val_loss,
        guessing_loss=measure.guessing_loss,
        last_rate=float(run.column("learning_rate")[-1]),
        enough=measure.enough,
        spikes=spikes(run.column("loss"), measure.guessing_loss) if len(above) else None,
    )


def mean_step(values: Values) -> float:
    """By how much a figure moves from one epoch to the next, on average; NaN of a single one."""
    return float(np.abs(np.diff(values)).mean()) if len(values) > 1 else math.nan
