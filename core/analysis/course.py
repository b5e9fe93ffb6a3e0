"""A run as it stood after so many epochs: where it was, where it was going, how much it swung."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from core.analysis.attainable import Benchmarks
from core.experiment import Experiment
from core.experiment.data import Blobs, Data
from core.experiment.records import Run

Values = npt.NDArray[np.float64]

TARGET = 0.8  # the tutorial calls its problem learned at 80 %; for its own data, and no other
NEARLY = 0.9  # of what can be learned above guessing: whoever has so much has learned it
SURE = 2.0  # standard errors: 95 % of what is normally distributed
BLOCKS = 8  # that a stretch of epochs is cut into, to see how sure a trend is,
CLEAR = 3.0  # and Student's t of a trend: p = 0.01 with the six degrees of freedom that they leave
FEW = 3  # epochs that a median takes at least, so that one of them alone says nothing
LOUD = 0.9  # the share of the late epochs that stay below what a run shows now and then


class Start(NamedTuple):
    """What a run shows before its first update."""

    loss: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class Scale:
    """What the figures of an experiment are measured against."""

    rows: int  # in the test set
    guessing: float
    possible: float
    enough: float  # an accuracy from which nothing is left to wish for
    guessing_loss: float  # of a network that thinks all classes equally likely
    start: Start

    @property
    def room(self) -> float:
        """What can be learned above guessing."""
        return max(self.possible - self.guessing, 0.0)


class Trend(NamedTuple):
    """How far a figure falls from the third quarter of the epochs to the last."""

    fall: float
    error: float

    @property
    def sureness(self) -> float:
        """The fall in standard errors: Student's t."""
        if self.error == 0:
            return math.copysign(math.inf, self.fall) if self.fall else 0.0
        return self.fall / self.error

    def is_clear(self, least: float) -> bool:
        """Whether it falls, surely and by more than `least`."""
        return self.sureness > CLEAR and self.fall > least

    @property
    def at_most(self) -> float:
        """The largest fall that chance could hide."""
        return self.fall + SURE * self.error


@dataclass(frozen=True)
class Course:
    """The figures of a run until some epoch; those of the first `skipped` are not judged by.

    Everything that is said of it is taken from the last half, quarter or tenth of its epochs, so
    it means the same for ten epochs and for two thousand.
    """

    loss: Values
    val_loss: Values
    val_accuracy: Values
    skipped: int
    scale: Scale

    @property
    def epochs(self) -> int:
        return len(self.loss) - self.skipped

    def part(self, share: int) -> int:
        """How many epochs the last half (2), quarter (4) or tenth (10) is."""
        return min(max(self.epochs // share, FEW), self.epochs)

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
        late = self.val_accuracy[-self.part(4) :]
        error = unrest(self.val_accuracy[-max(self.part(4), 4) :]) / math.sqrt(len(late))
        return bool(late.mean() - error >= self.scale.enough)

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
        """How long ago any of them last became better than before by more than chance."""
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


def unrest(values: Values) -> float:
    """The deviation that shows from one epoch to the next: √(mean of difference² / 2).

    That of independent values is their own standard deviation (von Neumann, 1941); a slow climb
    adds little to it.
    """
    steps = np.diff(values)
    return float(np.sqrt(np.mean(steps**2) / 2)) if len(steps) else 0.0


def trend(values: Values) -> Trend:
    """The fall from the first half to the second, and its error from the means of blocks.

    Welch's two-sample error over `BLOCKS` means: neighbouring epochs resemble one another, and
    means of many of them much less so. Of too few values nothing is known.

    >>> trend(np.array([4.0, 4.2, 3.9, 4.1, 2.0, 2.1, 1.9, 2.2])).sureness > 10
    True
    >>> trend(np.array([1.0, 2.0]))
    Trend(fall=0.0, error=inf)
    """
    blocks = min(BLOCKS, len(values) // 2 * 2)
    if blocks < 4:
        return Trend(0.0, math.inf)
    size = len(values) // blocks
    means = values[-size * blocks :].reshape(blocks, size).mean(axis=1)
    before, after = means[: blocks // 2], means[blocks // 2 :]
    error = math.sqrt((before.var(ddof=1) + after.var(ddof=1)) / (blocks // 2))
    return Trend(float(before.mean() - after.mean()), error)


def median_gap(deviation: float, count: int) -> float:
    """How far two medians of so many values may lie apart by chance alone: `SURE` errors.

    The standard error of a median is √(π/2) times that of a mean (Kenney and Keeping, 1962).

    >>> round(median_gap(0.1, 16), 4)
    0.0886
    """
    return SURE * math.sqrt(2) * math.sqrt(math.pi / 2) * deviation / math.sqrt(count)


def age(values: Values, least: float = 0.0) -> float:
    """How long ago a value within `least` of the lowest first came, as a share of them all.

    A figure that swings finds a new lowest value again and again by chance, and one that stands
    still equals its lowest for ever: neither is news.

    >>> age(np.array([3.0, 1.0, 2.0, 2.0]))
    0.5
    >>> age(np.array([3.0, 1.0, 2.0, 0.9]), least=0.2)
    0.5
    """
    first = int(np.argmax(values <= values.min() + least))
    return (len(values) - 1 - first) / len(values)


def standard_error(share: float, rows: int) -> float:
    """That of an accuracy of so many rows, which is not zero at 0 or 1 (Agresti, Coull, 1998).

    >>> round(standard_error(0.84, 500), 4), round(standard_error(1.0, 10), 4)
    (0.0164, 0.0935)
    """
    total = rows + SURE**2
    middle = (share * rows + SURE**2 / 2) / total
    return math.sqrt(middle * (1 - middle) / total)


def scale(run: Run, known: Benchmarks) -> Scale:
    """What a run is measured against."""
    data = run.experiment.data
    rows = data.rows - data.train_rows
    return Scale(
        rows,
        known.guessing,
        known.possible,
        enough(data, known),
        guessing_loss(run.experiment),
        start(run),
    )


def enough(data: Data, known: Benchmarks) -> float:
    """The test accuracy from which a run has learned what there is to learn.

    That is `NEARLY` of all that is possible above guessing, or what chance may take off the
    possible (`SURE` standard errors), if that is less. For the tutorial's own data it is the
    tutorial's own bar.

    >>> enough(Blobs(), Benchmarks(0.84, None, 0.342))
    0.8
    >>> round(enough(Blobs(samples=20), Benchmarks(0.9, None, 0.4)), 2)
    0.68
    """
    if data == Blobs():
        return TARGET
    error = standard_error(known.possible, data.rows - data.train_rows)
    room = max(known.possible - known.guessing, 0.0)
    return known.possible - max((1 - NEARLY) * room, SURE * error)


def guessing_loss(experiment: Experiment) -> float:
    """The loss of a network that gives every class the same probability.

    >>> round(guessing_loss(Experiment()), 4)  # ln 3
    1.0986
    """
    classes = experiment.data.classes
    if getattr(experiment, "loss", "cross_entropy") == "squared_error":
        return (1 - 1 / classes) / classes
    return math.log(classes)


def start(run: Run) -> Start:
    """The figures before the first update; those of the first epoch where they were not kept."""
    names = ("loss", "val_loss", "val_accuracy")
    if run.start is not None:
        return Start(*(float(run.start[run.columns.index(name)]) for name in names))
    return Start(*(float(run.column(name)[0]) for name in names))


def until(run: Run, epoch: int, skipped: int, measure: Scale) -> Course:
    """A run as it stood after an epoch."""
    loss, val_loss, accuracy = map(run.column, ("loss", "val_loss", "val_accuracy"))
    return Course(loss[:epoch], val_loss[:epoch], accuracy[:epoch], skipped, measure)
