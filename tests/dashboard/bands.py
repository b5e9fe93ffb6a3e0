"""What a browser's bands are held to: the estimate of each column by itself."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.analysis.statistics import estimate

Values = npt.NDArray[np.float64]


class Band(NamedTuple):
    """Of each epoch the mean and its 95 % interval."""

    mean: Values
    low: Values
    high: Values


def band(values: Values, rounding: float = 0.0) -> Band:
    """Of (runs, epochs); NaN stands where a run had ended."""
    each = [estimate(column[~np.isnan(column)], rounding) for column in values.T]
    return Band(*(np.array([getattr(one, name) for one in each]) for name in Band._fields))
