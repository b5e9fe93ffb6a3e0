"""Looks into runs: who wished for them, which worker looks, and what has been seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self, get_args

import numpy as np

from core.engine.looking import Look, Sight
from core.experiment import Experiment
from core.experiment.limits import (
    LOOK_EPOCHS_MAX,
    LOOK_INPUTS_BYTES_MAX,
    LOOKS_MAX,
    SIGHTS_BYTES_MAX,
)
from core.experiment.refusals import FieldError
from core.service.events import QueueFull
from core.service.messages import LookInto, Probe, Stop
from core.service.worker_pool import Seat

ATTEMPTS_MAX = 2  # of a look whose worker was lost before it saw anything
PROBES: tuple[str, ...] = get_args(Probe)
NUMBER_BYTES = 4  # of a weight, of a probability


class Sights(Iterator[Sight]):
    """What is seen, as it comes; each call waits for the next one, from any one thread.

    Ends with `RuntimeError` where not all could be seen, with `Closed` when its laboratory is.
    """

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
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
        return seen

    def close(self) -> None:
        """See no more; the worker is told."""
        self._end = StopIteration()
        self._leave()

    def put(self, seen: Sight | Exception) -> None:
        """The next sight, or the end."""
        self._seen.put(seen)


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

    def __init__(self) -> None:
        self._open: dict[str, OpenLook] = {}

    def ask(self, message: LookInto, leave: Callable[[], None], seats: list[Seat]) -> Sights:
        """Look now, or when a worker is ready. Raises `QueueFull`."""
        if len(self._open) >= LOOKS_MAX:
            raise QueueFull("full_looks", LOOKS_MAX, LOOKS_MAX + 1)
        look = self._open[message.task] = OpenLook(message, Sights(leave))
        self.give(seats)
        return look.sights

    def give(self, seats: list[Seat]) -> None:
        """Give every look that no worker has to the one that has least to do."""
        for look in self._open.values():
            if look.seat is None and seats:
                look.seat = min(seats, key=lambda seat: len(seat.tasks) + len(seat.looks))
                look.seat.looks.add(look.message.task)
                look.attempts += 1
                look.seat.send(look.message)

    def see(self, task: str, sight: Sight) -> None:
        if look := self._open.get(task):
            look.begun = True
            look.sights.put(sight)

    def end(self, task: str, why: str) -> None:
        self._close(task, RuntimeError(why) if why else StopIteration())

    def leave(self, task: str) -> None:
        """Who wished for it has seen enough."""
        if (look := self._open.get(task)) and look.seat:
            look.seat.send(Stop(task))
        self._close(task, StopIteration())

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
            look.sights.put(end)
            if look.seat:
                look.seat.looks.discard(task)


def check_look(experiment: Experiment, look: Look) -> None:
    """Raise `FieldError` for what cannot be seen, or would be too much to send.

    >>> check_look(Experiment(), Look("weights", range(201)))
    >>> check_look(Experiment(), Look("colour", [0]))
    Traceback (most recent call last):
        ...
    core.experiment.refusals.FieldError: Look: `what` must be one of weights, predictions, \
snapshot, update_losses, measured_loss, measured_accuracy, gradient_norm, sharpness, \
preconditioned_sharpness, got "colour".
    """
    if look.what not in PROBES:
        raise FieldError("Look", "what", f"one of {', '.join(PROBES)}", look.what)
    last = experiment.length
    if not look.epochs or not all(0 <= epoch <= last for epoch in look.epochs):
        got = [min(look.epochs, default=None), max(look.epochs, default=None)]
        raise FieldError("Look", "epochs", f"some from 0 to {last}", got)
    check_inputs(experiment, look)
    most = min(LOOK_EPOCHS_MAX, SIGHTS_BYTES_MAX // max(sight_bytes(experiment, look), 1))
    if len(look.epochs) > most:
        raise FieldError("Look", "epochs", f"at most {most} of so many numbers", len(look.epochs))


def check_inputs(experiment: Experiment, look: Look) -> None:
    features = experiment.data.features
    shape = (0, features) if look.inputs is None else np.shape(look.inputs)
    if len(shape) != 2 or shape[1] != features or (shape[0] == 0) == (look.what == "predictions"):
        raise FieldError("Look", "inputs", f"rows of {features} numbers, for predictions", shape)
    most = LOOK_INPUTS_BYTES_MAX // (NUMBER_BYTES * features)
    if shape[0] > most:
        raise FieldError("Look", "inputs", f"at most {most} rows", shape[0])


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
