"""The laboratory: takes jobs, has workers train them, and keeps what they say."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Self

from core.analysis.attainable import Benchmarks
from core.analysis.studies.cost import seconds
from core.engine.columns import check_extra
from core.engine.looking import Look
from core.experiment import Experiment
from core.experiment.data import Data, Split
from core.experiment.records import COLUMNS, Columns, Run
from core.service.backend import Backend, Here, Worker
from core.service.dispatcher import Dispatcher
from core.service.events import Closed, Event, Progress, QueueFull, Status, UnknownJob
from core.service.fit_pool import FitPool
from core.service.job import Job, Piece
from core.service.keeping import Keeping
from core.service.known import Known, in_jobs
from core.service.looks import Sights, check_look
from core.service.machine import COMMAND, workers
from core.service.measures import Measures
from core.service.messages import ENGINES, EngineName
from core.service.registry import NOTHING, Bounds, JobRegistry
from core.service.upkeep import Upkeep
from core.service.watchers import Watcher
from core.service.worker_pool import WorkerPool

if TYPE_CHECKING:  # it brings SQLAlchemy, which workers have no need of
    from core.service.store import Store

BOUNDS = Bounds()
PIECES = 64  # runs that are looked up while the lock is held
CLOSED = "The laboratory was closed."


class Laboratory:
    """Trains experiments in worker processes; every method may be called from any thread.

    `slots` is the number of workers, by default as many as the machine suits; `store` answers what
    was trained before (None: nothing is kept); `command` starts a worker. Another `backend` has
    workers elsewhere, except the one for plain `fit`.

        with Laboratory() as laboratory:
            job = laboratory.submit([Experiment()])
            for event in laboratory.follow(job): ...
            [run] = laboratory.runs(job)
    """

    def __init__(
        self,
        slots: int | None = None,
        store: Store | None = None,
        command: Sequence[str] = COMMAND,
        bounds: Bounds = BOUNDS,
        backend: Backend | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._closing = False
        self._registry = JobRegistry(bounds, self._lock)
        self._backend = backend or Here(slots or workers(), command)
        self._pool = WorkerPool(self._backend, bounds.silence)
        self._fit_pool = FitPool(command, bounds.silence, bounds.fit_idle)
        self._pools = (self._pool, self._fit_pool)
        self._keeping = Keeping(store)
        self._dispatcher = Dispatcher(self._registry, *self._pools, self._keeping)
        self._upkeep = Upkeep(self._lock, self._dispatcher)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the workers, and return at once. A second call does nothing."""
        with self._lock:
            if self._upkeep.start():
                self._backend.open(self._look_again)

    def close(self) -> None:
        """End all workers, within two seconds; open runs end as interrupted."""
        with self._upkeep.changing():
            if self._closing:
                return
            self._closing = True
            for job in [*self._registry.paused.values(), *self._registry.held.values()]:
                self._registry.reopen(job)
            for job in self._registry.open.values():
                self._dispatcher.trainings.leave(job)  # so that nothing is tried again, or given up
                job.end_all("interrupted", CLOSED)
            self._dispatcher.deal(time.monotonic())
            self._dispatcher.requests.close(Closed(CLOSED))
            self._upkeep.end()
        self._upkeep.close()
        self._backend.close()
        self._keeping.flush()

    def submit(
        self,
        experiments: Sequence[Experiment],
        visitor: str = "",
        engine: EngineName = "compiled",
        columns: Columns = COLUMNS,
        lease: float = math.inf,
    ) -> str:
        """Hand in experiments to train, in one job; its unguessable id.

        What is under way, or has ended, for somebody else is not trained again. A job that nobody
        has asked for in `lease` seconds is paused, until somebody waits for it or subscribes. By
        the engine "keras", plain `fit`, one run of all visitors is trained at a time. Raises
        `QueueFull` when that is more than may wait, `ValueError` for columns that no engine
        measures and for an engine that is none, and `Closed`.
        """
        check_extra(columns)
        if engine not in ENGINES:
            expected = f"one of {', '.join(ENGINES)}"
            raise ValueError(f"Laboratory: engine must be {expected}, got {engine!r}.")
        experiments = tuple(experiments)
        with self._lock:
            self._admit(experiments, visitor, engine)
        known = self._find(experiments, engine, columns)
        unknown = [one for one in experiments if one.key not in known]
        unfinished = self._keeping.find_unfinished(unknown, engine, columns, self._device_class())
        took = {one: seconds(one, 1) if engine == "compiled" else 0.0 for one in unknown}
        with self._upkeep.changing():
            if self._closing:
                raise Closed(CLOSED)
            trainings = self._dispatcher.trainings
            new = {one: took[one] for one in trainings.new(unknown, engine, columns)}
            self._admit(experiments, visitor, engine, trainings.epochs, new)
            job = self._registry.add(experiments, visitor, engine, columns, lease)
            job.seconds = sum(new.values())
            job.handed_at = job.watched_at = time.monotonic()
            self._dispatcher.begin(job, known, job.handed_at, unfinished)
        return job.token

    def cancel(self, job: str) -> None:
        """Stop a job: it is done when this returns, and keeps the epochs it has. `UnknownJob`."""
        with self._upkeep.changing():
            self._dispatcher.cancel(self._registry.find(job), time.monotonic())

    def warm(self, experiment: Experiment) -> None:
        """Have every worker, present and to come, compile a program when it is idle."""
        with self._lock:
            self._dispatcher.requests.warm(experiment)

    def rows(self, data: Data) -> Future[Split]:
        """The rows of a data set, made by a worker; later, while none is ready.

        The future ends with `Closed` when the laboratory is closed, and with another
        `RuntimeError` where the rows could not be made. Raises `Closed`.
        """
        with self._lock:
            if self._closing:
                raise Closed(CLOSED)
            return self._dispatcher.requests.ask_rows(data).rows

    def known_rows(self, data: Data) -> Split | None:
        """The rows of a data set where a worker has made them; None is asked for others."""
        with self._lock:
            return self._dispatcher.requests.rows.known(data)

    def benchmarks(self, data: Data) -> Future[Benchmarks]:
        """What an accuracy on a data set is measured against; it comes as the rows do."""
        with self._lock:
            if self._closing:
                raise Closed(CLOSED)
            return self._dispatcher.requests.ask_rows(data).benchmarks

    def look(self, experiment: Experiment, look: Look) -> Sights:
        """What a worker sees in the run of an experiment, as it comes; later, while none is ready.

            with laboratory.look(Experiment(), Look("weights", range(201))) as sights:
                for sight in sights: ...

        Raises `FieldError` for what cannot be seen, `QueueFull` and `Closed`.
        """
        check_look(experiment, look)
        with self._upkeep.changing():
            if self._closing:
                raise Closed(CLOSED)
            return self._dispatcher.requests.look(experiment, look, self._leave_look)

    def events(self, job: str, since: int = 0) -> list[Event]:
        """The events of a job so far from number `since` on. Raises `UnknownJob`."""
        with self._lock:
            return self._found(job).events[max(since, 0) :]

    def wait(self, job: str, since: int = 0, timeout: float | None = None) -> list[Event]:
        """As `events`, but waits for one; empty after `timeout` seconds, or when all was told.

        A job that was paused goes on.
        """
        leave = self.subscribe(job, lambda: None)
        try:
            with self._lock:
                found = self._found(job)
                found.changed.wait_for(lambda: len(found.events) > since or found.done, timeout)
                if found.forgotten:
                    raise UnknownJob(job)
                return found.events[max(since, 0) :]
        finally:
            leave()

    def follow(self, job: str, since: int = 0) -> Iterator[Event]:
        """Every event as it happens, to the last. Raises `UnknownJob`."""
        while events := self.wait(job, since):
            yield from events
            since = events[-1].seq + 1

    def subscribe(self, job: str, callback: Callable[[], object]) -> Callable[[], None]:
        """Have `callback` called, from another thread, whenever there are new events to fetch.

        Subscribe first and fetch then, so that none is missed. The return value unsubscribes. A
        job that was paused goes on. Raises `UnknownJob`.
        """
        watcher = Watcher(callback)
        with self._upkeep.changing():
            found = self._found(job)
            found.watchers.append(watcher)
            if job in self._registry.paused and not self._closing:
                self._dispatcher.resume(found, time.monotonic())
        return partial(self._unsubscribe, found, watcher)

    def runs(self, job: str) -> list[Run]:
        """All runs so far, in the order handed in; an open one counts as interrupted."""
        with self._lock:
            found = self._found(job)
        pieces: list[Piece] = []
        for first in range(0, len(found.experiments), PIECES):
            with self._lock:  # for some at a time: nobody waits for all of a large job
                last = min(first + PIECES, len(found.experiments))
                pieces += [found.piece(run) for run in range(first, last)]
        return [piece.run() for piece in pieces]

    def known(
        self, experiments: Sequence[Experiment], engine: EngineName = "compiled"
    ) -> dict[str, Known]:
        """What has come of experiments, by their keys, of jobs that are kept or from the store.

        Nothing is begun for it; what nobody had trained is left out.
        """
        with self._lock:
            jobs = self._registry.kept(engine, COLUMNS)
        found = in_jobs(experiments, jobs, self._lock)
        ended = {key for key, one in found.items() if one.run.outcome.is_final}
        rest = [experiment for experiment in experiments if experiment.key not in ended]
        stored = self._find(rest, engine, COLUMNS) if rest else {}
        return found | {key: Known(run) for key, run in stored.items() if run.outcome.is_final}

    def has(self, experiment: Experiment, engine: EngineName = "compiled") -> bool:
        """Whether an experiment is stored, or handed in already: a job of it begins nothing."""
        with self._lock:
            if not self._dispatcher.trainings.new([experiment], engine, COLUMNS):
                return True
            paused = [*self._registry.paused.values(), *self._registry.held.values()]
            if any(experiment.key in job.twins for job in paused if job.engine == engine):
                return True
        return bool(self._find([experiment], engine, COLUMNS))

    def progress(self, job: str) -> Progress:
        """How far a job is. Raises `UnknownJob`."""
        with self._lock:
            return self._found(job).progress()

    def engine(self, job: str) -> EngineName:
        """What a job is trained by. Raises `UnknownJob`."""
        with self._lock:
            return self._registry.find(job).engine

    def status(self) -> Status:
        """How it is now: who can train, how much waits, what is wrong."""
        with self._lock:
            seats = self._pool.seats
            ready = [seat for seat in seats if seat.ready]
            return Status(
                ready=bool(ready),
                device=ready[0].device if ready else "",
                workers=len(ready),
                queued=sum(not job.given for job in self._registry.open.values()),
                open=len(self._registry.open),
                paused=len(self._registry.paused) + len(self._registry.held),
                pids=tuple(filter(None, (worker.pid for worker in self._processes()))),
                trouble=self._pool.trouble,
                store=self._keeping.state,
                backend_trouble=self._backend.trouble,
            )

    def measures(self) -> Measures:
        """What it has done since it was opened."""
        with self._lock:
            return self._dispatcher.measures.copy()

    def _processes(self) -> list[Worker]:
        return [seat.process for pool in self._pools for seat in pool.seats if seat.process]

    def _look_again(self) -> None:
        """Have somebody see how many workers there may be now."""
        with self._upkeep.changing():
            self._dispatcher.stirred = True

    def _unsubscribe(self, job: Job, watcher: Watcher) -> None:
        with self._upkeep.changing():
            if watcher in job.watchers:
                job.watchers.remove(watcher)
                job.watched_at = time.monotonic()
                if not job.watchers:
                    self._registry.release(job)
                self._dispatcher.stirred = True  # its lease begins

    def _found(self, token: str) -> Job:
        """A job that somebody asks for. Raises `UnknownJob`."""
        job = self._registry.find(token)
        job.watched_at = time.monotonic()
        return job

    def _admit(
        self,
        experiments: Sequence[Experiment],
        visitor: str,
        engine: EngineName,
        waiting: int = 0,
        new: Mapping[Experiment, float] = NOTHING,
    ) -> None:
        try:
            self._registry.admit(experiments, visitor, engine, waiting, new)
        except QueueFull as full:
            self._dispatcher.measures.refused[full.reason.code] += 1
            raise

    def _leave_look(self, task: str) -> None:
        with self._upkeep.changing():
            self._dispatcher.requests.looks.leave(task)

    def _find(
        self, experiments: Sequence[Experiment], engine: EngineName, columns: Columns
    ) -> dict[str, Run]:
        """What is known of some experiments, as a worker here would train them."""
        return self._keeping.find(experiments, engine, columns, self._device_class())

    def _device_class(self) -> str | None:
        """Of the workers here; None while none is ready."""
        with self._lock:
            ready = [seat.device_class for seat in self._pool.seats if seat.ready]
        return ready[0] if ready else None
