"""Every message between a laboratory and its workers, with all its fields and how long it may be.

A message goes over the pipe as a frame (`core.service.frames`): its fields as a JSON object, beside
them its `kind`; a field `payload` follows as raw bytes. `tests/service/messages.jsonl` has an
example of each. What a worker is told:

| kind     | answered by                                        |
|----------|----------------------------------------------------|
| train    | taken, started, records …, state …, an outcome each |
| stop     | outcomes, or looked                                |
| warm     | warmed                                             |
| rows     | loaded                                             |
| look     | looking …, sight …, looked                         |
| snapshot | state                                              |
| drag     | records …, an outcome                              |
| drive    | records …                                          |
| quit     | its end                                            |

By itself it says loading, then ready or broken, and once it is ready every second alive; what it
does not do it answers by refused. A `task` is a name that the laboratory gives, to what is trained
and to what is looked at alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Annotated, Any, Literal, Self, get_args

import numpy as np
import numpy.typing as npt

from core.engine.grouping import LANES
from core.engine.looking import WHATS, Look, Sight
from core.experiment import Experiment
from core.experiment.data import Data
from core.experiment.limits import (
    COLUMNS_MAX,
    EPOCHS_MAX,
    LOOK_EPOCHS_MAX,
    LOOK_INPUTS_BYTES_MAX,
    ROWS_BYTES_MAX,
    SIGHT_BYTES_MAX,
    SNAPSHOT_BYTES_MAX,
    WHY_CHARACTERS_MAX,
)
from core.experiment.records import COLUMNS, Columns, Outcome, check_columns
from core.experiment.refusals import shown
from core.service.encoding import Longest, Message, MessageError, decode
from core.service.frames import Frame

RECORDS_BYTES_MAX = LANES * (EPOCHS_MAX + 1) * COLUMNS_MAX * 8
ARRAYS_MAX = 256  # in one sight
DRIVEN_FIELDS_MAX = 64
NAME_MAX = 60  # characters

DTYPE = re.compile(r"<f[248]|<[iu][248]|\|[iu]1|\|b1")  # of an array in a payload, as NumPy has it

EngineName = Literal["compiled", "keras"]
ENGINES: tuple[str, ...] = get_args(EngineName)
DriveAction = Literal["pause", "resume", "step", "change"]

Name = Annotated[str, Longest(NAME_MAX)]
Why = Annotated[str, Longest(WHY_CHARACTERS_MAX)]
Layout = tuple[tuple[str, str, tuple[int, ...]], ...]  # name, dtype, shape of arrays in a payload


# What a worker is told


@dataclass(frozen=True)
class Train(Message):
    """Train these together, from the start or from a snapshot of each.

    `snapshots` says how many bytes of the payload are whose, 0 for a run from the start.
    """

    kind = "train"
    task: Name
    experiments: Annotated[tuple[Experiment, ...], Longest(LANES)]
    columns: Columns = COLUMNS
    engine: EngineName = "compiled"
    snapshot_seconds: float = 0.0  # between two snapshots of each run; 0 for none
    snapshots: Annotated[tuple[int, ...], Longest(LANES)] = ()
    payload: Annotated[bytes, Longest(LANES * SNAPSHOT_BYTES_MAX)] = b""

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            check_columns(self.columns)
        except ValueError as error:
            raise MessageError(str(error)) from None
        if not self.experiments:
            raise MessageError("Train: experiments must be at least one, got none.")
        if len(self.snapshots) not in (0, len(self.experiments)):
            got = len(self.snapshots)
            raise MessageError(f"Train: snapshots must be none or one a run, got {got}.")
        if min(self.snapshots, default=0) < 0 or sum(self.snapshots) != len(self.payload):
            expected, got = f"as long as {self.snapshots}", len(self.payload)
            raise MessageError(f"Train: payload must be {expected}, got {got} bytes.")

    @property
    def packed(self) -> list[bytes]:
        """The snapshot of each run; none where all begin at the start."""
        ends = list(accumulate(self.snapshots))
        return [self.payload[end - n : end] for n, end in zip(self.snapshots, ends, strict=True)]


@dataclass(frozen=True)
class Stop(Message):
    """End a task as it stands."""

    kind = "stop"
    task: Name


@dataclass(frozen=True)
class Warm(Message):
    """Compile the program of an experiment when there is nothing else to do."""

    kind = "warm"
    experiment: Experiment


@dataclass(frozen=True)
class LoadRows(Message):
    """Make the rows of a data set."""

    kind = "rows"
    data: Data


@dataclass(frozen=True)
class LookInto(Message):
    """Train an experiment and look into it after some epochs, 0 before the first update."""

    kind = "look"
    task: Name
    experiment: Experiment
    what: Name  # of `core.engine.looking.WHATS`
    epochs: Annotated[tuple[int, ...], Longest(LOOK_EPOCHS_MAX)]
    inputs: int = 0  # rows of the payload
    payload: Annotated[bytes, Longest(LOOK_INPUTS_BYTES_MAX)] = b""  # float32 (inputs, features)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.what not in WHATS:
            known = ", ".join(WHATS)
            raise MessageError(f"LookInto: what must be one of {known}, got {shown(self.what)}.")
        expected = 4 * self.inputs * self.experiment.data.features
        if len(self.payload) != expected:
            got = len(self.payload)
            raise MessageError(f"LookInto: payload must be of {expected} bytes, got {got}.")

    @classmethod
    def from_look(cls, task: str, experiment: Experiment, look: Look) -> Self:
        inputs = np.empty((0, 0)) if look.inputs is None else look.inputs
        packed = np.ascontiguousarray(inputs, "<f4").tobytes()
        return cls(task, experiment, look.what, tuple(look.epochs), len(inputs), packed)

    @property
    def look(self) -> Look:
        inputs = np.frombuffer(self.payload, "<f4").reshape(max(self.inputs, 1), -1)
        return Look(self.what, self.epochs, inputs if self.inputs else None)


@dataclass(frozen=True)
class TakeSnapshot(Message):
    """Give all that a run of a task needs to go on from where it is."""

    kind = "snapshot"
    task: Name
    run: int


@dataclass(frozen=True)
class Drag(Message):
    """Train this at once, and no longer what the last one of this task asked for."""

    kind = "drag"
    task: Name
    experiment: Experiment
    epochs: int  # at most, before the next is looked for


@dataclass(frozen=True)
class Drive(Message):
    """Hold a task, let it go on, let it go on by an epoch, or change it from its next epoch on."""

    kind = "drive"
    task: Name
    action: DriveAction
    changes: Annotated[dict[str, Any], Longest(DRIVEN_FIELDS_MAX)] = field(default_factory=dict)


@dataclass(frozen=True)
class Quit(Message):
    """End."""

    kind = "quit"


# What a worker says


@dataclass(frozen=True)
class Loading(Message):
    """It has started and imports its engine."""

    kind = "loading"


@dataclass(frozen=True)
class Ready(Message):
    """It can train."""

    kind = "ready"
    device: Why  # in words, such as "CPU · 2 cores"
    device_class: Name  # as `core.engine.fingerprint` has it


@dataclass(frozen=True)
class Alive(Message):
    """It is there, and what it does goes on."""

    kind = "alive"


@dataclass(frozen=True)
class Broken(Message):
    """It cannot, and ends."""

    kind = "broken"
    why: Why


@dataclass(frozen=True)
class Taken(Message):
    """It has read a task."""

    kind = "taken"
    task: Name


@dataclass(frozen=True)
class Started(Message):
    """It trains a task, whose program is compiled."""

    kind = "started"
    task: Name
    columns: Columns  # of all records of this task


@dataclass(frozen=True)
class Records(Message):
    """The next epochs of some runs of a task; the first of each begin with epoch 0.

    Those of a run that goes on from a snapshot begin behind it.
    """

    kind = "records"
    task: Name
    runs: Annotated[tuple[tuple[int, int, int], ...], Longest(LANES)]  # run, first epoch, epochs
    payload: Annotated[bytes, Longest(RECORDS_BYTES_MAX)]  # float64 (epochs of all, columns)


@dataclass(frozen=True)
class RunEnded(Message):
    """A run of a task has ended."""

    kind = "outcome"
    task: Name
    run: int
    outcome: Outcome


@dataclass(frozen=True)
class Warmed(Message):
    """A program is compiled."""

    kind = "warmed"
    experiment: Experiment


@dataclass(frozen=True)
class RowsLoaded(Message):
    """A data set's benchmarks and rows, as `core.service.rows.pack` packs them; or `why` not."""

    kind = "loaded"
    data: Data
    why: Why = ""
    payload: Annotated[bytes, Longest(ROWS_BYTES_MAX)] = b""


@dataclass(frozen=True)
class SightTaken(Message):
    """What was seen after an epoch: arrays, one behind the other."""

    kind = "sight"
    task: Name
    epoch: int
    arrays: Annotated[Layout, Longest(ARRAYS_MAX)]
    payload: Annotated[bytes, Longest(SIGHT_BYTES_MAX)] = b""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, kind, shape in self.arrays:
            if not DTYPE.fullmatch(kind) or min(shape, default=0) < 0:
                raise MessageError(f"SightTaken: {name} must be of numbers, got {kind} {shape}.")
        expected, got = sum(size for *_, size in self.places()), len(self.payload)
        if got != expected:
            raise MessageError(f"SightTaken: payload must be of {expected} bytes, got {got}.")

    @classmethod
    def from_sight(cls, task: str, sight: Sight) -> Self:
        """Raises `MessageError` for a sight that is too large."""
        arrays = {name: little_endian(array) for name, array in sight.arrays.items()}
        layout = ((name, one.dtype.str, one.shape) for name, one in arrays.items())
        payload = b"".join(array.tobytes() for array in arrays.values())
        return cls(task, sight.epoch, tuple(layout), payload)

    @property
    def sight(self) -> Sight:
        """Its arrays are read-only."""
        arrays = {}
        start = 0
        for name, kind, shape, size in self.places():
            part = memoryview(self.payload)[start : start + size]
            arrays[name] = np.frombuffer(part, kind).reshape(shape)
            start += size
        return Sight(self.epoch, arrays)

    def places(self) -> Iterator[tuple[str, str, tuple[int, ...], int]]:
        """Name, dtype, shape and bytes of each array."""
        for name, kind, shape in self.arrays:
            yield name, kind, shape, np.dtype(kind).itemsize * math.prod(shape)


@dataclass(frozen=True)
class Looking(Message):
    """It is still on its way to what is to be seen."""

    kind = "looking"
    task: Name


@dataclass(frozen=True)
class Looked(Message):
    """There is no more to be seen; `why` where that is not all that was asked for."""

    kind = "looked"
    task: Name
    why: Why = ""


@dataclass(frozen=True)
class SnapshotTaken(Message):
    """A run's snapshot, as `core.engine.snapshot` packs it; its records have been told before."""

    kind = "state"
    task: Name
    run: int
    epoch: int
    payload: Annotated[bytes, Longest(SNAPSHOT_BYTES_MAX)]


@dataclass(frozen=True)
class Refused(Message):
    """What it was told it does not do; of a task, which ends by it, the name is given."""

    kind = "refused"
    what: Name  # kind of the message
    why: Why
    task: Name = ""


def little_endian(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


ToWorker = Train | Stop | Warm | LoadRows | LookInto | TakeSnapshot | Drag | Drive | Quit
FromWorker = (
    Loading
    | Ready
    | Alive
    | Broken
    | Taken
    | Started
    | Records
    | RunEnded
    | Warmed
    | RowsLoaded
    | SightTaken
    | Looking
    | Looked
    | SnapshotTaken
    | Refused
)
TO_WORKER: dict[str, type[Message]] = {one.kind: one for one in ToWorker.__args__}
FROM_WORKER: dict[str, type[Message]] = {one.kind: one for one in FromWorker.__args__}


def to_worker(frame: Frame) -> ToWorker:
    """What a worker is told by a frame. Raises `MessageError`."""
    message: ToWorker = decode(frame, TO_WORKER)  # type: ignore[assignment]
    return message


def from_worker(frame: Frame) -> FromWorker:
    """What a worker says by a frame. Raises `MessageError`."""
    message: FromWorker = decode(frame, FROM_WORKER)  # type: ignore[assignment]
    return message
