"""What is decided of a run, in the order in which it happened.

At each of a fixed row of epochs it is asked whether the run is decided: too large, settled or good,
and after that lost or overfitting. What is decided stays, however much longer the same experiment
is trained; so the cause of a longer run is never another than that of a shorter one, unless the
shorter one was still on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from core.analysis.course import LOUD, WINDOW_MIN, Course, until
from core.analysis.improvement import (
    BACK,
    BLOWN,
    FAINT,
    LONG,
    clear_improvement,
    has_settled,
    has_stalled,
    improvement,
    is_descending,
    is_rising,
)
from core.analysis.rates import RunRates
from core.analysis.scale import Scale
from core.analysis.too_large import (
    FAR,
    SHAKY,
    SOME,
    WRONG_ROWS,
    is_sure_of_mistakes,
    is_too_large,
    leaps,
)
from core.analysis.trends import CLEAR, SURE, unrest
from core.experiment.limits import EPOCHS_MAX
from core.experiment.records import Run

Decision = Literal["too_large", "settled", "good", "lost", "overfits"]
OnItsWay = Literal["too_short", "nothing", "too_small", "still_improving", "never_warmed"]

# When is it asked? R20 of the preferred numbers (ISO 3): twenty steps of 12 % to the next ten.
R20 = (10, 11.2, 12.5, 14, 16, 18, 20, 22.4, 25, 28, 31.5, 35.5, 40, 45, 50, 56, 63, 71, 80, 90)
SHORT = 5  # epochs: fewer say nothing of how a run goes on

# What is worse than it was?
LOST = 0.2  # of what can be learned, lost since the best
CERTAIN = 3.0  # standard errors of the test accuracy
OVERFITTED = 1.15  # test loss over its lowest, both smoothed,
KEPT = 1.05  # and that of all late epochs but the lowest `QUIET`,
QUIET = 0.1
EARLY = 0.6  # with the lowest in so much of the epochs
RISEN = 0.01  # of the loss of guessing: a rise below it is none
UNLEARNED = 0.95  # training loss over what it was at the lowest test loss


def decision_epochs(skipped: int, length: int) -> Iterator[int]:
    """The epochs at which a run of some length is asked.

    >>> list(decision_epochs(0, 30))
    [5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 25, 28]
    """
    numbers = {round(step * 10**power) for step in R20 for power in range(-1, 3)}
    for number in sorted(numbers):
        if SHORT <= number <= min(length - skipped, EPOCHS_MAX):
            yield skipped + number


def decision(run: Run, measure: Scale, rates: RunRates) -> Decision | None:
    """What is decided of a run; None as long as it is on its way."""
    so_far: Decision | None = None
    for epoch in decision_epochs(rates.skipped, len(run.records)):
        course = until(run, epoch, rates.skipped, measure)
        if so_far is None:
            so_far = first_decision(course, rates.will_fall(epoch))
        elif so_far == "good":
            so_far = change_for_the_worse(course) or so_far
    return so_far


def first_decision(course: Course, rate_will_fall: bool) -> Decision | None:
    """What can be said of an undecided run, and will stay so; what went wrong is asked first."""
    if is_too_large(course) and not rate_will_fall:
        return "too_large"
    if overfits(course) and not course.swings and not is_rising(course):
        return "overfits"
    if is_good(course):
        return "good"
    if was_lost(course) and is_undone(course):
        return "lost"
    is_calm = has_settled(course) and not was_lost(course) and not is_sure_of_mistakes(course)
    return "settled" if is_calm else None


def is_good(course: Course) -> bool:
    """Whether a run has learned what there is, and quietly; if it leapt far up, then for long."""
    is_calm = course.blow < FAR or (course.epochs >= LONG and not leaps(course))
    return is_calm and course.is_enough and course.has_gained and not course.swings


def is_undone(course: Course) -> bool:
    """Whether a run quietly stays where it is worse than it was."""
    return course.epochs >= LONG and has_stalled(course) and not course.swings


def change_for_the_worse(course: Course) -> Decision | None:
    """What may become of a run that was good."""
    if was_lost(course):
        return "lost"
    return "overfits" if overfits(course) and not course.swings else None


def on_its_way(course: Course, rates: RunRates) -> OnItsWay:
    """What an undecided run is short of."""
    if course.epochs <= 0:  # as `notes` says it: the schedule never begins
        return "never_warmed"
    if course.epochs < SHORT:
        return "too_short"
    if not course.has_gained and (course.blow >= BLOWN or not is_descending(course)):
        return "nothing" if course.blow < BLOWN else "too_short"
    if is_too_small(course, rates):
        return "too_small"
    return "still_improving" if improvement(course) else "too_short"


def is_too_small(course: Course, rates: RunRates) -> bool:
    """Whether the run gets better, but even ten times the epochs would not be enough for it.

    The accuracy is taken to go on at the pace of its last half, and to have `SURE` standard errors
    more of it than was seen.
    """
    steady = course.epochs >= SOME and course.blow < BLOWN
    if not steady or course.swing > course.large_swing / 2:
        return False
    if course.val_loss_trend.sureness < CLEAR or clear_improvement(course) is None:
        return False
    half = max(course.epochs // 2, 1)
    rise = 2 * (course.error_trend.fall + SURE * course.error_trend.error)  # over the last half
    ahead = rise * rates.outlook(len(course.loss), half)
    return course.level + max(ahead, 0.0) < course.scale.enough


def was_lost(course: Course) -> bool:
    """Whether a good part of what was learned is gone again, from the training rows as well."""
    accuracy = course.smooth(course.val_accuracy, WINDOW_MIN)
    best, now = float(accuracy.max()), course.val_accuracy[-course.part(4) :]
    least = max(LOST * course.scale.room, CERTAIN * course.error)
    return (
        course.epochs >= SOME
        and best - float(accuracy[-1]) > least
        and float(np.quantile(now, LOUD)) < best - least / 2
        and (is_back(course) or trained_worse(course, least / 2))
    )


def is_back(course: Course) -> bool:
    """Whether the training loss is clearly above its lowest."""
    loss = course.smooth(course.loss, WINDOW_MIN)
    return bool(loss[-1] > BACK * loss.min())


def trained_worse(course: Course, least: float) -> bool:
    """Whether the training accuracy is so much below its best; a penalty hides it in the loss."""
    accuracy = course.smooth(course.accuracy, WINDOW_MIN)
    return bool(accuracy.max() - accuracy[-1] > least)


def overfits(course: Course) -> bool:
    """Whether the test loss has risen from its lowest while the training loss fell on, and falls.

    One point that the network is surely wrong about can make the mean loss rise, so there must be
    some. And it must have risen by more than it moves from one epoch to the next.
    """
    measure = course.scale
    if course.epochs < LONG or measure.rows * (1 - course.level) < WRONG_ROWS:
        return False
    val_loss = course.smooth(course.val_loss, WINDOW_MIN)
    loss = course.smooth(course.loss, WINDOW_MIN)
    at = int(np.argmin(val_loss))
    lowest, now = float(val_loss[at]), float(val_loss[-1])
    late = course.val_loss[-course.part(4) :]
    return (
        now > OVERFITTED * lowest
        and now - lowest > RISEN * measure.guessing_loss
        and at < EARLY * len(val_loss)
        and float(np.quantile(late, QUIET)) > KEPT * lowest
        and now - lowest > unrest(late)
        and float(loss[-1]) < UNLEARNED * float(loss[at])
        and not is_back(course)
        and course.loss_trend.sureness >= FAINT
        and unrest(course.loss[-course.part(4) :]) < SHAKY * measure.guessing_loss
    )


def falls_on(course: Course) -> bool:
    """Whether the training loss is below what it was at the lowest test loss, and at its lowest."""
    val_loss = course.smooth(course.val_loss, WINDOW_MIN)
    loss = course.smooth(course.loss, WINDOW_MIN)
    return bool(loss[-1] < UNLEARNED * loss[np.argmin(val_loss)]) and not is_back(course)
