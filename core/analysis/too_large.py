"""Whether the steps of a run are too large: only where nothing else explains its course.

What is called so stays so, however long the run goes on; so a run that may still be on its way is
not, however much it swings.
"""

from __future__ import annotations

import math

import numpy as np

from core.analysis.course import Course
from core.analysis.improvement import BLOWN, HALF, LONG, has_settled, has_stalled, stands_still
from core.analysis.scale import NEARLY
from core.analysis.trends import SURE, standard_error, unrest

SOME = 20  # epochs before anything is called too large,
MANY = 50  # or a run that was not thrown off at once
SOME_UPDATES = 16 * MANY  # the same in the updates that the tutorial's run makes in them:
MANY_UPDATES = 32 * MANY  # a run with few updates an epoch is still on its way

WIDE = 2.0  # large swings: now and then a figure is as good as never before by chance alone
EXPLODED = 2.0  # times the loss before the first update: a leap told without waiting for a trend
FAR = 10.0  # the same, of a run whose accuracy does not tell
SHAKY = 0.05  # of the loss of guessing, an epoch: such a training loss is moved by its steps
LEAP = 0.3  # of itself, an epoch
TINY = float(np.finfo(np.float32).tiny)
SATURATED = 24 * math.log(2)  # cross-entropy: the right class is given float32's 2⁻²⁴ or less
SURELY_WRONG = 0.95  # of the squared error that the wrong rows make if the network is sure of them
WRONG_ROWS = SURE**2  # whose share of all is known to one in two
WORSE = 1.003  # times the loss of guessing: what is no better, and yet moves,
REST = 5e-4  # by more than so much of itself an epoch, is moved by its steps
LITTLE = 0.2  # of what can be learned: nothing to speak of
OLD = 0.4  # of the epochs: a best value so long ago is no longer being worked on


def is_too_large(course: Course) -> bool:
    """Whether the steps keep the run from what could be learned, beyond doubt."""
    if course.epochs >= MANY and course.updates >= MANY_UPDATES and leaps(course):
        return True
    if course.epochs < SOME or course.may_be_enough:
        return False
    return is_exploded(course) or is_frozen(course) or is_dead(course) or is_thrown_about(course)


def leaps(course: Course) -> bool:
    """Whether the loss leapt up many times over, and that of the training rows still leaps.

    However many test rows are right by then: the next epoch may be a wrong one.
    """
    late = course.loss[-len(course.late) :]
    moves = unrest(late) > SHAKY * course.scale.guessing_loss
    return course.blow > FAR and moves and unrest(np.log(np.maximum(late, TINY))) > LEAP


def is_exploded(course: Course) -> bool:
    """Whether the loss once leapt far up, and the run has come to nothing since.

    Soon where even the training loss is above that of guessing, unless few updates were made by
    which it could come back; and where a lower one brings the test rows nothing, after a while.
    """
    if course.epochs < MANY or course.blow <= EXPLODED or course.level >= course.scale.enough:
        return False
    guessing, is_chance = course.scale.guessing_loss, course.learned <= course.error
    if not has_stalled(course) and course.late_val_loss <= guessing:
        return False
    if course.late_loss > guessing:
        return course.updates >= SOME_UPDATES or course.late_loss > EXPLODED * guessing
    if course.epochs < LONG:
        return False
    if min(2 * course.late_loss, course.late_val_loss / EXPLODED) > guessing and is_chance:
        return True
    is_near = course.late_loss > NEARLY * guessing and course.learned < LITTLE * course.scale.room
    return is_near and course.updates >= MANY_UPDATES and has_stalled(course)


def is_frozen(course: Course) -> bool:
    """Whether a run stands still, short of what could be learned, where it was once thrown.

    So far off that the softmax was saturated: what is left of such a network does not say what the
    data allow.
    """
    if course.epochs < MANY or course.level >= course.scale.enough:
        return False
    was_thrown = course.blow > EXPLODED and course.highest > SATURATED
    is_sure = is_sure_of_mistakes(course) and (course.updates >= MANY_UPDATES or is_at_rest(course))
    return ((was_thrown or is_sure) and stands_still(course)) or (
        was_thrown and has_settled(course)
    )


def is_at_rest(course: Course) -> bool:
    """Whether neither loss moves any more: then it does not take many updates to be sure of it."""
    half = max(course.epochs // 2, 1)
    losses = (course.loss, course.late_loss), (course.val_loss, course.late_val_loss)
    return all(unrest(values[-half:]) < REST * late for values, late in losses)


def is_sure_of_mistakes(course: Course) -> bool:
    """Whether the softmax is saturated in training rows that are wrong, by the squared error.

    Each such row makes an error of `sure_loss`, and no row can make a larger one. Steps that
    follow the gradient never lead there: it vanishes where they end.
    """
    sure = course.scale.sure_loss
    if sure is None:
        return False
    late = course.part(4)
    wrong = 1 - float(np.median(course.accuracy[-late:]))
    return wrong * course.scale.train_rows >= WRONG_ROWS and (
        course.late_loss > SURELY_WRONG * sure * wrong
    )


def is_dead(course: Course) -> bool:
    """Whether all that is left of the network moves about above the loss of guessing.

    As when no unit of it answers to any row any more, and the last biases follow each batch.
    """
    if course.updates < SOME_UPDATES or course.has_gained or not has_stalled(course):
        return False
    guessing = course.scale.guessing_loss
    if course.level >= course.scale.enough or course.late_loss < guessing:
        return False
    half = max(course.epochs // 2, 1)
    moves = max(unrest(course.loss[-half:]), unrest(course.val_loss[-half:])) > REST * guessing
    is_worse = min(course.late_loss, course.late_val_loss) > WORSE * guessing
    is_blown = course.blow > BLOWN and course.epochs >= MANY
    return is_blown or (is_worse and moves and knows_nothing(course))


def knows_nothing(course: Course) -> bool:
    """Whether hardly more training rows are right than by naming one class for all."""
    guessing = 1 / course.scale.classes
    right = float(np.median(course.accuracy[-course.part(4) :]))
    return right <= guessing + standard_error(guessing, course.scale.train_rows)


def is_thrown_about(course: Course) -> bool:
    """Whether a run swings, and no figure has been better for a long time.

    Or is high in some epochs only; or once leapt up and has learned less than half since; or is
    sure of its mistakes. A figure that swings widely is sometimes its best by chance alone, so
    there it counts as better only by more than chance.
    """
    if course.epochs < MANY or course.updates < MANY_UPDATES or not has_stalled(course):
        return False
    if course.blow < BLOWN and course.late_loss > course.scale.guessing_loss:
        return False  # it comes down from bad first weights, and swings by chance
    is_at_times = course.loud >= course.scale.enough and course.swing > course.error
    restless = course.swings or is_at_times
    lamed = course.blow > BLOWN and course.learned < HALF * course.scale.room
    is_wide = course.swing > WIDE * course.large_swing
    is_old = (course.newest if is_wide else min(course.ages)) > OLD
    return is_old and (restless or lamed or is_sure_of_mistakes(course))
