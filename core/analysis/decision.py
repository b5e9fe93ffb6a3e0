"""What is decided of a run, in the order in which it happened.

At each of a fixed row of epochs it is asked whether the run is decided: too large, settled or good,
and after that lost or overfitting. What is decided stays, however much longer the same experiment
is trained; so the cause of a longer run is never another than that of a shorter one, unless the
shorter one was still on its way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from core.analysis.course import LOUD, WINDOW_MIN, Course, until
from core.analysis.rates import RunRates
from core.analysis.scale import Scale
from core.analysis.trends import CLEAR, SURE, unrest
from core.experiment.limits import EPOCHS_MAX
from core.experiment.records import Run

Decision = Literal["too_large", "settled", "good", "lost", "overfits"]
OnItsWay = Literal["too_short", "nothing", "too_small", "still_improving", "never_warmed"]

# When is it asked? R20 of the preferred numbers (ISO 3): twenty steps of 12 % to the next ten.
R20 = (10, 11.2, 12.5, 14, 16, 18, 20, 22.4, 25, 28, 31.5, 35.5, 40, 45, 50, 56, 63, 71, 80, 90)
SHORT = 5  # epochs: fewer say nothing of how a run goes on
SOME = 20  # epochs before it is said that something does not get better,
MANY = 50  # or that it does not learn what it could,
LONG = 100  # or that it has come to its end

# What is a trend?
FAINT = 1.5  # of Student's t, p = 0.09: below it none is to be seen
LOSS_STEP = 0.01  # of itself, in a quarter of the epochs: a training loss always falls a little
VAL_LOSS_STEP = 0.001  # the test loss does not
ERROR_STEP = 0.1  # standard errors of the test accuracy

# What is too much?
SWING = 0.1  # of what was learned: a deviation that makes it matter when one stops
WIDE = 2.0  # such deviations: now and then a figure is as good as never before by chance alone
BLOWN = 1.5  # times the loss before the first update, or that of guessing: a leap of no use
EXPLODED = 2.0  # the same, and so much that it is told without waiting for a trend
SATURATED = 24 * math.log(2)  # cross-entropy: the right class is given float32's 2⁻²⁴ or less
HALF = 0.5
WORSE = 1.01  # times the loss of guessing: what is no better, and yet moves,
REST = 5e-4  # by more than so much of itself an epoch, is moved by its steps
STILL = 0.005  # of a loss, in a quarter of the epochs
OLD = 0.4  # of the epochs: a best value so long ago is no longer being worked on

# What is worse than it was?
LOST = 0.2  # of what can be learned, lost since the best
REGAINED = 1.05  # training loss over its lowest, both smoothed: above it that is lost as well
CERTAIN = 3.0  # standard errors of the test accuracy
OVERFITTED = 1.15  # test loss over its lowest, both smoothed,
KEPT = 1.05  # and that of all late epochs but the lowest `QUIET`,
QUIET = 0.1
EARLY = 0.6  # with the lowest in so much of the epochs
RISEN = 0.01  # of the loss of guessing: a rise below it is none
UNLEARNED = 0.98  # training loss over what it was at the lowest test loss
WRONG_ROWS = SURE**2  # wrong test points: the rise of k losses is known to one in √k


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
    if overfits(course) and not swings(course) and not is_rising(course):
        return "overfits"
    if course.is_enough and course.has_gained and not swings(course):
        return "good"
    return "settled" if has_settled(course) else None


def change_for_the_worse(course: Course) -> Decision | None:
    """What may become of a run that was good."""
    if was_lost(course):
        return "lost"
    return "overfits" if overfits(course) and not swings(course) else None


def on_its_way(course: Course, rates: RunRates) -> OnItsWay:
    """What an undecided run is short of."""
    if course.epochs <= 0:  # as `notes` says it: the schedule never begins
        return "never_warmed"
    if course.epochs < SHORT:
        return "too_short"
    if not course.has_gained:
        return "nothing" if course.blow < BLOWN else "too_short"
    if is_too_small(course, rates):
        return "too_small"
    is_best_now = course.epochs >= 2 * SHORT and min(course.ages) < 1 / 4
    return "still_improving" if is_improving(course) or is_best_now else "too_short"


def large_swing(course: Course) -> float:
    """A swing from which on it matters: a share of what was learned, and more than chance."""
    return max(SWING * course.learned, course.error)


def swings(course: Course) -> bool:
    return course.swing > large_swing(course)


def is_rising(course: Course) -> bool:
    """Whether there is any sign that the test accuracy rises."""
    return course.error_trend.sureness >= FAINT


def is_improving(course: Course) -> bool:
    """Whether anything clearly gets better, and not only the training loss beside the test loss."""
    return (
        (
            course.loss_trend.is_clear(LOSS_STEP * course.late_loss)
            and course.val_loss_trend.sureness > -CLEAR
        )
        or course.val_loss_trend.is_clear(VAL_LOSS_STEP * course.late_val_loss)
        or course.error_trend.is_clear(ERROR_STEP * course.error)
    )


def has_stalled(course: Course) -> bool:
    """Whether there is no sign that anything gets better."""
    loss, val_loss = course.loss_trend, course.val_loss_trend
    falls = loss.sureness >= FAINT and loss.fall >= 2 * LOSS_STEP * course.late_loss
    return not falls and not is_rising(course) and val_loss.sureness < FAINT


def is_too_large(course: Course) -> bool:
    """Whether the steps keep the run from what could be learned.

    Either its loss once leapt far up and the run has not recovered, or its loss stays above that of
    guessing. Or the accuracy swings, or is high in some epochs only, and no figure has been better
    for a long time. A figure that swings widely is sometimes its best by chance alone, so there
    it counts as better only by more than chance.
    """
    if course.epochs < SOME or (course.is_enough and not swings(course)):
        return False
    guessing, is_short = course.scale.guessing_loss, course.level < course.scale.enough
    exploded = course.blow > EXPLODED and course.epochs >= MANY
    if exploded and is_short and (not course.has_gained or course.late_val_loss > guessing):
        return True
    if is_frozen(course):
        return True
    if not has_stalled(course):
        return False
    if not course.has_gained:
        held_off = course.late_loss > WORSE * guessing and not is_at_rest(course)
        return is_short and (course.blow > BLOWN or held_off)
    restless = swings(course) or course.loud >= course.scale.enough
    lamed = course.blow > BLOWN and course.learned < HALF * course.scale.room
    is_wide = course.swing > WIDE * large_swing(course)
    is_old = (course.newest if is_wide else min(course.ages)) > OLD
    return (restless or lamed) and is_old and course.epochs >= MANY


def is_at_rest(course: Course) -> bool:
    """Whether the training loss hardly moves from one epoch to the next."""
    return unrest(course.loss[-max(course.epochs // 2, 1) :]) < REST * course.late_loss


def is_frozen(course: Course) -> bool:
    """Whether a run stands still, short of what could be learned, where it was once thrown.

    So far off that the softmax was saturated: what is left of such a network does not say what the
    data allow.
    """
    was_thrown = course.blow > EXPLODED and course.highest > SATURATED
    if not was_thrown or course.epochs < MANY or course.level >= course.scale.enough:
        return False
    return stands_still(course) or has_settled(course)


def stands_still(course: Course) -> bool:
    """Whether no figure falls by more than next to nothing, beyond what chance could hide."""
    return (
        course.loss_trend.at_most < STILL * course.late_loss
        and course.val_loss_trend.at_most < STILL * course.late_val_loss
        and course.error_trend.at_most < HALF * course.error
    )


def has_settled(course: Course) -> bool:
    """Whether a run stays for good below what could be learned, and quietly.

    It stands still, beyond what chance could hide; or its test figures have long not been better.
    """
    if course.epochs < LONG or course.level >= course.scale.enough or not course.has_gained:
        return False
    if swings(course) or is_improving(course):
        return False
    val_loss, error = course.val_loss_trend, course.error_trend
    is_old = min(course.ages[1:]) > HALF
    return stands_still(course) or (is_old and max(val_loss.sureness, error.sureness) < FAINT)


def is_too_small(course: Course, rates: RunRates) -> bool:
    """Whether the run gets better, but even ten times the epochs would not be enough for it.

    The accuracy is taken to go on at the pace of its last half, and to have `SURE` standard errors
    more of it than was seen.
    """
    steady = course.epochs >= SOME and course.blow < BLOWN
    if not steady or course.swing > large_swing(course) / 2:
        return False
    if course.val_loss_trend.sureness < CLEAR or not is_improving(course):
        return False
    half = max(course.epochs // 2, 1)
    rise = 2 * (course.error_trend.fall + SURE * course.error_trend.error)  # over the last half
    ahead = rise * rates.outlook(len(course.loss), half)
    return course.level + ahead < course.scale.enough


def was_lost(course: Course) -> bool:
    """Whether a good part of what was learned is gone again, from the training rows as well."""
    accuracy = course.smooth(course.val_accuracy, WINDOW_MIN)
    loss = course.smooth(course.loss, WINDOW_MIN)
    best, now = float(accuracy.max()), course.val_accuracy[-course.part(4) :]
    least = max(LOST * course.scale.room, CERTAIN * course.error)
    return (
        course.epochs >= SOME
        and best - float(accuracy[-1]) > least
        and float(np.quantile(now, LOUD)) < best - least / 2
        and float(loss[-1]) > REGAINED * float(loss.min())
    )


def overfits(course: Course) -> bool:
    """Whether the test loss has risen from its lowest while the training loss fell on.

    One point that the network is surely wrong about can make the mean loss rise, so there must be
    some.
    """
    measure = course.scale
    if course.epochs < LONG or measure.rows * (1 - course.level) < WRONG_ROWS:
        return False
    val_loss = course.smooth(course.val_loss, WINDOW_MIN)
    loss = course.smooth(course.loss, WINDOW_MIN)
    at = int(np.argmin(val_loss))
    lowest, now = float(val_loss[at]), float(val_loss[-1])
    keeps_above = float(np.quantile(course.val_loss[-course.part(4) :], QUIET))
    return (
        now > OVERFITTED * lowest
        and now - lowest > RISEN * measure.guessing_loss
        and at < EARLY * len(val_loss)
        and keeps_above > KEPT * lowest
        and float(loss[-1]) < UNLEARNED * float(loss[at])
    )
