"""What a claim is judged by, as lines and areas in its chart."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from core.analysis.claims import Claim, ClaimFigure, ClaimVerdict
from core.analysis.claims.measures import BOTTOM
from core.analysis.scale import TARGET
from core.analysis.studies.tutorial import KERAS_2
from core.experiment import Experiment
from core.experiment.schedules import Plateau
from dashboard.claims.reasons import points
from dashboard.lines.names import name_in_sentence
from dashboard.text import Words
from dashboard.text.numbers import percent, rate


@dataclass(frozen=True)
class Mark:
    """A line across a chart at a value of one axis, or an area up to another; and its words.

    They stand above a level line, or `below` it where curves are to be expected above.
    """

    axis: str  # x or y
    at: float
    text: str
    to: float | None = None
    below: bool = False


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict, where there is one."""

    claim: Claim
    verdict: ClaimVerdict | None
    words: Words

    @property
    def number(self) -> float:
        return self.claim.agrees.number

    @property
    def tolerance(self) -> float:
        return self.claim.agrees.tolerance

    @property
    def figures(self) -> tuple[ClaimFigure, ...]:
        return self.verdict.figures if self.verdict else ()

    @property
    def experiment(self) -> Experiment:
        return self.claim.measures[0].cell(KERAS_2).experiment

    @property
    def last(self) -> tuple[str, float] | None:
        """The name and the mean of the last cell, which others are compared to."""
        found = [(name, mean) for name, mean in self.means if math.isfinite(mean)]
        return found[-1] if self.means and found and found[-1] == self.means[-1] else None

    @property
    def means(self) -> list[tuple[str, float]]:
        return [
            (name_in_sentence(one.measure.cell(KERAS_2), self.words), one.estimate.mean)
            for one in self.figures
        ]


def marks(of: Judged) -> list[Mark]:
    """Everything that is drawn of the threshold; of a comparison once it has been measured."""
    name, kind = of.claim.measures[0].name, of.claim.agrees.kind
    bars = BARS[name](of) if name in BARS else []
    return [*bars, *LIMITS[name, kind](of)]


def mark_first_epoch(of: Judged) -> list[Mark]:
    return [Mark("y", TARGET, percent(TARGET, 0), below=True)]


def bottom(of: Judged) -> list[Mark]:
    return [Mark("y", BOTTOM * first_rate(of), of.words("lesson.mark_hundredth"))]


def first_rate(of: Judged) -> float:
    return of.experiment.optimizer.learning_rate


# What a measure itself needs to be read.
BARS: dict[str, Callable[[Judged], list[Mark]]] = {
    "epochs_to_80": mark_first_epoch,
    "learnt_epoch": mark_first_epoch,
    "bottom_epoch": bottom,
    "late_swing": lambda of: [
        Mark("x", of.experiment.length // 2, of.words("lesson.mark_second_half"))
    ],
}


def accuracy(of: Judged) -> list[Mark]:
    ends_above = of.verdict is not None and (of.verdict.kind == "fails") == is_ceiling(of.claim)
    return [Mark("y", of.number, percent(of.number, 0), below=ends_above)]


def is_ceiling(claim: Claim) -> bool:
    return claim.agrees.kind == "below"


def accuracy_around(of: Judged) -> list[Mark]:
    low, high = of.number - of.tolerance, of.number + of.tolerance
    text = of.words("lesson.mark_between", low=percent(low, 0), high=percent(high, 0))
    return [Mark("y", low, text, to=high)]


def below_last(of: Judged) -> list[Mark]:
    if of.last is None:
        return []
    name, mean = of.last
    text = of.words("lesson.mark_below", number=points(of.tolerance), name=name)
    return [Mark("y", mean - of.tolerance, text, below=True)]


def around_last(of: Judged) -> list[Mark]:
    if of.last is None:
        return []
    name, mean = of.last
    text = of.words("lesson.mark_within", number=points(of.tolerance), name=name)
    return [Mark("y", mean - of.tolerance, text, to=mean + of.tolerance)]


def epoch(of: Judged) -> list[Mark]:
    return [Mark("x", of.number, of.words("lesson.mark_epoch", number=f"{of.number:.0f}"))]


def epochs_of_all(of: Judged) -> list[Mark]:
    return [at_epoch(name, mean, of.words) for name, mean in of.means if math.isfinite(mean)]


def epoch_of_last(of: Judged) -> list[Mark]:
    return [at_epoch(*of.last, of.words)] if of.last else []


def at_epoch(name: str, mean: float, words: Words) -> Mark:
    value = words("lesson.mark_epoch", number=f"{mean:.0f}")
    return Mark("x", mean, words("lesson.mark_of", name=name, value=value))


def change(of: Judged) -> list[Mark]:
    """Of an accuracy, from epoch to epoch or since the first one."""
    text = of.words("lesson.mark_points", number=points(of.number))
    return [Mark("y", of.number, text, below=of.claim.agrees.kind == "at_least")]


def swing_of_last(of: Judged) -> list[Mark]:
    if of.last is None:
        return []
    name, mean = of.last
    value = of.words("lesson.mark_points", number=points(round(mean, 3)))
    return [Mark("y", mean, of.words("lesson.mark_of", name=name, value=value))]


def one_cut(of: Judged) -> list[Mark]:
    schedule = of.experiment.schedule
    factor = schedule.factor if isinstance(schedule, Plateau) else 1.0
    return [Mark("y", first_rate(of) * factor, of.words("lesson.mark_one_cut"))]


def rate_around(of: Judged) -> list[Mark]:
    text = of.words("lesson.mark_near", number=rate(of.number))
    return [Mark("y", of.number - of.tolerance, text, to=of.number + of.tolerance)]


def tenth_by_50(of: Judged) -> list[Mark]:
    return [
        Mark("y", of.number * first_rate(of), of.words("lesson.mark_tenth")),
        Mark("x", 50, of.words("lesson.mark_update", number=50)),
    ]


LIMITS: dict[tuple[str, str], Callable[[Judged], list[Mark]]] = {
    ("late_swing", "at_least"): change,
    ("test_swing", "lower_than_last"): swing_of_last,
    ("end", "at_least"): accuracy,
    ("end", "lower_than_last"): below_last,
    ("end", "within"): around_last,
    ("train_end", "near"): accuracy_around,
    ("train_end", "below"): accuracy,
    ("gain", "at_most"): change,
    ("epochs_to_80", "at_most"): epoch,
    ("epochs_to_80", "above"): epoch,
    ("learnt_epoch", "at_most"): epoch,
    ("learnt_epoch", "rising"): epochs_of_all,
    ("learnt_epoch", "lower_than_last"): epoch_of_last,
    ("bottom_epoch", "at_most"): epoch,
    ("settled_epoch", "below"): epoch,
    ("cuts", "exactly"): one_cut,
    ("rate_after_50", "at_most"): tenth_by_50,
    ("last_paper_rate", "near"): rate_around,
    ("last_rate", "near"): rate_around,
}
