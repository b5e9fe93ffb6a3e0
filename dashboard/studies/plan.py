"""From what is asked to what is trained: the study, its cells by Keras version, its experiments."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean
from typing import NamedTuple

from core.experiment import Experiment
from core.limits import EPOCHS_PER_JOB_MAX, EXPERIMENTS_PER_JOB_MAX, STUDY_SECONDS_MAX
from core.records import flat
from core.studies import Axis, Cell, Study, grid, seconds, study
from core.studies.tutorial import KERAS_2, differences
from dashboard.studies.asked import OWN, Asked
from dashboard.studies.axis import AskedAxis, bringing

PLANS_KEPT = 64  # of all visitors; one of 400 experiments takes 0.5 MB, and 30 ms to make
AT_ONCE_SECONDS = 20.0  # what a study of one's own may take without anybody's saying so


class Size(NamedTuple):
    """How large a study of one's own is, and how large it may be."""

    counts: tuple[int, ...]  # values of each axis
    runs: int
    seconds: float  # about, on two cores
    cells_max: int

    @property
    def cells(self) -> int:
        return math.prod(self.counts)

    @property
    def is_too_large(self) -> bool:
        return self.cells > self.cells_max


def plan(asked: Asked) -> Study:
    """All that is asked as one study: the cells of one version of Keras, then of the other.

    Raises `FieldError`.
    """
    own_part = (asked.axes, asked.base) if asked.study == OWN else ((), Experiment())
    studies = {version: planned(asked.study, version, *own_part) for version in asked.versions}
    first = next(iter(studies.values()))
    if len(studies) == 1:
        return first
    cells = [under(version, cell) for version, one in studies.items() for cell in one.cells]
    return dataclasses.replace(first, cells=tuple(cells))


@lru_cache(maxsize=PLANS_KEPT)
def planned(name: str, version: str, axes: tuple[AskedAxis, ...], base: Experiment) -> Study:
    """One study under one version of Keras; `axes` and `base` are those of one's own."""
    return own(axes, base, version) if name == OWN else study(name, version)


def under(version: str, cell: Cell) -> Cell:
    """A cell that stands beside another version's: "preset=keras-3 momentum=0.9"."""
    return Cell((("preset", version), *cell.values), cell.experiment)


@lru_cache(maxsize=PLANS_KEPT)
def experiments(study: Study, seeds: int) -> tuple[Experiment, ...]:
    """The experiments of a study; the same objects each time, whose keys are known."""
    return tuple(study.experiments(seeds))


def own(axes: Sequence[AskedAxis], base: Experiment, version: str) -> Study:
    """A grid of one's own under a version of Keras. Raises `FieldError`."""
    base = bringing([axis.name for axis in axes], base)
    made = grid(base, [axis.axis(base) for axis in axes])
    cells = tuple(Cell(cell.values, translated(cell, version)) for cell in made.cells)
    return dataclasses.replace(made, cells=cells)


def translated(cell: Cell, version: str) -> Experiment:
    """The cell's experiment with the optimizer's defaults of a version of Keras.

    What is varied stays as it is, and so does any value that is neither version's default.

    >>> adagrad = Experiment().replace({"optimizer.kind": "adagrad"})
    >>> translated(Cell((), adagrad), "keras-3").optimizer.learning_rate
    0.001
    """
    varied = {path for path, _ in cell.values}
    values = flat(cell.experiment.to_dict())
    changes = {}
    for kind, name, keras_2, keras_3 in differences():
        path = f"optimizer.{name}"
        if kind != cell.experiment.optimizer.kind or path in varied:
            continue
        if values[path] in (keras_2, keras_3):
            changes[path] = keras_2 if version == KERAS_2 else keras_3
    return cell.experiment.replace(changes) if changes else cell.experiment


def size(asked: Asked) -> Size:
    """How large the asked study of one's own is. Raises `FieldError`."""
    base = bringing([axis.name for axis in asked.axes], asked.base)
    axes = [axis.axis(base) for axis in asked.axes]
    counts = tuple(len(axis.values) for axis in axes)
    samples = sampled(base, axes)
    times = asked.seeds * len(asked.versions)
    cell_epochs = times * fmean(one.epochs for one in samples)
    cell_seconds = times * fmean(seconds(one, 1) for one in samples)
    cells_max = min(
        EXPERIMENTS_PER_JOB_MAX // times,
        int(EPOCHS_PER_JOB_MAX / cell_epochs),
        int(STUDY_SECONDS_MAX / cell_seconds),
    )
    runs = times * math.prod(counts)
    return Size(counts, runs, cell_seconds * math.prod(counts), max(cells_max, 1))


def sampled(base: Experiment, axes: Sequence[Axis]) -> list[Experiment]:
    """Experiments that cost on average what the grid's do: each value once, along each axis.

    Raises `FieldError`.
    """
    return [base.replace({axis.path: value}) for axis in axes for value in axis.values]
