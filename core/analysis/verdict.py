"""What can be said of a run: the cause, the evidence for it, and what to try next."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from core.analysis.attainable import Benchmarks
from core.analysis.course import Course, until
from core.analysis.decision import (
    SHORT,
    Decision,
    OnItsWay,
    decision,
    falls_on,
    on_its_way,
    was_lost,
)
from core.analysis.improvement import (
    BLOWN,
    FAINT,
    HALF,
    LONG,
    has_stalled,
    improvement,
    is_down,
    trends,
)
from core.analysis.next_step import FADED, next_step
from core.analysis.rates import RunRates
from core.analysis.scale import Scale, scale
from core.analysis.spikes import AROUND, Spikes, spikes
from core.analysis.too_large import is_dead, is_frozen, is_sure_of_mistakes, leaps
from core.analysis.trends import SURE, Values, standard_error
from core.experiment.data import Blobs
from core.experiment.records import Run

# How a run ended goes first, then what was decided of it, then what it is short of.
Ended = Literal["diverged", "stopped", "interrupted", "failed"]
Cause = Ended | Decision | OnItsWay


@dataclass(frozen=True)
class Evidence:
    """A figure that bears a cause out, seen at one epoch or from one to another; 0 is the start."""

    column: str
    first: int
    last: int
    value: float

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "from": self.first, "to": self.last, "value": self.value}


Marks = tuple[Evidence, ...]


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


@dataclass(frozen=True)
class Verdict:
    """The cause, what bears it out, what to try next (by path), and all figures.

    `detail` tells several ways apart in which a cause may hold; `core.analysis.sentences` words it.
    """

    cause: Cause
    detail: str
    evidence: Marks
    next: dict[str, Any] | None
    figures: Figures

    def to_dict(self) -> dict[str, Any]:
        """The verdict as `run --json` prints it, but for the sentence."""
        evidence = [one.to_dict() for one in self.evidence]
        return {"cause": self.cause, "evidence": evidence, "next": self.next}


def judge(run: Run, known: Benchmarks) -> Verdict:
    """What can be said of a run, against what is known of its data; raises nothing."""
    if not len(run.records):
        cause: Cause = "stopped" if run.outcome.kind == "finished" else run.outcome.kind
        figures, detail = outset(run, known), "at_once" if cause == "diverged" else ""
        return Verdict(cause, detail, (), next_step(run, cause, detail, figures.epoch), figures)
    measure, rates = scale(run, known), RunRates(run)
    course = until(run, len(run.records), min(rates.skipped, len(run.records) - 1), measure)
    cause, figures = cause_of(run, measure, rates), figures_of(run, known, course)
    detail = detail_of(cause, run, course, figures)
    step = next_step(run, cause, detail, figures.lowest_epoch)
    marks = evidence(cause, detail, figures, course)
    return Verdict(cause, detail, marks, step, figures)


def cause_of(run: Run, measure: Scale, rates: RunRates) -> Cause:
    """The one word for a run."""
    if run.outcome.kind != "finished":
        return run.outcome.kind
    decided = decision(run, measure, rates)
    return decided or on_its_way(until(run, len(run.records), rates.skipped, measure), rates)


def detail_of(cause: Cause, run: Run, course: Course, figures: Figures) -> str:
    """In which of its ways a cause holds."""
    faded = "faded" if figures.last_rate < FADED * figures.rate else ""
    match cause:
        case "diverged":
            return "at_once" if run.outcome.epoch <= 1 else ""
        case "too_large":
            return too_large_detail(course)
        case "nothing" | "good" if course.scale.is_hardly_any:
            return "few" if has_few_rows(course.scale) else "hardly"
        case "nothing" if is_down(course) and figures.before < figures.enough:
            return "down"
        case "nothing":
            return "known" if figures.before >= figures.enough else ""
        case "settled" | "too_small":
            return faded
        case "good" if figures.level < figures.enough - half_a_row(figures):
            is_near = course.level >= figures.enough - SURE * course.error
            return "near" if is_near and not is_below_best(course) else "slipped"
        case "good":
            return "tutorial" if run.experiment.data == Blobs() else ""
        case "still_improving" if (figure := improvement(course)) in ("loss", "val_loss"):
            return figure
        case "overfits":
            if was_lost(course):
                return "lost"
            if not falls_on(course):
                return "back"
            return "worse" if is_below_best(course) else ""
        case "too_short":
            if course.epochs < 2 * SHORT:
                return ""
            return unclear_detail(course)
    return ""


def too_large_detail(course: Course) -> str:
    """How steps that are too large show at the end."""
    if is_sure_of_mistakes(course):
        return "sure"
    if is_dead(course):
        return "dead"
    if course.learned < HALF * course.scale.room and course.blow > BLOWN:
        return "thrown"
    if is_frozen(course):
        return "frozen"
    if leaps(course):
        return "leaps"
    return "late" if course.is_enough and not course.swings else ""


def unclear_detail(course: Course) -> str:
    """Why a run of some length is still undecided: it goes down, swings for long, or neither."""
    if is_below_best(course) and course.error_trend.sureness < -FAINT:
        return "falls"
    is_restless = course.swings and course.epochs >= LONG and has_stalled(course)
    return "restless" if is_restless else "unclear"


def is_below_best(course: Course) -> bool:
    """Whether the test accuracy is below its best by more than chance, single epochs left out."""
    best = float(course.smooth(course.val_accuracy, AROUND).max())
    return course.level < best - course.error


def has_few_rows(measure: Scale) -> bool:
    """Whether there are too few test rows to tell any rule from guessing, chance taken off."""
    best = 1 - measure.guessing if measure.guessing < HALF else HALF
    return SURE * standard_error(measure.possible, measure.rows) > HALF * best


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


def evidence(cause: Cause, detail: str, figures: Figures, course: Course) -> Marks:
    """What bears a cause out, to be marked on the curve."""
    last = len(course.loss)
    quarter = last - course.part(4) + 1
    level = Evidence("val_accuracy", quarter, last, figures.level)
    found: dict[str, Marks] = {
        "diverged": (Evidence("loss", last, last, figures.loss),),
        "too_large": (*unrest_of(detail, figures, course), level),
        "nothing": (Evidence("val_accuracy", 0, 0, figures.before), level),
        "too_small": (*gain(course), level),
        "lost": (
            Evidence("val_accuracy", figures.best_epoch, figures.best_epoch, figures.best),
            level,
        ),
        "overfits": (
            Evidence("val_loss", figures.lowest_epoch, figures.lowest_epoch, figures.lowest),
            Evidence("val_loss", last, last, figures.val_loss),
        ),
        "still_improving": (*gain(course), level),
        "never_warmed": (Evidence("learning_rate", last, last, figures.last_rate),),
        "settled": (level,),
        "good": (level,),
        "too_short": (level,),
    }
    more = figures.spikes
    spiked = (Evidence("loss", more.epoch, more.epoch, more.highest),) if more else ()
    return found.get(cause, ()) + spiked


def gain(course: Course) -> Marks:
    """The change of the figure that gets better: an accuracy rises, a loss falls."""
    figure = improvement(course)
    if figure is None:
        return ()
    last, fall = len(course.loss), trends(course)[figure].fall
    change = fall if figure == "val_accuracy" else -fall
    return (Evidence(figure, last - len(course.late) + 1, last, change),)


def unrest_of(detail: str, figures: Figures, course: Course) -> Marks:
    """Where a loss was highest of a run that was thrown off, else how the accuracy moves."""
    if detail in ("thrown", "frozen", "leaps"):
        highest = {"loss": course.loss, "val_loss": course.val_loss}
        column = max(highest, key=lambda name: float(highest[name].max()))
        at = int(np.argmax(highest[column])) + 1
        return (Evidence(column, at, at, figures.highest),)
    last = len(course.loss)
    return (Evidence("val_accuracy", last - len(course.late) + 1, last, figures.swing),)
