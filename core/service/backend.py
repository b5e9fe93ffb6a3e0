"""Where workers live: what a laboratory asks of the place, and this machine as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from core.service.machine import surroundings
from core.service.messages import FromWorker, ToWorker
from core.service.process import WorkerProcess

Heard = Callable[[FromWorker], None]
Ended = Callable[[], None]


class Worker(Protocol):
    """A process that trains, wherever it is. None of these waits for it, `end` aside."""

    @property
    def pid(self) -> int:
        """Of a process of this machine; 0 for one of another."""

    @property
    def memory(self) -> int:
        """Bytes of its own; 0 where that is not known."""

    @property
    def farewell(self) -> str:
        """How it ended, in words."""

    @property
    def cut_off(self) -> bool:
        """Whether it ended because its whole back end was lost, and of nothing that it trained."""

    def listen(self, heard: Heard, ended: Ended) -> None:
        """Have all that it says told, from another thread, and once that it has gone."""

    def send(self, message: ToWorker) -> None: ...

    def quit(self) -> None:
        """Ask it to end, busy or not."""

    def kill(self) -> None: ...

    def end(self, seconds: float) -> None:
        """Wait for its end, and have it killed when it has not come after so many seconds."""


class Backend(Protocol):
    """A place for workers."""

    @property
    def slots(self) -> int:
        """Workers that it may ever have at once."""

    @property
    def trouble(self) -> str:
        """What its users should know, in words; empty when all is well."""

    def open(self, changed: Callable[[], None]) -> None:
        """Begin; have `changed` called, from another thread, when `capacity` is another."""

    def close(self) -> None:
        """When all its workers have gone."""

    def capacity(self) -> int:
        """Workers that it has room for now."""

    def keeps(self, worker: Worker) -> bool:
        """Whether a worker counts among them; one that does not is let go when it is idle."""

    def start(self) -> Worker:
        """A new worker, not listened to yet. Raises `OSError`."""


class Here:
    """This machine: workers are processes of this one."""

    trouble = ""

    def __init__(self, slots: int, command: Sequence[str]) -> None:
        self.slots, self._command = slots, tuple(command)

    def open(self, changed: Callable[[], None]) -> None:
        """It changes never."""

    def close(self) -> None:
        """Nothing of it stays."""

    def capacity(self) -> int:
        return self.slots

    def keeps(self, worker: Worker) -> bool:
        return True

    def start(self) -> Worker:
        return WorkerProcess(self._command, surroundings())
