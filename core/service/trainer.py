"""What a worker trains with, as its loop sees it: the compiled engine, plain `fit`, or a test's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.engine.looking import Look, Sight
from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.experiment.records import Columns, Outcome, Table
from core.service.messages import EngineName


class TrainedEpochs(Protocol):
    """The next epochs of one run; its first begin with the row of epoch 0."""

    @property
    def run(self) -> int: ...

    @property
    def records(self) -> Table: ...


class TrainingSession(Protocol):
    """Runs that are trained together."""

    @property
    def columns(self) -> Columns: ...

    @property
    def outcomes(self) -> Sequence[Outcome | None]: ...

    def advance(self, seconds: float) -> Sequence[TrainedEpochs]: ...


Starts = Sequence[Snapshot | None]  # what each run goes on from
Lookout = Callable[[Experiment, Look, Callable[[], bool]], Iterator[Sight]]


@dataclass(frozen=True)
class Engine:
    """What a worker trains with."""

    session: Callable[[Sequence[Experiment], Columns, Starts], TrainingSession]
    warm: Callable[[Experiment], None]  # compile its program
    device: str
    device_class: str
    look: Lookout | None = None  # for what is wished to be seen
    name: EngineName = "compiled"
    snapshot: Callable[[Any, int], Snapshot] | None = None  # of a session's run, to go on from
    leave: Callable[[Any], None] = lambda session: None  # a session that is not to be gone on with
