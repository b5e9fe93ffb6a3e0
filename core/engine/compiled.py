"""The compiled engine: runs that share a program, trained together a few epochs at a call."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import perf_counter

from core.engine.group import Chunk, Group
from core.engine.grouping import program_key
from core.engine.program import lanes_of_programs, program
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome

__all__ = ["Chunk", "Session", "program_key", "warm"]

TURN_SECONDS_MIN = 0.01  # of a group, so that what a call costs is little beside it


class Session:
    """Runs that are trained together; all of one `program_key`.

    `lanes` is how many of them one program trains at once, by default what suits the device.
    Raises `ValueError` for runs that do not share a program, and for columns that it has not.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        columns: Columns = COLUMNS,
        lanes: int | None = None,
    ) -> None:
        if columns != COLUMNS:
            raise ValueError(f"Session: columns must be {COLUMNS}, got {columns}.")
        self.columns = columns
        keys = {program_key(experiment) for experiment in experiments}
        if len(keys) != 1:
            raise ValueError(f"Session: experiments must share one program, got {len(keys)}.")
        (key,) = keys
        runs = range(len(experiments))
        lanes = lanes or lanes_of_programs()
        self.outcomes: list[Outcome | None] = [None for _ in runs]
        self.groups = deque(  # those with open runs, in the order of their turns
            Group(
                program(key, lanes), runs[first : first + lanes], experiments[first : first + lanes]
            )
            for first in runs[::lanes]
        )

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

    def set_learning_rate(self, run: int, rate: float) -> None:
        """From the run's next update on, its rate is `rate`, whatever its schedule says."""
        for group in self.groups:
            if run in group.runs:
                group.set_learning_rate(run, rate)


def warm(experiment: Experiment) -> None:
    """Compile what a session of such runs needs, without training."""
    Group(program(program_key(experiment), lanes_of_programs()), [0], [experiment]).call(0)
