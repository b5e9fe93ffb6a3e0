"""The compiled engine: runs that share a program, trained together a few epochs at a call."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import perf_counter

from core.engine.group import Chunk, Group
from core.engine.grouping import program_key
from core.engine.lanes import seats, widths
from core.experiment import Experiment
from core.records import Outcome

__all__ = ["Chunk", "Session", "program_key", "warm"]

CALL_SECONDS_MIN = 0.01  # of a group's turn, so that what a call costs is little beside it


class Session:
    """Runs that are trained together; all of one `program_key`.

    Raises `ValueError` for runs that do not share a program.
    """

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        keys = {program_key(experiment) for experiment in experiments}
        if len(keys) != 1:
            raise ValueError(f"Session: experiments must share one program, got {len(keys)}.")
        (key,) = keys
        self.outcomes: list[Outcome | None] = [None] * len(experiments)
        self.groups: deque[Group] = deque()  # those with open runs, in the order of their turns
        first = 0
        for lanes in seats(len(experiments), widths(key)):
            runs = range(first, min(first + lanes, len(experiments)))
            self.groups.append(Group(key, lanes, runs, experiments[runs.start : runs.stop]))
            first = runs.stop

    @property
    def done(self) -> bool:
        return not self.groups

    def advance(self, seconds: float) -> list[Chunk]:
        """Train for about so long; the groups take turns, and each turn is an epoch at least."""
        chunks: list[Chunk] = []
        end = perf_counter() + seconds
        turn = max(seconds / max(len(self.groups), 1), CALL_SECONDS_MIN)
        while self.groups:
            left = end - perf_counter()
            if chunks and left < max(self.groups[0].epoch_seconds, 0.0):
                break
            chunks += self.train(min(turn, left))
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


def warm(experiment: Experiment, runs: int) -> None:
    """Compile what a session of so many such runs needs, without training."""
    key = program_key(experiment)
    for lanes in sorted(set(seats(runs, widths(key)))):
        Group(key, lanes, [0], [experiment]).call(0)
