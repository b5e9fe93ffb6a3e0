"""What a study costs before it is trained, and the limits on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from core.analysis.studies.study import check_seeds
from core.experiment import Experiment
from core.experiment.limits import EPOCHS_PER_JOB_MAX, EXPERIMENTS_PER_JOB_MAX, STUDY_SECONDS_MAX
from core.experiment.network import layers_in_shape
from core.experiment.optimizers import MUON_STEPS, Muon
from core.experiment.refusals import FieldError, because

# Of one update, on two cores with many runs; fitted to single runs of no, 50, 64-64, 128-128,
# 256-256 and 256-256-200 hidden units, of 1 to 256 rows a batch, of convolutions and of Muon, right
# to within a factor of 2 for any to any other.
SECONDS_PER_ROW = 4.5e-8  # of its batch
SECONDS_PER_OPERATION = 0.6e-10  # a multiply-add of a row
SECONDS_PER_CONVOLUTION = 2.5e-10  # the same where a kernel is applied at many places
SECONDS_PER_PARAMETER = 5.4e-10  # each is changed, however small the batch
SECONDS_PER_TURN = 1e-11  # a multiply-add of Muon, in products of whole kernels
# What `seconds` looks at; the values of any other field cost the same.
SIZES = ("model.kind", "model.filters", "model.hidden", "model.batch_norm")
COSTLY = ("data", *SIZES, "optimizer.kind", "epochs", "batch_size")

Varied = Mapping[str, Sequence[Any]]  # the values of each axis of a grid, by its path


class Size(NamedTuple):
    """How large a grid is over all its cells and seeds, and how large it may be."""

    counts: tuple[int, ...]  # values of each axis
    runs: int
    epochs: int  # over all runs
    seconds: float  # about, on two cores

    @property
    def cells(self) -> int:
        return math.prod(self.counts)

    @property
    def is_too_large(self) -> bool:
        return self.cells > self.cells_max

    @property
    def excess(self) -> float:
        """How many times what may be handed in it is; up to 1 it may.

        >>> Size((60, 60), runs=3600, epochs=720_000, seconds=26.5).excess
        1.8
        """
        return max(
            self.runs / EXPERIMENTS_PER_JOB_MAX,
            self.epochs / EPOCHS_PER_JOB_MAX,
            self.seconds / STUDY_SECONDS_MAX,
        )

    @property
    def cells_max(self) -> int:
        """The most cells that may be handed in, if they cost as much as these on average.

        >>> Size((60, 60), runs=3600, epochs=720_000, seconds=26.5).cells_max
        2000
        """
        return min(
            EXPERIMENTS_PER_JOB_MAX * self.cells // self.runs,
            EPOCHS_PER_JOB_MAX * self.cells // self.epochs,
            int(STUDY_SECONDS_MAX * self.cells / self.seconds),
        )


def seconds(experiment: Experiment, runs: int) -> float:
    """About how long so many runs like this one take on two cores, loading and compiling left out.

    >>> round(1000 * seconds(Experiment(), runs=1), 1)  # milliseconds of one of many
    7.0
    """
    rows = min(experiment.batch_size, experiment.data.train_rows)
    convolved = convolution_operations(experiment)
    row = SECONDS_PER_ROW + SECONDS_PER_OPERATION * (experiment.operations - convolved)
    update = rows * (row + SECONDS_PER_CONVOLUTION * convolved)
    update += SECONDS_PER_PARAMETER * experiment.parameters
    if isinstance(experiment.optimizer, Muon):
        update += SECONDS_PER_TURN * muon_operations(experiment)
    return runs * experiment.length * experiment.updates_per_epoch * update


def convolution_operations(experiment: Experiment) -> int:
    """Multiply-adds of one row in convolutions.

    >>> digits = {"data": {"kind": "digits"}, "model": {"kind": "conv"}}
    >>> convolution_operations(Experiment.from_dict(digits))
    23808
    """
    data = experiment.data
    layers = layers_in_shape(experiment.model, data.features, data.classes)
    return sum(one.operations(before) for one, before in layers if one.kind == "Conv2D")


def muon_operations(experiment: Experiment) -> int:
    """Multiply-adds by which Muon turns the dense kernels at every update.

    Each of its steps is X Xᵀ, that times itself, and the sum of both times X.

    >>> muon_operations(Experiment())  # a kernel of 2 by 50 and one of 50 by 3
    6675
    """
    data = experiment.data
    layers = layers_in_shape(experiment.model, data.features, data.classes)
    kernels = (one.weights(before)["kernel"] for one, before in layers if one.kind == "Dense")
    steps = (2 * min(kernel) ** 2 * max(kernel) + min(kernel) ** 3 for kernel in kernels)
    return MUON_STEPS * sum(steps)


def size(base: Experiment, varied: Varied, times: int) -> Size:
    """What a grid comes to when each of its cells is trained so many times. Raises `FieldError`.

    >>> varied = {"epochs": [100, 300], "optimizer.momentum": [0, 0.5, 0.9]}
    >>> size(Experiment(), varied, times=10)[:3]
    ((2, 3), 60, 12000)
    """
    counts = tuple(map(len, varied.values()))
    costs = sample(base, varied)
    each = times * math.prod(counts) / len(costs)
    return Size(
        counts,
        times * math.prod(counts),
        round(each * sum(one.length for one in costs)),
        each * sum(seconds(one, 1) for one in costs),
    )


def sample(base: Experiment, varied: Varied) -> list[Experiment]:
    """Experiments that cost on average what the grid's do. Raises `FieldError`.

    These are all cells but for repeats that cost the same; of more cells than may ever be handed
    in, where an estimate will do, evenly some.
    """
    costly = {path: values for path, values in varied.items() if is_costly(path)}
    cells = list(product(*costly.values()))
    step = -(-len(cells) // EXPERIMENTS_PER_JOB_MAX)
    return [base.replace(dict(zip(costly, values, strict=True))) for values in cells[::step]]


def is_costly(path: str) -> bool:
    """Whether values of a field may cost differently."""
    return path == "optimizer" or path.startswith(COSTLY)


def check_size(base: Experiment, varied: Varied, seeds: int) -> None:
    """Raise `FieldError` when a grid is more than may be handed in.

    >>> sixty = [0.001 * (n + 1) for n in range(60)]
    >>> check_size(Experiment(), {"optimizer.learning_rate": sixty, "data.noise": sixty}, seeds=1)
    Traceback (most recent call last):
        ...
    core.experiment.refusals.FieldError: Study: `cells` must be at most 2000 at 1 seed, got \
"60 × 60 = 3600 cells, about 25 s".
    """
    of = size(base, varied, check_seeds(seeds))
    if of.is_too_large:
        product = " × ".join(map(str, of.counts)) + " = " if len(of.counts) > 1 else ""
        noun = "seed" + "s" * (seeds > 1)
        reason = because("too_many_cells", most=of.cells_max, seeds=seeds, noun=noun)
        got = f"{product}{of.cells} cells, about {duration(of.seconds)}"
        raise FieldError("Study", "cells", reason, got)


def duration(time: float) -> str:
    """Seconds as people say them.

    >>> duration(0.4), duration(44.6), duration(800.0), duration(9000.0)
    ('1 s', '45 s', '13 min', '2.5 h')
    """
    if time < 100:
        return f"{max(round(time), 1)} s"
    return f"{time / 60:.0f} min" if time < 6000 else f"{time / 3600:.1f} h"
