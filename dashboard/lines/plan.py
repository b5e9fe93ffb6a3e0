"""What is trained for a comparison: one job for all pins, and which of its runs belong where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from core.analysis.studies import Cell
from core.experiment import Experiment
from core.experiment.limits import EPOCHS_PER_JOB_MAX, EXPERIMENTS_PER_JOB_MAX, SEED_MAX
from core.experiment.records import Run
from core.experiment.refusals import FieldError, because
from dashboard.settings.pin import Pin

PLANS_KEPT = 8  # of all visitors; the largest takes 0.6 s to make and 5 MB


class Paired(NamedTuple):
    """The runs of two lines that share a seed, in the same order of seeds."""

    runs: list[int]
    minus: list[int]


@dataclass(frozen=True)
class Line:
    """One curve: a run, or a cell of a study, over its seeds."""

    pin: int  # the place of its pin
    place: int  # in the pin: 0 of a run, 0, 1, … of a study
    cell: Cell
    runs: dict[int, int]  # the number in the job, by seed

    @cached_property
    def label(self) -> str:
        """What tells it apart from the other lines of its pin."""
        return self.cell.label

    @property
    def numbers(self) -> list[int]:
        return list(self.runs.values())

    def paired(self, other: Line) -> Paired:
        """This line and another, seed by seed."""
        seeds = [seed for seed in self.runs if seed in other.runs]
        return Paired([self.runs[s] for s in seeds], [other.runs[s] for s in seeds])

    def of(self, runs: Sequence[Run]) -> list[Run]:
        """Its own among the runs of the job; none while the job is not there."""
        return [runs[number] for number in self.numbers] if runs else []


@dataclass(frozen=True)
class Plan:
    """The experiments of a job, each once, and the lines that are drawn of them.

    `runs` says how many experiments these are; of more than a job may hold none are made.
    """

    experiments: tuple[Experiment, ...]
    lines: tuple[Line, ...]
    seeds: int
    runs: int

    @property
    def epochs(self) -> int:
        """Of the longest run."""
        return max((line.cell.experiment.length for line in self.lines), default=1)

    @cached_property
    def sources(self) -> dict[int, list[Line]]:
        """The lines of each pin, by its place."""
        found: dict[int, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.pin, []).append(line)
        return found

    def of_pin(self, place: int) -> list[Line]:
        return self.sources.get(place, [])

    def counterpart(self, line: Line, reference: int) -> Line | None:
        """What a line is compared to in the reference: its one run, or the cell of that name."""
        others = self.of_pin(reference)
        if len(others) == 1:
            return others[0]
        return self.labelled.get((reference, line.label))

    @cached_property
    def labelled(self) -> dict[tuple[int, str], Line]:
        """The lines by the place of their pin and their label; of several alike the first."""
        return {(line.pin, line.label): line for line in reversed(self.lines)}

    def refusal(self) -> FieldError | None:
        """Why so much cannot be handed in at once; None where it can."""
        epochs = sum(experiment.length for experiment in self.experiments)
        late = max((line.cell.experiment.seed for line in self.lines), default=0)
        if late + self.seeds - 1 > SEED_MAX:
            most = SEED_MAX - self.seeds + 1
            return FieldError("Pins", "seed", because("late_seed", most=most, first=late), late)
        if self.runs > EXPERIMENTS_PER_JOB_MAX:
            of = {"most": EXPERIMENTS_PER_JOB_MAX, "count": self.runs}
            return FieldError("Pins", "runs", because("too_many_runs", **of), self.runs)
        if epochs > EPOCHS_PER_JOB_MAX:
            of = {"most": EPOCHS_PER_JOB_MAX, "count": epochs}
            return FieldError("Pins", "epochs", because("too_many_epochs", **of), epochs)
        return None

    def most_seeds(self) -> int:
        """With how many seeds about as much as may be could be handed in."""
        late = max((line.cell.experiment.seed for line in self.lines), default=0)
        epochs = sum(experiment.length for experiment in self.experiments)
        excess = max(self.runs / EXPERIMENTS_PER_JOB_MAX, epochs / EPOCHS_PER_JOB_MAX)
        return min(int(self.seeds / excess), SEED_MAX - late + 1)


@lru_cache(maxsize=PLANS_KEPT)
def plan(pins: tuple[Pin, ...], seeds: int) -> Plan:
    """What to train for these pins: equal experiments once, however often they are pinned.

    >>> both = plan((Pin(), Pin(study="momentum")), seeds=10)
    >>> len(both.lines), len(both.experiments)
    (5, 40)
    """
    cells = [
        (place, n, cell) for place, pin in enumerate(pins) for n, cell in enumerate(pin.cells())
    ]
    runs = count_experiments([cell for *_, cell in cells], seeds)
    if runs > EXPERIMENTS_PER_JOB_MAX:
        return Plan((), tuple(Line(*one, {}) for one in cells), seeds, runs)
    seeded = [(*one, one[-1].seeded(seeds_of(one[-1], seeds))) for one in cells]
    wanted = {one.key: one for *_, experiments in seeded for one in experiments}
    # In the order of their keys: the same pins in another order are the same job.
    numbers = {key: number for number, key in enumerate(sorted(wanted))}
    lines = (
        Line(place, n, cell, {one.seed: numbers[one.key] for one in experiments})
        for place, n, cell, experiments in seeded
    )
    return Plan(tuple(wanted[key] for key in numbers), tuple(lines), seeds, runs)


def count_experiments(cells: Sequence[Cell], seeds: int) -> int:
    """How many different experiments some cells are over so many seeds, without making them."""
    wanted: dict[str, set[int]] = {}
    for cell in cells:
        first = cell.experiment.seed
        unseeded = cell.experiment.replace({"seed": 0}).key
        wanted.setdefault(unseeded, set()).update(range(first, first + seeds_of(cell, seeds)))
    return sum(map(len, wanted.values()))


def seeds_of(cell: Cell, seeds: int) -> int:
    """How many of so many seeds there are from a cell's own on."""
    return min(seeds, SEED_MAX - cell.experiment.seed + 1)
