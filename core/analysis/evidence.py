"""What bears a verdict out, to be marked on the curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.analysis.course import Course
from core.analysis.figures import Figures
from core.analysis.improvement import improvement, trends


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


def evidence(cause: str, detail: str, figures: Figures, course: Course) -> Marks:
    """Of a cause, and of the way in which it holds."""
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
