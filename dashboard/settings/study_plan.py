"""From what is asked to what is trained: the study, its cells by Keras version, its experiments."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from core.analysis import studies
from core.analysis.studies import Cell, Size, Study, grid, study
from core.analysis.studies.tutorial import KERAS_2, differences
from core.experiment import Experiment
from core.experiment.limits import SEED_MAX
from core.experiment.records import flat
from core.experiment.refusals import FieldError
from dashboard.settings.axis import VariedField, on_base
from dashboard.settings.studies import OWN, StudiesSettings

PLANS_KEPT = 64  # of all visitors; one of 400 experiments takes 0.5 MB, and 30 ms to make
NO_BASE = (), Experiment(), False  # of the tutorial's studies
AT_ONCE_SECONDS = 20.0  # what a study of one's own may take without anybody's saying so


def plan(asked: StudiesSettings) -> Study:
    """All that is asked as one study: the cells of one version of Keras, then of the other.

    Raises `FieldError`.
    """
    is_own = asked.study == OWN
    own_part = (asked.axes, asked.base, asked.base.whole_batch) if is_own else NO_BASE
    halves = {version: plan_version(asked.study, version, *own_part) for version in asked.versions}
    first = next(iter(halves.values()))
    if len(halves) == 1:
        return first
    cells = [under(version, cell) for version, one in halves.items() for cell in one.cells]
    return dataclasses.replace(first, cells=tuple(cells))


@lru_cache(maxsize=PLANS_KEPT)
def plan_version(
    name: str, version: str, axes: tuple[VariedField, ...], base: Experiment, whole_batch: bool
) -> Study:
    """One study under one version of Keras; `axes` and `base` are those of one's own.

    `whole_batch`, the base's, tells bases apart that are the same experiment.
    """
    return own(axes, base, version) if name == OWN else study(name, version)


def under(version: str, cell: Cell) -> Cell:
    """A cell that stands beside another version's: "preset=keras-3 momentum=0.9"."""
    return Cell((("preset", version), *cell.values), cell.experiment)


@lru_cache(maxsize=PLANS_KEPT)
def experiments(study: Study, seeds: int) -> tuple[Experiment, ...]:
    """The experiments of a study; the same objects each time, whose keys are known."""
    return tuple(study.experiments(seeds))


def own(axes: Sequence[VariedField], base: Experiment, version: str) -> Study:
    """A grid of one's own under a version of Keras. Raises `FieldError`."""
    base, on_it = on_base(axes, base)
    made = grid(base, on_it)
    cells = tuple(Cell(cell.values, in_version(cell, version)) for cell in made.cells)
    return dataclasses.replace(made, cells=cells)


def in_version(cell: Cell, version: str) -> Experiment:
    """The cell's experiment with the optimizer's defaults of a version of Keras.

    What is varied stays as it is, and so does any value that is neither version's default.

    >>> adagrad = Experiment().replace({"optimizer.kind": "adagrad"})
    >>> in_version(Cell((), adagrad), "keras-3").optimizer.learning_rate
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


def size(asked: StudiesSettings) -> Size:
    """How large the asked study of one's own is. Raises `FieldError`."""
    times = asked.seeds * len(asked.versions)
    return size_of_grid(asked.axes, asked.base, asked.base.whole_batch, times)


class Room(NamedTuple):
    """How much would do, each by itself, of what is too large: values of each axis, and seeds."""

    axes: tuple[int, ...]
    seeds: int


def room(asked: StudiesSettings) -> Room | None:
    """What would do instead of a study that is too large; None of one that is not."""
    if asked.study != OWN:
        return None
    try:
        of = size(asked)
    except FieldError:
        return None  # it is no study
    late = SEED_MAX - asked.base.seed + 1
    if of.excess <= 1 and asked.seeds <= late:
        return None
    return Room(
        tuple(int(count / of.excess) for count in of.counts),
        min(int(asked.seeds / of.excess), late),
    )


@lru_cache(maxsize=PLANS_KEPT)
def size_of_grid(
    axes: tuple[VariedField, ...], base: Experiment, whole_batch: bool, times: int
) -> Size:
    """How large a grid is when each of its cells is trained so many times."""
    base, on_it = on_base(axes, base)
    return studies.size(base, {axis.path: axis.values for axis in on_it}, times)
