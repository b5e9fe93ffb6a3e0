"""What a study costs before it is trained, and the limits on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.experiment import Experiment
from core.fields import FieldError
from core.limits import EPOCHS_PER_JOB_MAX, EXPERIMENTS_PER_JOB_MAX, STUDY_SECONDS_MAX
from core.studies.study import check_seeds

# Of one row of a batch at one update, on two cores with 64 runs a program; fitted to runs of
# no, 50, 64-64 and 256-256 hidden units and of 4 to 256 rows, right to within a factor of 2.
SECONDS_PER_ROW = 4.5e-8
SECONDS_PER_PARAMETER = 0.9e-10  # of each such row


def seconds(experiment: Experiment, runs: int) -> float:
    """About how long so many runs like this one take on two cores, loading and compiling left out.

    >>> round(1000 * seconds(Experiment(), runs=1), 1)  # milliseconds of one of many
    7.4
    """
    parameters = experiment.model.parameters(experiment.data.features, experiment.data.classes)
    rows = min(experiment.batch_size, experiment.data.train_rows)
    update = rows * (SECONDS_PER_ROW + SECONDS_PER_PARAMETER * parameters)
    return runs * experiment.epochs * experiment.updates_per_epoch * update


def check_size(base: Experiment, counts: Sequence[int], seeds: int) -> None:
    """Raise `FieldError` when a grid of so many values an axis is more than may be handed in.

    >>> check_size(Experiment(), [60, 60], seeds=1)
    Traceback (most recent call last):
        ...
    core.fields.FieldError: Study: `cells` must be at most 2000 at 1 seed, got "60 × 60 = 3600 \
cells, about 27 s".
    """
    cells = math.prod(counts)
    most = cells_max(base, check_seeds(seeds))
    if cells > most:
        product = " × ".join(map(str, counts)) + " = " if len(counts) > 1 else ""
        took = duration(seconds(base, cells * seeds))
        at = f"at {seeds} seed" + "s" * (seeds > 1)
        got = f"{product}{cells} cells, about {took}"
        raise FieldError("Study", "cells", f"at most {most} {at}", got)


def cells_max(base: Experiment, seeds: int) -> int:
    """The most cells of experiments like this one that may be handed in with so many seeds."""
    cell_seconds = seconds(base, seeds)
    limits = (
        EXPERIMENTS_PER_JOB_MAX // seeds,
        EPOCHS_PER_JOB_MAX // (seeds * base.epochs),
        int(STUDY_SECONDS_MAX / cell_seconds),
    )
    return max(min(limits), 1)


def duration(time: float) -> str:
    """Seconds as people say them.

    >>> duration(0.4), duration(44.6), duration(800.0), duration(9000.0)
    ('1 s', '45 s', '13 min', '2.5 h')
    """
    if time < 100:
        return f"{max(round(time), 1)} s"
    return f"{time / 60:.0f} min" if time < 6000 else f"{time / 3600:.1f} h"
