"""How sure a change is that a figure shows from epoch to epoch, and how old its best value is."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

SURE = 2.0  # standard errors: 95 % of what is normally distributed
BLOCKS = 8  # that a stretch of epochs is cut into, to see how sure a trend is,
CLEAR = 3.0  # and Student's t of a trend: p = 0.01 with the six degrees of freedom that they leave


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
