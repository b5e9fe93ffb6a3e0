"""A study: a named grid of experiments that differ in one or two fields, over several seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.experiment import Experiment
from core.experiment.field_types import Integer, accept
from core.experiment.limits import SEED_MAX, SEEDS_MAX
from core.experiment.records import Run, name_part, short
from core.experiment.refusals import FieldError, because

PanelColumns = tuple[str, ...]  # columns of the records that are drawn together, a panel a cell
Shows = Literal["training", "rates", "data"]

ACCURACY: PanelColumns = ("accuracy", "val_accuracy")
SEEDS = Integer(1, SEEDS_MAX)


@dataclass(frozen=True)
class Cell:
    """One setting of a study: what is varied, as path and value, and the experiment it makes."""

    values: tuple[tuple[str, Any], ...]
    experiment: Experiment

    @property
    def label(self) -> str:
        """What distinguishes the cell, as `run` in the records: "momentum=0.9"."""
        return " ".join(f"{short(path)}={name_part(plain(v))}" for path, v in self.values) or "run"

    def seeded(self, seeds: int) -> list[Experiment]:
        """The cell's experiment for each of so many seeds, counted on from its own.

        Raises `FieldError` where the last one would be above all seeds.
        """
        first, firsts = self.experiment.seed, Integer(0, SEED_MAX - seeds + 1)
        if first > firsts.high:
            reason = because("whole_for_seeds", **firsts.reason.parameters, seeds=seeds)
            raise FieldError("Study", "seed", reason, first, firsts)
        return [self.experiment.replace({"seed": first + n}) for n in range(seeds)]


@dataclass(frozen=True)
class Study:
    """A named grid of experiments, as data.

    `shows` says what of it is seen: "training" its records, "rates" only what its schedules give
    on paper, "data" only the points. Of a training study, `figures` lists the figures to draw. All
    cells share the seeds, and a seed governs initial weights and batch order, so runs of one seed
    are pairs; the data has a seed of its own, which is the same everywhere.

    >>> from core.analysis.studies import study
    >>> [cell.label for cell in study("momentum").cells]
    ['momentum=0.0', 'momentum=0.5', 'momentum=0.9', 'momentum=0.99']
    >>> len(study("momentum").experiments(seeds=10))
    40
    """

    name: str
    cells: tuple[Cell, ...]
    shows: Shows = "training"
    figures: tuple[PanelColumns, ...] = (ACCURACY,)

    @property
    def varied(self) -> tuple[str, ...]:
        """The paths of the fields that are varied."""
        return tuple(path for path, _ in self.cells[0].values)

    def axis(self, path: str) -> tuple[Any, ...]:
        """The values of one varied field, in order."""
        return tuple(dict.fromkeys(dict(cell.values)[path] for cell in self.cells))

    def cell(self, *values: Any) -> Cell:
        """The cell with these values of what is varied. Raises `KeyError`."""
        for cell in self.cells:
            if tuple(value for _, value in cell.values) == values:
                return cell
        raise KeyError(values)

    def experiments(self, seeds: int = 1) -> list[Experiment]:
        """Every experiment, cell by cell and in each cell seed by seed. Raises `FieldError`."""
        check_seeds(seeds)
        return [experiment for cell in self.cells for experiment in cell.seeded(seeds)]

    def by_cell(self, runs: Sequence[Run]) -> list[list[Run]]:
        """The runs of `experiments`, in that order, as one list a cell."""
        seeds = len(runs) // len(self.cells)
        return [list(runs[n * seeds : (n + 1) * seeds]) for n in range(len(self.cells))]

    def names(self, seeds: int = 1) -> list[str]:
        """What each of `experiments` is called in the records."""
        return [cell.label for cell in self.cells for _ in range(seeds)]


def check_seeds(seeds: int) -> int:
    """The number of seeds, if it may be. Raises `FieldError`."""
    count: int = accept("Study", "seeds", SEEDS, seeds)
    return count


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
