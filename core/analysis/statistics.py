"""What several seeds say together, and how one run behaves; pure functions of records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from core.analysis.scale import TARGET
from core.experiment import Experiment
from core.experiment.records import Run

Values = npt.NDArray[np.float64]

CONFIDENCE = 0.95  # of every interval here; what the pages and the tables say
FEW = 2  # values: an interval of theirs is twelve times their deviation, and they say more
UNIFORM = 12  # a value anywhere on a stretch of length h has a variance of h² / 12


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds: the spread of the runs, and the 95 % interval of the mean.

    `deviation` is the sample standard deviation; `low` and `high` bound the mean by Student's t
    (1908). Without values all are NaN; with fewer than two `deviation`, `low` and `high` are.
    """

    mean: float
    deviation: float
    low: float
    high: float
    count: int
    least: float = math.nan  # of the values themselves
    most: float = math.nan

    def covers(self, value: float) -> bool:
        """Whether a mean of `value` is compatible with what was seen; one run rules nothing out."""
        return not (value < self.low or value > self.high)

    def within(self, least: float, most: float) -> Estimate:
        """The same with an interval that stays inside what is possible.

        >>> estimate([0.2, 0.9]).within(0.0, 1.0).low
        0.0
        """
        return replace(self, low=max(self.low, least), high=min(self.high, most))


@dataclass(frozen=True)
class Share:
    """How many of how many, and the 95 % interval of the share behind it."""

    count: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.count / self.total if self.total else math.nan


def estimate(values: Iterable[float | None], rounding: float = 0.0) -> Estimate:
    """The mean of some values with its interval; None and NaN are left out.

    `rounding` is the variance of what was rounded off each value: see `rounding_of`.

    >>> heads = estimate([1.0, 2.0, 3.0, None])
    >>> heads.mean, heads.deviation, heads.count, heads.least, heads.most
    (2.0, 1.0, 3, 1.0, 3.0)
    >>> round(heads.high - heads.mean, 3)  # t of 2 degrees of freedom, 4.303, times 1 / √3
    2.484
    """
    column = np.array([math.nan if v is None else v for v in values], np.float64)
    column = column[~np.isnan(column)]
    if len(column) < 2:  # nothing to reckon with, and most estimates of large tables are such
        mean = float(column[0]) if len(column) else math.nan
        return Estimate(mean, math.nan, math.nan, math.nan, len(column), mean, mean)
    count, mean, deviation = len(column), float(column.mean()), float(column.std(ddof=1))
    half = t_quantile(count - 1) * math.sqrt((deviation**2 + rounding) / count)
    least, most = float(column.min()), float(column.max())
    return Estimate(mean, deviation, mean - half, mean + half, count, least, most)


def half_width(count: int) -> float:
    """Half the 95 % interval of a mean of so many values, in standard deviations; 0 of less than 2.

    >>> round(half_width(10), 4)  # t of 9 degrees of freedom, 2.2622, times 1 / √10 (Student, 1908)
    0.7154
    """
    if count < 2:
        return 0.0
    return t_quantile(count - 1) / math.sqrt(count)


def t_quantile(freedom: int) -> float:
    """How many standard errors an interval reaches to each side (Student, 1908)."""
    from scipy.special import stdtrit  # takes 0.1 s to load, which a first page does not need

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def rounding_of(experiment: Experiment, column: str) -> float:
    """The variance of what is rounded off a figure of the records.

    An accuracy is a count of rows, so anything within one row of it looks the same: its variance
    is 1 / (12 · rows²) (Sheppard, 1898). Without it two or three seeds that agree to the row would
    have an interval of no width. Losses are not counted.

    >>> rounding_of(Experiment(), "val_accuracy") == 1 / (12 * 500**2)
    True
    """
    data = experiment.data
    rows = {"accuracy": data.train_rows, "val_accuracy": data.rows - data.train_rows}
    return 1 / (UNIFORM * rows[column] ** 2) if column in rows else 0.0


def rounding_of_pairs(matched: Sequence[tuple[Run, Run]], column: str) -> float:
    """The same of the difference of a pair: the variances of both."""
    return sum(rounding_of(run.experiment, column) for pair in matched[:1] for run in pair)


def pairs(left: Sequence[Run], right: Sequence[Run]) -> list[tuple[Run, Run]]:
    """Runs of the same seed, which share data, initial weights and batch order."""
    by_seed = {run.experiment.seed: run for run in right}
    return [(run, by_seed[run.experiment.seed]) for run in left if run.experiment.seed in by_seed]


def difference_of_finals(
    left: Sequence[Run], right: Sequence[Run], column: str = "val_accuracy"
) -> Estimate:
    """Left minus right at the end, paired by seed, over the pairs whose runs both finished."""
    matched = pairs(left, right)
    ends = [(final(a, column), final(b, column)) for a, b in matched]
    apart = (a - b for a, b in ends if a is not None and b is not None)
    return estimate(apart, rounding_of_pairs(matched, column))


def mean_of_finals(runs: Sequence[Run]) -> Estimate:
    """The mean test accuracy at the end, over the runs that finished."""
    rounding = rounding_of(runs[0].experiment, "val_accuracy") if runs else 0.0
    return estimate((final(run) for run in runs), rounding)


def wilson(count: int, total: int) -> Share:
    """A share with its score interval (Wilson, 1927), which behaves at 0, at 1 and for few.

    >>> nine = wilson(9, 10)
    >>> nine.share, round(nine.low, 3), round(nine.high, 3)
    (0.9, 0.596, 0.982)
    """
    if total == 0:
        return Share(0, 0, 0.0, 1.0)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, shrink = count / total, 1 + z**2 / total
    middle = (share + z**2 / (2 * total)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    low = 0.0 if count == 0 else middle - half  # exactly, in spite of rounding
    high = 1.0 if count == total else middle + half
    return Share(count, total, low, high)


def final(run: Run, column: str = "val_accuracy") -> float | None:
    """The figure of the last epoch of a run that finished; None of any other."""
    if run.outcome.kind != "finished" or not len(run.records):
        return None
    return float(run.column(column)[-1])


def has_ended(run: Run) -> bool:
    """Whether a run went as far as it could; one that was cut short may have had more to show."""
    return run.outcome.is_final


def best(run: Run) -> float | None:
    """The highest test accuracy of any epoch; None without records."""
    return float(run.column("val_accuracy").max()) if len(run.records) else None


def epochs_to_target(run: Run) -> int | None:
    """The first epoch, from 1, with a test accuracy of at least `TARGET`; None without one."""
    reached = run.column("val_accuracy") >= TARGET
    return int(run.column("epoch")[reached.argmax()]) if reached.any() else None


def rises(run: Run) -> float | None:
    """Stability: the share of epochs, from the second on, in which the loss rose."""
    steps = np.diff(run.column("loss"))
    return float((steps > 0).mean()) if len(steps) else None


def swing(run: Run, column: str = "val_accuracy", since: int = 1) -> float | None:
    """Oscillation: how far a figure moves from one epoch to the next, on average, after `since`.

    The mean of |difference|, so a steady climb from 0.3 to 0.8 in 200 epochs makes 0.0025, and a
    figure that jumps up and down by 0.1 makes 0.1.
    """
    steps = np.abs(np.diff(run.column(column)[run.column("epoch") >= since]))
    return float(steps.mean()) if len(steps) else None
