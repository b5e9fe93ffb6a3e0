"""What can be said of a run: the cause, the evidence for it, and what to try next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

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
from core.analysis.evidence import Marks, evidence
from core.analysis.figures import Figures, figures_of, half_a_row, outset
from core.analysis.improvement import (
    BLOWN,
    FAINT,
    HALF,
    LONG,
    has_stalled,
    improvement,
    is_down,
)
from core.analysis.next_step import FADED, next_step
from core.analysis.rates import RunRates
from core.analysis.scale import Scale, scale
from core.analysis.spikes import AROUND
from core.analysis.too_large import is_dead, is_frozen, is_sure_of_mistakes, leaps
from core.analysis.trends import SURE, standard_error
from core.experiment.data import Blobs
from core.experiment.records import Run

# How a run ended goes first, then what was decided of it, then what it is short of.
Ended = Literal["diverged", "stopped", "interrupted", "failed"]
Cause = Ended | Decision | OnItsWay


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
