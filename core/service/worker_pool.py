"""The pool: a seat for every worker, and who sits in it; a lost worker is replaced."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from core.experiment import limits
from core.experiment.limits import WORKER_GROWTH_BYTES_MAX, WORKER_PROGRAMS_MAX
from core.service.backend import Backend, Worker
from core.service.messages import EngineName, ToWorker
from core.service.training import Task

START_ATTEMPTS = 3  # in a row without a ready worker, before waiting tasks are given up
BACKOFF_SECONDS = 1.0  # before the third start in a row; doubled for each that follows
BACKOFF_SECONDS_MAX = 30.0
SECOND_LOOK_SECONDS = 1.0
QUIT_SECONDS = 1.0  # that a worker is given to end by itself
ALONE_SECONDS = 5.0  # that the first worker which is ready has the processor for its first program


class Silence(NamedTuple):
    """Seconds that a worker may say nothing before it counts as frozen, by what it does."""

    loading: float = limits.WORKER_LOADING_SECONDS_MAX
    compiling: float = limits.WORKER_COMPILING_SECONDS_MAX
    loaded: float = limits.WORKER_FROZEN_SECONDS_MAX  # it says every second that it is there


SILENCE = Silence()


@dataclass(eq=False)
class Losses:
    """The workers of a pool that were lost one after the other before they did anything.

    Those that were there together, and are lost together, count as one.
    """

    count: int = 0
    why: str = ""  # the last one was lost; empty once another is ready
    retry_at: float = 0.0  # no worker is started before

    def add(self, count: int, now: float, why: str) -> None:
        """One more was lost, which makes so many."""
        self.count, self.why = count, why
        self.retry_at = now + backoff(count)

    def forget(self) -> None:
        """A worker has done something: the next that is lost is the first."""
        self.count = 0


@dataclass(eq=False)
class Seat:
    """A place for one worker, and what its present one is doing."""

    losses: Losses = field(default_factory=Losses)  # of its pool
    engine: EngineName = "compiled"
    process: Worker | None = None
    ready: bool = False
    device: str = ""
    device_class: str = ""
    tasks: dict[str, Task] = field(default_factory=dict)
    looks: set[str] = field(default_factory=set)  # names of tasks
    programs: set[Hashable] = field(default_factory=set)  # that it has compiled
    first_memory: int = 0  # bytes of its own, once it had the first of them
    heard_at: float = 0.0
    doubted_at: float = 0.0  # it had said nothing for too long, at a first look
    rested_at: float = 0.0  # it has had no task since
    given_at: float = 0.0  # its last task
    lost_before: int = 0  # workers in a row, when its present one was started
    dismissed: bool = False  # it was told to end
    words: str = ""  # why its present worker ends, where that is known

    @property
    def full(self) -> bool:
        """Whether what its worker has compiled takes so much that it is to be replaced.

        Its memory counts from its first program on, with which comes what any worker needs.
        """
        if len(self.programs) >= WORKER_PROGRAMS_MAX:
            return True
        grown = self.process.memory - self.first_memory if self.process else 0
        return bool(self.first_memory) and grown > WORKER_GROWTH_BYTES_MAX

    @property
    def works(self) -> bool:
        """Whether its worker trains or looks."""
        return bool(self.tasks or self.looks)

    @property
    def prepares(self) -> bool:
        """Whether its worker may hang though it is there: it loads, compiles, looks, or runs `fit`.

        Of these nothing but what it says of them tells that they go on.
        """
        compiles = any(not task.started for task in self.tasks.values())
        return not self.ready or compiles or bool(self.looks) or self.runs_fit

    @property
    def runs_fit(self) -> bool:
        return self.engine == "keras" and self.works

    def patience(self, silence: Silence) -> float:
        """How long its worker may say nothing."""
        if not self.ready:
            return silence.loading
        return silence.compiling if self.prepares else silence.loaded

    def late(self, silence: Silence) -> float:
        """When it is to be looked after again: at first, and a little later for good.

        What it said while this process was held up may not be read yet.
        """
        if self.doubted_at > self.heard_at:
            return self.doubted_at + SECOND_LOOK_SECONDS
        return self.heard_at + self.patience(silence)

    def send(self, message: ToWorker) -> None:
        if self.process:
            self.process.send(message)

    def add_programs(self, *programs: Hashable) -> None:
        """Its worker has compiled them."""
        self.programs |= set(programs)
        if not self.first_memory and self.process:
            self.first_memory = self.process.memory

    def take(self, process: Worker, now: float) -> None:
        self.process, self.heard_at = process, now
        self.words, self.dismissed = "", False
        self.lost_before = self.losses.count

    def dismiss(self) -> None:
        """Have its worker end, which has nothing to do."""
        if self.process:
            self.ready, self.dismissed = False, True
            self.process.quit()

    def leave(self, now: float, why: str) -> list[Task]:
        """Empty the seat after its worker was lost; the tasks that it held."""
        tasks = list(self.tasks.values())
        if not self.dismissed:
            self.losses.add(self.count_lost(), now, why)
        self.process, self.ready, self.dismissed, self.words = None, False, False, ""
        self.tasks, self.looks, self.programs, self.first_memory = {}, set(), set(), 0
        return tasks

    def count_lost(self) -> int:
        """How many make a row with its present worker, which is being lost.

        One that was ready stands by itself, whoever else was lost while it was there.
        """
        lost = self.losses.count
        following = (min(self.lost_before, lost) if self.process else lost) + 1
        return following if self.ready else max(following, lost)


class WorkerPool:
    """All seats. Their laboratory's lock guards them, except while a process is started."""

    def __init__(
        self, backend: Backend, silence: Silence = SILENCE, engine: EngineName = "compiled"
    ) -> None:
        self.engine = engine
        self.losses = Losses()
        self.wished = False  # programs are to be compiled beforehand
        self.runs = 0  # that somebody waits for
        self.ready_at = 0.0  # when a worker could train while no other could
        self.seats = [Seat(self.losses, engine) for _ in range(backend.slots)]
        self.backend, self._silence = backend, silence

    @property
    def ready(self) -> bool:
        return any(seat.ready for seat in self.seats)

    @property
    def room(self) -> int:
        """Workers that there may be now; all that there may ever be where that is not known."""
        return self.backend.capacity() or len(self.seats)

    @property
    def trouble(self) -> str:
        """Why nobody can train, when starting a worker has failed again and again."""
        hopeless = self.losses.count >= START_ATTEMPTS and not self.ready
        return self.losses.why if hopeless else ""

    def after_giving_up(self) -> None:
        """All that waited was told of the trouble; workers are tried again, ever more rarely."""

    @property
    def first_loads(self) -> bool:
        """Whether one worker is on its way and the others are to wait until it can train.

        Where all load TensorFlow at once, each takes longer, and so does the page that is opened.
        """
        return not self.ready and any(seat.process for seat in self.seats)

    def first_compiles(self, now: float) -> bool:
        """Whether the others wait as well for the first program: what one run needs is one worker.

        A second one would load TensorFlow while the first curve and its page are on their way.
        """
        has_work = self.wished and self.runs <= 1 and now < self.ready_at + ALONE_SECONDS
        return self.ready and has_work and not any(seat.programs for seat in self.seats)

    def tell_ready(self, seat: Seat, now: float) -> None:
        """A worker can train."""
        if not self.ready:
            self.ready_at = now
        seat.ready, seat.rested_at = True, now

    def empty(self, now: float) -> list[Seat]:
        """Seats to be filled now; the first one alone."""
        if self.first_loads or self.first_compiles(now) or now < self.losses.retry_at:
            return []
        return self.vacant if self.ready else self.vacant[:1]

    @property
    def vacant(self) -> list[Seat]:
        """Empty seats, as many as there is room for."""
        kept = [seat for seat in self.seats if seat.process and self.backend.keeps(seat.process)]
        room = max(self.backend.capacity() - len(kept), 0)
        return [seat for seat in self.seats if not seat.process][:room]

    @property
    def dealt(self) -> list[Seat]:
        """Seats that are given tasks: none whose worker is to go, unless no other is ready."""
        staying = [seat for seat in self.seats if not self._is_surplus(seat)]
        return staying if any(seat.ready for seat in staying) else self.seats

    def _is_surplus(self, seat: Seat) -> bool:
        return seat.process is not None and not self.backend.keeps(seat.process)

    def retire(self, now: float) -> None:
        """Let a worker go that is full and idle, if another can stand in for it meanwhile.

        So does one for which its back end has no more use.
        """
        ready = [seat for seat in self.seats if seat.ready]
        for seat in ready:
            alone = ready == [seat] and self.backend.capacity() > 1
            if not seat.works and not alone and (seat.full or self._is_surplus(seat)):
                seat.dismiss()
                return

    def kill_silent(self, now: float) -> None:
        """End workers that are frozen."""
        for seat in self.seats:
            if not seat.process or now < seat.late(self._silence):
                continue
            if seat.doubted_at <= seat.heard_at:
                seat.doubted_at = now
                continue
            silence = seat.patience(self._silence)
            seat.words = f"The training process said nothing for {silence:g} seconds."
            seat.process.kill()
            seat.heard_at = now  # it is being lost: do not kill it over and over

    def starts(self) -> list[float]:
        """When seats are to be filled."""
        if self.first_loads or not self.vacant:
            return []
        if self.ready and not any(seat.programs for seat in self.seats):
            return [max(self.losses.retry_at, self.ready_at + ALONE_SECONDS)]
        return [self.losses.retry_at]

    def deadlines(self) -> list[float]:
        """When to look again: seats to be filled, workers that should have said something."""
        return self.starts() + [seat.late(self._silence) for seat in self.seats if seat.process]


def close(pools: Iterable[WorkerPool], clock: Callable[[], float]) -> None:
    """End every worker, by force where it does not by itself; returns when all have gone."""
    processes = [seat.process for pool in pools for seat in pool.seats if seat.process]
    for process in processes:
        process.quit()
    deadline = clock() + QUIT_SECONDS
    while processes:
        left = max(deadline - clock(), 0.0)
        if not left:
            for process in processes:  # all at once: the end of one may take a second
                process.kill()
        processes.pop(0).end(left)


def backoff(losses: int) -> float:
    """Seconds to wait before a start: none at first, so that a lost worker is replaced at once.

    >>> [backoff(losses) for losses in (1, 2, 3, 4, 20)]
    [0.0, 0.0, 1.0, 2.0, 30.0]
    """
    if losses < START_ATTEMPTS:
        return 0.0
    return min(BACKOFF_SECONDS * 2.0 ** (min(losses, 20) - START_ATTEMPTS), BACKOFF_SECONDS_MAX)
