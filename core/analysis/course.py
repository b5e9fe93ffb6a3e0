"""A run as it stood after so many epochs: where it was, where it was going, how much it swung."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.analysis.scale import NEARLY, Scale
from core.analysis.trends import (
    SURE,
    Trend,
    Values,
    age,
    median_gap,
    standard_error,
    trend,
    unrest,
)
from core.experiment.records import Run

WINDOW_MIN = 3  # epochs that a median takes at least, so that one of them alone says nothing
SWING = 0.1  # of what was learned: a deviation that makes it matter when one stops
LOUD = 0.9  # the share of the late epochs that stay below what a run shows now and then


@dataclass(frozen=True)
class Course:
    """The figures of a run until some epoch; those of the first `skipped` are not judged by.

    Everything that is said of it is taken from the last half, quarter or tenth of its epochs, so
    it means the same for ten epochs and for two thousand.
    """

    loss: Values
    accuracy: Values
    val_loss: Values
    val_accuracy: Values
    skipped: int
    scale: Scale

    @property
    def epochs(self) -> int:
        return len(self.loss) - self.skipped

    @property
    def updates(self) -> int:
        return self.epochs * self.scale.updates

    def part(self, share: int) -> int:
        """How many epochs the last half (2), quarter (4) or tenth (10) is."""
        return min(max(self.epochs // share, WINDOW_MIN), self.epochs)

    @cached_property
    def late(self) -> Values:
        """The test accuracies of the last half."""
        return self.val_accuracy[-max(self.epochs // 2, 1) :]

    @cached_property
    def level(self) -> float:
        """Where the test accuracy is: the median of the last quarter."""
        return float(np.median(self.val_accuracy[-self.part(4) :]))

    @cached_property
    def error(self) -> float:
        """The standard error of such an accuracy."""
        return standard_error(self.level, self.scale.rows)

    @cached_property
    def is_enough(self) -> bool:
        """Whether the mean of the last quarter is enough, its own standard error taken off."""
        mean, error = self.mean
        return mean - error >= self.scale.enough

    @cached_property
    def may_be_enough(self) -> bool:
        """Whether it may be, the error put on; or the late median is."""
        mean, error = self.mean
        return max(mean + error, self.level) >= self.scale.enough

    @cached_property
    def mean(self) -> tuple[float, float]:
        """The mean test accuracy of the last quarter, and its own standard error."""
        late = self.val_accuracy[-self.part(4) :]
        error = unrest(self.val_accuracy[-max(self.part(4), 4) :]) / math.sqrt(len(late))
        return float(late.mean()), error

    @cached_property
    def learned(self) -> float:
        """The accuracy that was gained over guessing, at its best late epochs."""
        return max(self.level, self.loud) - self.scale.guessing

    @cached_property
    def loud(self) -> float:
        """The test accuracy that the run shows now and then: in one of ten late epochs."""
        return float(np.quantile(self.late, LOUD))

    @cached_property
    def has_gained(self) -> bool:
        """Whether anything was learned since before the first update.

        More test points are right than by chance alone (`SURE` standard errors), than there were,
        and than guessing has; or a tenth is gone from either loss, or from that of guessing where
        that is lower: first weights may be far worse than guessing, and to come down to it is no
        gain.
        """
        start, scale = self.scale.start, self.scale
        before = max(start.val_accuracy, scale.guessing)
        if self.level - before > SURE * standard_error(before, scale.rows):
            return True
        pairs = (start.val_loss, self.late_val_loss), (start.loss, self.late_loss)
        return any(now < NEARLY * min(first, scale.guessing_loss) for first, now in pairs)

    @cached_property
    def late_loss(self) -> float:
        return float(np.median(self.loss[-self.part(4) :]))

    @cached_property
    def late_val_loss(self) -> float:
        return float(np.median(self.val_loss[-self.part(4) :]))

    @cached_property
    def swing(self) -> float:
        """The deviation of the late test accuracies, a straight climb left out."""
        late = self.late
        epochs = np.arange(len(late)) - (len(late) - 1) / 2
        slope = float(epochs @ late) / max(float(epochs @ epochs), 1.0)
        straight = late - late.mean() - slope * epochs
        return max(float(straight.std()), unrest(late))

    @property
    def large_swing(self) -> float:
        """A swing from which on it matters: a share of what was learned, and more than chance."""
        return max(SWING * self.learned, self.error)

    @property
    def swings(self) -> bool:
        return self.swing > self.large_swing

    @cached_property
    def loss_trend(self) -> Trend:
        return trend(self.loss[-max(self.epochs // 2, 1) :])

    @cached_property
    def val_loss_trend(self) -> Trend:
        return trend(self.val_loss[-max(self.epochs // 2, 1) :])

    @cached_property
    def error_trend(self) -> Trend:
        """That of the share of test points that are wrong, which falls as the accuracy rises."""
        return trend(-self.late)

    @cached_property
    def ages(self) -> tuple[float, ...]:
        """How old the best loss, test loss and test accuracy are, as shares of the epochs."""
        return tuple(age(self.smooth(one)) for one in self.figures)

    @cached_property
    def newest(self) -> float:
        """How old the newest of the three bests is; only better by more than chance counts."""
        width, half = max(self.epochs // 10, 1), max(self.epochs // 2, 1)
        return min(
            age(self.smooth(one), median_gap(unrest(one[-half:]), width)) for one in self.figures
        )

    @property
    def figures(self) -> tuple[Values, Values, Values]:
        """Loss, test loss and test accuracy, that with its sign turned: the lower the better."""
        return self.loss, self.val_loss, -self.val_accuracy

    def smooth(self, values: Values, least: int = 1) -> Values:
        """Running medians over a tenth of the epochs and at least so many, the last one included.

        They move on by a tenth of their width.
        """
        width = min(max(self.epochs // 10, least), self.epochs)
        step = max(width // 10, 1)
        windows = sliding_window_view(values[self.skipped :], width)[::-step][::-1]
        medians: Values = np.median(windows, axis=1)
        return medians

    @cached_property
    def blow(self) -> float:
        """How many times the highest loss exceeds that before the first update, or of guessing."""
        start = self.scale.start
        return self.highest / max(start.loss, start.val_loss, self.scale.guessing_loss)

    @property
    def highest(self) -> float:
        """The highest loss of any epoch."""
        return max(float(self.loss.max()), float(self.val_loss.max()))


def until(run: Run, epoch: int, skipped: int, measure: Scale) -> Course:
    """A run as it stood after an epoch."""
    loss, accuracy = run.column("loss")[:epoch], run.column("accuracy")[:epoch]
    val_loss, val_accuracy = run.column("val_loss")[:epoch], run.column("val_accuracy")[:epoch]
    return Course(loss, accuracy, val_loss, val_accuracy, skipped, measure)
