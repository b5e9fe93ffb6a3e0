"""The compiled engine: runs that share a program, trained together a few epochs at a call."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import perf_counter

import numpy as np
import numpy.typing as npt

from core.engine import feed
from core.engine.columns import check_extra
from core.engine.group import Chunk, LaneGroup, cut_at_end
from core.engine.grouping import program_key
from core.engine.program import Program, epochs_per_call, lanes_of_programs, program
from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome

__all__ = ["Chunk", "Session", "program_key", "warm"]

TURN_SECONDS_MIN = 0.01  # of a group, so that what a call costs is little beside it


class Session:
    """Runs that are trained together; all of one `program_key`.

    `columns` may name more than `COLUMNS`, see `core.engine.columns`: then a call is an epoch. With
    `snapshots`, one a run or None, runs go on from there. `lanes` is how many of them one program
    trains at once, by default what suits the device. Raises `ValueError` for runs that do not share
    a program, for columns that there are not, and for snapshots behind which nothing is left.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        columns: Columns = COLUMNS,
        snapshots: Sequence[Snapshot | None] | None = None,
        lanes: int | None = None,
    ) -> None:
        keys = {program_key(experiment) for experiment in experiments}
        if len(keys) != 1:
            raise ValueError(f"Session: experiments must share one program, got {len(keys)}.")
        check_extra(columns)
        self.columns = columns
        self.outcomes: list[Outcome | None] = [None for _ in experiments]
        starts = snapshots or [None] * len(experiments)
        check_starts(experiments, starts)
        self.groups = deque(  # those with open runs, in the order of their turns
            LaneGroup(
                program_of(experiments[runs[0]], lanes or lanes_of_programs()),
                runs,
                [experiments[run] for run in runs],
                [starts[run] for run in runs],
                self.columns[len(COLUMNS) :],
            )
            for runs in abreast(starts, lanes or lanes_of_programs())
        )
        self._places = {run: group for group in self.groups for run in group.runs}

    @property
    def done(self) -> bool:
        return not self.groups

    def advance(self, seconds: float) -> list[Chunk]:
        """Train for about so long, an epoch at least; the groups take turns."""
        chunks: list[Chunk] = []
        end = perf_counter() + seconds
        turn = max(seconds / max(len(self.groups), 1), TURN_SECONDS_MIN)
        left = seconds
        while self.groups and (not chunks or left > self.groups[0].program.epoch_seconds):
            chunks += self.train(min(turn, left))
            left = end - perf_counter()
        return chunks

    def train(self, seconds: float) -> list[Chunk]:
        """One turn of the group whose turn it is."""
        group = self.groups.popleft()
        chunks, outcomes = group.train(seconds)
        for run, outcome in outcomes.items():
            self.outcomes[run] = outcome
        if group.open:
            self.groups.append(group)
        return chunks

    def snapshot(self, run: int) -> Snapshot:
        """A run as it stands between two calls of `advance`.

        Raises `ValueError` for a run that ended before those beside it: its lane was led on.
        """
        group, ended = self._places[run], self.outcomes[run]
        if ended and (ended.kind == "diverged" or ended.epoch != group.first):
            got = f"run {run}, which {ended.kind} at epoch {ended.epoch}"
            raise ValueError(f"Session: snapshot must be of a run that goes on, got {got}.")
        return group.snapshots([group.runs.index(run)])[0]


class Walk:
    """One run that is led to epochs of somebody's choice, and looked at there.

    With `per_update` each update's loss is kept, by a program of its own.
    """

    def __init__(self, experiment: Experiment, per_update: bool = False) -> None:
        self._group = LaneGroup(program_of(experiment, 1, per_update), [0], [experiment], [None])

    @property
    def epoch(self) -> int:
        """How many epochs are behind it."""
        return self._group.first

    @property
    def losses(self) -> npt.NDArray[np.float64]:
        """Of the epoch behind it, the loss of each update's batch before it; (updates,)."""
        losses: npt.NDArray[np.float64] = self._group.losses[0][-1:].reshape(-1)
        return losses

    def go_to(self, epoch: int) -> bool:
        """On towards an epoch by one call; False where the run ended by diverging on its way."""
        left = epoch - self._group.first
        records = self._group.call(min(left, epochs_per_call(self._group.key)))
        _, outcome = cut_at_end(records[0], len(records[0]) + self._group.first)
        return outcome is None

    def snapshot(self) -> Snapshot:
        return self._group.snapshots([0])[0]


def check_starts(experiments: Sequence[Experiment], starts: Sequence[Snapshot | None]) -> None:
    for one, start in zip(experiments, starts, strict=True):
        if start and start.epoch >= one.length:
            got = f"epoch {start.epoch} of {one.length}"
            raise ValueError(f"Session: snapshots must be from before a run's end, got {got}.")


def abreast(starts: Sequence[Snapshot | None], lanes: int) -> list[list[int]]:
    """Runs that start at the same epoch, at most `lanes` of them together.

    >>> abreast([None, None, None], lanes=2)
    [[0, 1], [2]]
    """
    by_epoch: dict[int, list[int]] = {}
    for run, start in enumerate(starts):
        by_epoch.setdefault(start.epoch if start else 0, []).append(run)
    return [
        runs[first : first + lanes]
        for runs in by_epoch.values()
        for first in range(0, len(runs), lanes)
    ]


def program_of(experiment: Experiment, lanes: int, per_update: bool = False) -> Program:
    names = feed.number_names(experiment)
    return program(program_key(experiment), lanes, names, per_update)


def warm(experiment: Experiment) -> None:
    """Compile what sessions of such runs need, without training."""
    one = program_of(experiment, lanes_of_programs())
    LaneGroup(one, [0], [experiment], [None]).call(0)
