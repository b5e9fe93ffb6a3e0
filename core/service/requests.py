"""What workers are asked for beside the training: programs beforehand, rows, looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count

from core.engine.looking import Look
from core.experiment import Experiment
from core.experiment.data import Data
from core.service.looks import Looks, Sights
from core.service.messages import LookInto, Warm
from core.service.rows import Asked, Rows
from core.service.worker_pool import Seat, WorkerPool

LOSSES_MAX = 2  # of workers in a row, before nothing is compiled beforehand


class Requests:
    """Not locked by itself: every call is made under the lock of its laboratory."""

    def __init__(self, pool: WorkerPool, names: count[int]) -> None:
        self.rows, self.looks = Rows(), Looks()
        self._pool, self._names = pool, names
        self._wishes: list[Warm] = []  # programs that every worker compiles beforehand

    def warm(self, experiment: Experiment) -> None:
        """Have every worker, present and to come, compile a program when it is idle."""
        wish = Warm(experiment)
        if wish in self._wishes:
            return
        self._wishes.append(wish)
        self._pool.wished = True
        for seat in self._ready_seats():
            seat.send(wish)

    def ask_rows(self, data: Data) -> Asked:
        """The rows of a data set and its benchmarks, by a worker as soon as one is ready."""
        ready = self._ready_seats()
        return self.rows.ask(data, ready[0].send if ready else None)

    def look(self, experiment: Experiment, look: Look, leave: Callable[[str], None]) -> Sights:
        """What a worker sees, as it comes; `leave` is called with the task, to be left."""
        task = str(next(self._names))
        message = LookInto.from_look(task, experiment, look)
        return self.looks.ask(message, partial(leave, task), self._ready_seats())

    def give(self, seat: Seat) -> None:
        """Ask a worker that has become ready for all that is wished for."""
        if seat.losses.count < LOSSES_MAX:  # else perhaps it is these that workers die of
            for wish in self._wishes:
                seat.send(wish)
        self.rows.ask_again(seat.send)
        self.looks.give([seat])

    def lose(self, seat: Seat, why: str) -> None:
        """A worker has gone: what it was asked for, others are."""
        self.looks.lose(seat, why)
        if ready := self._ready_seats():
            self.rows.ask_again(ready[0].send)
            self.looks.give(ready)

    def close(self, error: Exception) -> None:
        """Nobody will answer any more."""
        self.rows.close(error)
        self.looks.give_up(error)

    def _ready_seats(self) -> list[Seat]:
        return [seat for seat in self._pool.seats if seat.ready]
