"""When a worker takes which snapshot: of each run every few seconds, for little of its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.service.trainer import TrainingSession

SHARE_MAX = 0.01  # of a worker's time that snapshots may take; the laboratory has as much to do


@dataclass(eq=False)
class OpenTask:
    """Runs to train together, from the message that brought them to their outcomes."""

    name: str
    experiments: Sequence[Experiment]
    snapshot_seconds: float = 0.0  # between two snapshots of a run; 0 for none
    session: TrainingSession | None = None  # None until it is prepared
    epochs: list[int] = field(default_factory=list)  # finished, of each run
    ended: set[int] = field(default_factory=set)
    saved: list[int] = field(default_factory=list)  # epochs of the last snapshots
    saved_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.epochs = [0] * len(self.experiments)

    def begin(self, session: TrainingSession, starts: Sequence[Snapshot | None]) -> None:
        """It is prepared, and goes on from these."""
        self.session = session
        self.epochs = [start.epoch if start else 0 for start in starts]
        self.saved = list(self.epochs)

    @property
    def open(self) -> list[int]:
        return [run for run in range(len(self.experiments)) if run not in self.ended]


class SnapshotPace:
    """Lets at most `SHARE_MAX` of a worker's time go into snapshots.

    >>> task = OpenTask("1", [Experiment()], snapshot_seconds=2.0)
    >>> task.epochs, task.saved, pace = [5], [0], SnapshotPace()
    >>> [pace.due(task, now) for now in (10.0, 11.9, 12.0)]
    [None, None, 0]
    >>> pace.note(task, 0, begun=12.0, now=12.1)
    >>> task.epochs = [9]
    >>> [pace.due(task, now) for now in (14.5, 22.1)]
    [None, 0]
    """

    def __init__(self) -> None:
        self._next_at = 0.0

    def due(self, task: OpenTask, now: float) -> int | None:
        """The run of a task whose snapshot is to be taken now: the one with the oldest."""
        if not task.saved_at:
            task.saved_at = [now] * len(task.experiments)  # it has just begun
        if now < self._next_at:
            return None
        before = now - task.snapshot_seconds
        old = [
            run
            for run in task.open
            if task.saved_at[run] <= before and task.epochs[run] > task.saved[run]
        ]
        return min(old, key=lambda run: task.saved_at[run], default=None)

    def note(self, task: OpenTask, run: int, begun: float, now: float) -> None:
        """One has been taken, and sent."""
        task.saved[run], task.saved_at[run] = task.epochs[run], now
        self._next_at = now + (now - begun) / SHARE_MAX


def read_all(packed: Sequence[bytes], count: int) -> list[Snapshot | None]:
    """Snapshots to go on from, None for those that are empty or cannot be read: these begin anew.

    >>> read_all([b"", b"no snapshot"], count=2), read_all([], count=1)
    ([None, None], [None])
    """
    return [read_one(one) for one in packed] or [None] * count


def read_one(packed: bytes) -> Snapshot | None:
    try:
        return Snapshot.from_bytes(packed) if packed else None
    except ValueError:
        return None
