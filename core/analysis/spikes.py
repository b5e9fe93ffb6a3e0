"""Rare leaps of a training loss that the eye takes for spikes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.analysis.trends import Values

SPIKE = 0.05  # of the loss of guessing above the epochs around: what the eye takes for a spike
SPIKE_STEPS = 10  # times what the loss moves by from one epoch to the next: else it is a swing
SPIKES_RARE = 0.02  # of the epochs, and at most `SPIKES_MAX`: more of them are no spikes
SPIKES_MAX = 10
AROUND = 10  # epochs on either side that a spike stands out of


@dataclass(frozen=True)
class Spikes:
    """Rare leaps of the training loss: how many, and the highest."""

    count: int
    highest: float
    epoch: int


def spikes(loss: Values, guessing_loss: float) -> Spikes | None:
    """Rare leaps of a loss out of a calm curve; neighbouring epochs make one."""
    least = SPIKE * guessing_loss
    leaps = [
        epoch
        for epoch in high(loss, least)
        if (leap := loss[epoch] - around(loss, epoch)) > least
        and leap > SPIKE_STEPS * median_step(loss, epoch)
    ]
    if not 0 < len(leaps) <= SPIKES_RARE * len(loss):
        return None
    highest = max(leaps, key=lambda epoch: loss[epoch])
    count = 1 + sum(later - sooner > AROUND for sooner, later in pairwise(leaps))
    return Spikes(count, float(loss[highest]), highest + 1) if count <= SPIKES_MAX else None


def high(loss: Values, least: float) -> list[int]:
    """The epochs that lie that far above those before: in a calm curve none, found at once.

    >>> high(np.array([*[1.0] * 12, 2.0, 1.0]), 0.5)
    [12]
    """
    if len(loss) <= AROUND:
        return []
    before = np.median(sliding_window_view(loss[:-1], AROUND), axis=1)
    return [AROUND + int(place) for place in np.flatnonzero(loss[AROUND:] - before > least)]


def around(loss: Values, epoch: int) -> float:
    """The higher of the medians before and after an epoch."""
    before, after = loss[epoch - AROUND : epoch], loss[epoch + 1 : epoch + 1 + AROUND]
    return float(max(np.median(part) for part in (before, after) if len(part)))


def median_step(loss: Values, epoch: int) -> float:
    """By how much a loss moves from one epoch to the next before and after an epoch."""
    steps = np.abs(np.diff(loss[max(epoch - AROUND, 0) : epoch + AROUND + 1]))
    return float(np.median(steps))
