"""What may stand on the axis below a chart instead of epochs: updates, or seconds of training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.analysis.studies import seconds
from core.experiment import Experiment
from dashboard.text import Words

CORES = 2  # that an estimate of many runs is for; a single run has one
FORMATS = {"updates": ",d", "seconds": ".3~g"}


class Pace(NamedTuple):
    """How much of each an epoch has."""

    updates: float
    seconds: float


def pace(experiment: Experiment) -> Pace:
    took = CORES * seconds(experiment, runs=1)
    return Pace(experiment.updates_per_epoch, took / experiment.length)


def widest(paces: Sequence[Pace], lengths: Sequence[int]) -> Pace:
    """With so much in an epoch, an axis as long as the longest run has room for all of them.

    >>> widest([Pace(16, 0.1), Pace(1000, 0.2)], [200, 20])
    Pace(updates=100.0, seconds=0.1)
    """
    ends = [[each * length for each in one] for one, length in zip(paces, lengths, strict=True)]
    return Pace(*(max(of) / max(lengths) for of in zip(*ends, strict=True)))


def along(pace: Pace, words: Words) -> dict[str, Any]:
    """How each is named and written, and how much of it an epoch has."""
    return {
        name: {
            "per_epoch": getattr(pace, name),
            "title": words(f"chart.axis_{name}"),
            "short": words(f"chart.short_{name}"),  # below a small panel
            "hover": words(f"chart.hover_{name}"),
            "format": written,
        }
        for name, written in FORMATS.items()
    }
