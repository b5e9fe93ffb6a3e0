"""Looks into runs: who wished for them, which worker looks, and what has been seen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self

from core.engine.columns import EXTRA
from core.engine.grouping import program_key
from core.engine.looking import Look, Sight
from core.experiment import Experiment
from core.experiment.limits import (
    LOOK_EPOCHS_MAX,
    LOOK_INPUTS_BYTES_MAX,
    LOOKS_BYTES_MAX,
    LOOKS_MAX,
    SIGHTS_BYTES_MAX,
)
from core.experiment.refusals import FieldError, because
from core.service.events import QueueFull
from core.service.messages import LookInto, Stop
from core.service.worker_pool import Seat

ATTEMPTS_MAX = 2  # of a look whose worker was lost before it saw anything
NUMBER_BYTES = 4  # of a weight, of a probability


class Room:
    """How much has been seen of all looks that nobody has taken yet."""

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max, self._left = bytes_max, bytes_max
        self._returned: SimpleQueue[int] = SimpleQueue()

    def take(self, sight: Sight) -> bool:
        """Whether there is room for it, which then is taken; under the lock of the laboratory."""
        while not self._returned.empty():
            self._left += self._returned.get()
        fits = size(sight) <= self._left
        self._left -= fits * size(sight)
        return fits

    def leave(self, sight: Sight) -> None:
        """From any thread, also while memory is tidied up, when no lock could be waited for."""
        self._returned.put(size(sight))


class Sights(Iterator[Sight]):
    """What is seen, as it comes; each call waits for the next one, from any one thread.

    Ends with `RuntimeError` where not all could be seen, with `Closed` when its laboratory is.
    """

    def __init__(self, leave: Callable[[], None], room: Room) -> None:
        self._leave, self._room = leave, room
        self._seen: SimpleQueue[Sight | Exception] = SimpleQueue()
        self._end: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __next__(self) -> Sight:
        seen = self._end or self._seen.get()
        if isinstance(seen, Exception):
            self._end = seen
            raise seen
        self._room.leave(seen)
        return seen

    def close(self) -> None:
        """See no more; the worker is told."""
        self._end = StopIteration()
        self._leave()
        self._forget()

    def __del__(self) -> None:
        self._forget()

    def put(self, sight: Sight) -> bool:
        """The next sight; False where there is no room for it."""
        fits = self._room.take(sight)
        if fits:
            self._seen.put(sight)
        return fits

    def end(self, end: Exception) -> None:
        """There is no more to be seen."""
        self._seen.put(end)

    def _forget(self) -> None:
        """What was seen and is not wanted makes room for others."""
        while not self._seen.empty():
            if isinstance(seen := self._seen.get(), Sight):
                self._room.leave(seen)


@dataclass(eq=False)
class OpenLook:
    """A wish that has not ended."""

    message: LookInto
    sights: Sights
    seat: Seat | None = None
    attempts: int = 0
    begun: bool = False  # something has been seen


class Looks:
    """All that are open, by the name of their task. Its laboratory's lock guards it."""

    def __init__(self, bytes_max: int = LOOKS_BYTES_MAX) -> None:
        self._open: dict[str, OpenLook] = {}
        self._room = Room(bytes_max)

    def ask(self, message: LookInto, leave: Callable[[], None], seats: list[Seat]) -> Sights:
        """Look now, or when a worker is ready. Raises `QueueFull`."""
        if len(self._open) >= LOOKS_MAX:
            raise QueueFull("full_looks", LOOKS_MAX, LOOKS_MAX + 1)
        look = self._open[message.task] = OpenLook(message, Sights(leave, self._room))
        self.give(seats)
        return look.sights

    def give(self, seats: list[Seat]) -> None:
        """Give every look that no worker has to the one that has least to do."""
        for look in self._open.values():
            if look.seat is None and seats:
                look.seat = min(seats, key=burden)
                look.seat.looks.add(look.message.task)
                look.seat.add_programs(*programs_of(look.message))
                look.attempts += 1
                look.seat.send(look.message)

    def see(self, task: str, sight: Sight) -> None:
        if look := self._open.get(task):
            look.begun = True
            if not look.sights.put(sight):
                limit = f"at most {self._room.bytes_max} bytes in all, got more at {sight.epoch}"
                why = f"Look: sights that nobody has taken yet must be {limit}."
                self.leave(task, RuntimeError(why))

    def end(self, task: str, why: str) -> None:
        self._close(task, RuntimeError(why) if why else StopIteration())

    def leave(self, task: str, end: Exception | None = None) -> None:
        """Enough has been seen; the worker is told."""
        if (look := self._open.get(task)) and look.seat:
            look.seat.send(Stop(task))
        self._close(task, end or StopIteration())

    def lose(self, seat: Seat, why: str) -> None:
        """A worker has gone: what it has not begun to see, another one may."""
        for task, look in list(self._open.items()):
            if look.seat is seat:
                look.seat = None
                if look.begun or look.attempts >= ATTEMPTS_MAX:
                    self.end(task, why)

    def give_up(self, error: Exception) -> None:
        """Nobody will look any more."""
        for task in list(self._open):
            self._close(task, error)

    def _close(self, task: str, end: Exception) -> None:
        if look := self._open.pop(task, None):
            look.sights.end(end)
            if look.seat:
                look.seat.looks.discard(task)


def burden(seat: Seat) -> tuple[bool, int]:
    """What a look weighs seats by: one that is full of programs is to rest and be replaced."""
    return seat.full, len(seat.tasks) + len(seat.looks)


def programs_of(message: LookInto) -> set[Hashable]:
    """What a worker compiles for a look: what trains, and what measures where anything does.

    >>> [len(programs_of(LookInto("1", Experiment(), what, (0,)))) for what in ("weights", *EXTRA)]
    [1, 2, 2, 2, 2, 2]
    """
    program, what = program_key(message.experiment), message.what
    programs: set[Hashable] = {("walk", program, what == "update_losses")}
    if what in (*EXTRA, "predictions"):
        programs.add(("measure", program, what, message.inputs))
    return programs


def size(sight: Sight) -> int:
    return sum(array.nbytes for array in sight.arrays.values())


def check_look(experiment: Experiment, look: Look) -> None:
    """Raise `FieldError` for what cannot be seen, or would be too much to send.

    >>> check_look(Experiment(), Look("weights", range(201)))
    >>> check_look(Experiment(), Look("weights", [201]))
    Traceback (most recent call last):
        ...
    core.experiment.refusals.FieldError: Look: `epochs` must be some from 0 to 200, got [201, 201].
    """
    look.check(experiment)
    rows = LOOK_INPUTS_BYTES_MAX // (NUMBER_BYTES * experiment.data.features)
    if look.inputs is not None and len(look.inputs) > rows:
        raise FieldError("Look", "inputs", because("rows_of_look", most=rows), len(look.inputs))
    most = min(LOOK_EPOCHS_MAX, SIGHTS_BYTES_MAX // max(sight_bytes(experiment, look), 1))
    if len(look.epochs) > most:
        reason = because("epochs_of_look", most=most)
        raise FieldError("Look", "epochs", reason, len(look.epochs))


def sight_bytes(experiment: Experiment, look: Look) -> int:
    """How much is seen of one epoch at least; 0 where that depends.

    >>> sight_bytes(Experiment(), Look("weights", [0]))
    1212
    """
    match look.what:
        case "weights" | "snapshot":
            return NUMBER_BYTES * experiment.parameters
        case "predictions":
            rows = 0 if look.inputs is None else len(look.inputs)
            return NUMBER_BYTES * rows * experiment.data.classes
        case _:
            return 0
