"""Whether a run still gets better, and by which of its figures."""

from __future__ import annotations

from typing import Literal

from core.analysis.course import WINDOW_MIN, Course
from core.analysis.trends import CLEAR, Trend

Figure = Literal["val_accuracy", "val_loss", "loss"]

FAINT = 1.5  # of Student's t, p = 0.09: below it no trend is to be seen
BLOWN = 1.5  # times the loss before the first update, or that of guessing: a leap of no use
LOSS_STEP = 0.01  # of itself, in a quarter of the epochs: a training loss always falls a little
VAL_LOSS_STEP = 0.001  # the test loss does not
ERROR_STEP = 0.1  # standard errors of the test accuracy
STILL = 0.005  # of a loss, in a quarter of the epochs: what stands still falls by less
HALF = 0.5
RECENT = 1 / 4  # of the epochs: a best value that is no older is news
BACK = 1.05  # times its lowest, both smoothed: a loss above it has risen again
FALLEN = 0.85  # of the loss before the first update: less is left, and something was learned
FEW = 10  # epochs before a best value says anything
LONG = 100  # epochs before it is said that a run has come to its end


def trends(course: Course) -> dict[Figure, Trend]:
    """How each figure gets better in the last half, in the order in which it is told of."""
    return {
        "val_accuracy": course.error_trend,
        "val_loss": course.val_loss_trend,
        "loss": course.loss_trend,
    }


def clear_improvement(course: Course) -> Figure | None:
    """A figure that clearly gets better, and not only the training loss beside the test loss."""
    if course.error_trend.is_clear(ERROR_STEP * course.error):
        return "val_accuracy"
    if course.val_loss_trend.is_clear(VAL_LOSS_STEP * course.late_val_loss):
        return "val_loss"
    falls = course.loss_trend.is_clear(LOSS_STEP * course.late_loss)
    return "loss" if falls and not has_worse_tests(course) else None


def newest_improvement(course: Course) -> Figure | None:
    """A figure that is better than ever before, and that is no news of long ago.

    After the loss has leapt up there must be a sign besides: it comes down a while, come what may.
    """
    loss, val_loss, accuracy = course.ages
    ages: dict[Figure, float] = {"val_accuracy": accuracy, "val_loss": val_loss, "loss": loss}
    rising = trends(course)
    least = FAINT if course.blow > BLOWN else 0.0
    fresh = [name for name in ages if ages[name] < RECENT and rising[name].sureness > least]
    if fresh == ["loss"] and has_worse_tests(course):
        return None
    if not fresh or course.epochs < FEW:
        return None
    return min(fresh, key=lambda name: ages[name])


def has_worse_tests(course: Course) -> bool:
    """Whether the test loss is on its way up, or is back above where it was."""
    if course.val_loss_trend.sureness < -CLEAR:
        return True
    smoothed = course.smooth(course.val_loss, WINDOW_MIN)
    return bool(smoothed[-1] > BACK * smoothed.min()) and course.val_loss_trend.sureness <= 0


def improvement(course: Course) -> Figure | None:
    """The figure by which a run still gets better, as far as can be seen."""
    return clear_improvement(course) or newest_improvement(course)


def is_descending(course: Course) -> bool:
    """Whether a good part of the loss that bad first weights made is gone, and more of it goes."""
    return is_down(course) and course.loss_trend.is_clear(LOSS_STEP * course.late_loss)


def is_down(course: Course) -> bool:
    """Whether a good part of the loss that bad first weights made is gone."""
    start = course.scale.start
    return course.late_loss < FALLEN * start.loss and course.late_val_loss < FALLEN * start.val_loss


def is_rising(course: Course) -> bool:
    """Whether there is any sign that the test accuracy rises."""
    return course.error_trend.sureness >= FAINT


def has_stalled(course: Course) -> bool:
    """Whether there is no sign that anything gets better."""
    loss, val_loss = course.loss_trend, course.val_loss_trend
    falls = loss.sureness >= FAINT and loss.fall >= 2 * LOSS_STEP * course.late_loss
    return not falls and not is_rising(course) and val_loss.sureness < FAINT


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
    falls = course.loss_trend.is_clear(LOSS_STEP * course.late_loss)
    if course.swings or falls or clear_improvement(course) is not None:
        return False
    val_loss, error = course.val_loss_trend, course.error_trend
    if error.sureness < -FAINT and error.fall < -HALF * course.error:  # it goes down
        return False
    is_old = min(course.ages[1:]) > HALF
    return stands_still(course) or (is_old and max(val_loss.sureness, error.sureness) < FAINT)
