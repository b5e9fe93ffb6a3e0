"""The dispatcher, where jobs meet workers: deals tasks, and notes what workers say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from core.engine.grouping import program_key
from core.experiment.records import COLUMNS, Outcome, Run, row_bytes
from core.service.encoding import Message, MessageError
from core.service.fairness import choose, next_look
from core.service.fit_pool import FitPool
from core.service.job import Job
from core.service.keeping import Keeping
from core.service.measures import Measures
from core.service.messages import (
    Alive,
    Broken,
    FromWorker,
    Looked,
    Ready,
    Records,
    Refused,
    RowsLoaded,
    RunEnded,
    SightTaken,
    SnapshotTaken,
    Started,
    Stop,
    Taken,
    Train,
    Warmed,
)
from core.service.registry import JobRegistry
from core.service.requests import Requests
from core.service.training import Saved, Task, Unfinished
from core.service.trainings import NONE_LEFT, Trainings
from core.service.worker_pool import Seat, WorkerPool

log = logging.getLogger(__name__)

NOTHING_KEPT = Keeping()


class Dispatcher:
    """Not locked by itself: every call is made under the lock of its laboratory."""

    def __init__(
        self,
        registry: JobRegistry,
        pool: WorkerPool,
        fit_pool: FitPool,
        keeping: Keeping = NOTHING_KEPT,
    ) -> None:
        self.registry, self.pool, self.fit_pool, self._keeping = registry, pool, fit_pool, keeping
        self.pools: tuple[WorkerPool, ...] = (pool, fit_pool)
        self.stirred = True  # so that the upkeep looks anew when the next thing is due
        self.measures = Measures()
        self._names = count()
        self.trainings = Trainings(self._names, lambda: pool.room)
        self.requests = Requests(pool, self._names)

    def begin(
        self,
        job: Job,
        known: Mapping[str, Run],
        now: float,
        unfinished: Mapping[str, Unfinished] = NONE_LEFT,
    ) -> None:
        """Answer what is known, join what others wait for, and split the rest into tasks.

        What is `unfinished` goes on from there.
        """
        for found in known.values():
            job.answer(found)
        self.trainings.open(job, unfinished)
        self.deal(now)

    def pause(self, job: Job, now: float) -> None:
        """Nobody watches it: its runs are kept as far as they are, and no longer trained for it."""
        self.trainings.set_aside(job)
        self._leave(job)
        job.given, job.started, job.retrying, job.goes_on_from = False, False, "", None
        job.say_state("paused")
        self.registry.pause(job)
        self.measures.paused += 1
        self._make_room(now)
        self.deal(now)

    def resume(self, job: Job, now: float) -> None:
        """Somebody watches it again: what was open goes on, or as far as others have it.

        Where there is no room for it, that is when others have ended.
        """
        if not self.registry.has_room_for(job, self.trainings.epochs):
            if job.token in self.registry.paused:
                self.registry.hold(job)
                job.say_state("paused", full=True)
            return
        job.handed_at = now
        self.registry.reopen(job)
        self.trainings.open(job)
        job.return_trainings()
        self.deal(now)

    def cancel(self, job: Job, now: float) -> None:
        """End its runs as they stand; what nobody else waits for is not trained on."""
        if job.done:
            return
        if self.registry.is_resting(job):
            self.registry.reopen(job)
            for training in job.left:
                if not training.jobs:
                    self._keeping.forget(training)
            job.return_trainings()
        self._leave(job)
        job.end_all("stopped")
        self.deal(now)

    def _leave(self, job: Job) -> None:
        """It waits for nothing any more; what nobody else waits for is not trained on."""
        for task in self.trainings.leave(job):
            self._stop(task)

    def _stop(self, task: Task) -> None:
        """Nobody waits for what is left of a task that a worker has."""
        if task.stopped:
            return
        task.stopped = True
        for seat in self._seats():
            if task.name in seat.tasks:
                seat.send(Stop(task.name))
        for training in task.trainings:
            if not training.outcome:
                self.trainings.forget(training)

    def deal(self, now: float) -> None:
        """Give tasks to workers that can take one, then tell every open job how it stands."""
        self.stirred = True
        if self.pool.trouble:
            self.requests.looks.give_up(RuntimeError(self.pool.trouble))
        for pool in self.pools:
            jobs = self._jobs(pool)
            pool.runs = sum(len(job.experiments) for job in jobs)
            if pool.trouble:
                for job in jobs:
                    self.trainings.fail_waiting(job, pool.trouble)
                pool.after_giving_up()
            while chosen := choose(jobs, pool.dealt, now):
                self._give(*chosen, now)
        self._tell(now)
        # It loads after those that most wait for.
        settled = self.pool.ready or bool(self.pool.trouble)
        self.fit_pool.wanted = settled and bool(self._jobs(self.fit_pool))
        for pool in self.pools:
            pool.retire(now)

    def deadlines(self) -> list[float]:
        """When to deal again though nothing was heard."""
        return [at for pool in self.pools for at in next_look(self._jobs(pool), pool.dealt)]

    def hear(self, seat: Seat, message: FromWorker, now: float) -> None:
        """Act on what a worker says. Raises `MessageError` for what it cannot mean."""
        if not (isinstance(message, Alive) and seat.prepares):
            seat.heard_at = now
        if hear := HEARERS.get(type(message)):
            hear(self, seat, message, now)

    def lose(self, seat: Seat, why: str, now: float) -> None:
        """A worker has gone; what it had is tried once more, from its last snapshot."""
        why = seat.words or why
        self.measures.lost += not seat.dismissed
        if seat.process and seat.process.cut_off:
            for task in seat.tasks.values():
                task.taken = False  # no worker died of it
        for training in self.trainings.retry(seat.leave(now, why), why):
            self._keeping.forget(training)  # perhaps it is what is kept of it that kills
        self.requests.lose(seat, why)
        self.deal(now)

    def _jobs(self, pool: WorkerPool) -> list[Job]:
        """The open jobs that a pool trains."""
        return [job for job in self.registry.open.values() if job.engine == pool.engine]

    def _place(self, job: Job) -> tuple[bool, int]:
        """Of a job among those of its pool: jobs of plain `fit` by turns, others as they came."""
        if job.engine != "keras":
            return False, 0
        return not self._is_in_hand(job), job.turn

    def _give_way(self, job: Job) -> None:
        """A run by plain `fit` has ended: whoever came meanwhile is before what its visitor has."""
        for other in self._jobs(self.fit_pool):
            if other.visitor == job.visitor:
                self.registry.count_turn(other)

    def _seats(self) -> Iterator[Seat]:
        for pool in self.pools:
            yield from pool.seats

    def _is_in_hand(self, job: Job) -> bool:
        return any(job in task.jobs for seat in self._seats() for task in seat.tasks.values())

    def _give(self, task: Task, seat: Seat, now: float) -> None:
        for job in task.jobs:
            self.registry.count_turn(job)
            if task.program in seat.programs:
                self._begin(job, now)  # but for milliseconds
        task.give()
        if not seat.tasks:
            seat.heard_at = now  # its silence counts from here
        seat.given_at = now
        seat.tasks[task.name] = task
        first = task.trainings[0]
        experiments = tuple(training.experiment for training in task.trainings)
        seconds = 0.0 if first.engine == "keras" else self.registry.bounds.snapshot_seconds
        packed = [one.saved.packed if one.saved else b"" for one in task.trainings]
        sizes = tuple(map(len, packed)) if any(packed) else ()
        told = task.name, experiments, first.columns, first.engine, seconds, sizes
        seat.send(Train(*told, b"".join(packed)))

    def _begin(self, job: Job, now: float) -> None:
        """A worker trains something of it."""
        if not job.started:
            job.started = True
            self.measures.begun += 1
            self.measures.waited += max(now - job.handed_at, 0.0)

    def _tell(self, now: float) -> None:
        ended = False
        for pool in self.pools:
            ahead = 0
            for job in sorted(self._jobs(pool), key=self._place):
                if job.ended:
                    job.say_state("done")
                    self.registry.close(job, now)
                    ended = True
                else:
                    tell(job, pool, ahead)
                    ahead += pool is self.fit_pool or not job.given
        if ended:
            self._make_room(now)

    def _make_room(self, now: float) -> None:
        """A job is open no longer: others that were to go on may."""
        for job in list(self.registry.held.values()):
            if job.token in self.registry.held:
                self.resume(job, now)

    def _hear_ready(self, seat: Seat, said: Ready, now: float) -> None:
        pool = self.pool if seat in self.pool.seats else self.fit_pool
        pool.tell_ready(seat, now)
        seat.losses.why = ""
        seat.device, seat.device_class = said.device, said.device_class
        if pool is self.pool:
            self.requests.give(seat)
        self.deal(now)

    def _hear_broken(self, seat: Seat, said: Broken, now: float) -> None:
        seat.words = said.why

    def _hear_warmed(self, seat: Seat, said: Warmed, now: float) -> None:
        seat.losses.forget()
        seat.add_programs(program_key(said.experiment))
        self.stirred = True  # others may be waiting for the first

    def _hear_rows(self, seat: Seat, said: RowsLoaded, now: float) -> None:
        self.requests.rows.hear(said.data, said.payload, said.why)

    def _hear_taken(self, seat: Seat, said: Taken, now: float) -> None:
        """What a dying worker never read did not kill it."""
        if task := seat.tasks.get(said.task):
            task.taken = True

    def _hear_started(self, seat: Seat, said: Started, now: float) -> None:
        seat.losses.forget()
        if task := seat.tasks.get(said.task):
            if said.columns != task.trainings[0].columns:
                raise MessageError(f"Started: columns must be as asked for, got {said.columns}.")
            extra = ((task.program, name) for name in said.columns[len(COLUMNS) :])
            seat.add_programs(task.program, *extra)
            task.started = True
            for job in task.jobs:
                self._begin(job, now)
                job.retrying = ""
            self.stirred = True  # as above
            self._tell(now)

    def _hear_records(self, seat: Seat, said: Records, now: float) -> None:
        task = seat.tasks.get(said.task)
        if task is None:
            return
        task.check_records(said)
        start = 0
        for run, first, epochs in said.runs:
            training = task.trainings[run]
            end = start + epochs * row_bytes(training.columns)
            if training.add_records(first, said.payload[start:end]):
                self._keeping.note(training, seat)
            start = end
        if task.alone and all(one.outcome or one.epochs > one.died_at for one in task.trainings):
            task.alone = False  # it has gone on beyond where its worker died
            self.deal(now)

    def _hear_snapshot(self, seat: Seat, said: SnapshotTaken, now: float) -> None:
        if task := seat.tasks.get(said.task):
            task.check_snapshot(said)
            training = task.trainings[said.run]
            if self.trainings.save(training, Saved(said.epoch, said.payload)):
                self._keeping.note(training, seat)

    def _hear_outcome(self, seat: Seat, said: RunEnded, now: float) -> None:
        if task := seat.tasks.get(said.task):
            task.check_run(said.run)
            self._end(seat, task, said.run, said.outcome, now)

    def _hear_sight(self, seat: Seat, said: SightTaken, now: float) -> None:
        self.requests.looks.see(said.task, said.sight)

    def _hear_looked(self, seat: Seat, said: Looked, now: float) -> None:
        self.requests.looks.end(said.task, said.why)
        self.deal(now)

    def _hear_refused(self, seat: Seat, said: Refused, now: float) -> None:
        log.warning(said.why)
        self.requests.looks.end(said.task, said.why)
        if task := seat.tasks.get(said.task):
            for run in list(task.open):
                outcome = Outcome("failed", task.trainings[run].epochs, said.why)
                self._end(seat, task, run, outcome, now)

    def _end(self, seat: Seat, task: Task, run: int, outcome: Outcome, now: float) -> None:
        """A training of a task, by its number there, has ended."""
        training, jobs = task.trainings[run], list(task.jobs)
        if training.end(outcome):
            self.measures.runs[outcome.kind] += 1
            self.measures.epochs += training.epochs
            if outcome.is_final:
                self._keeping.put(training, seat)
            if outcome.is_final or not self.trainings.is_wanted(training):
                self._keeping.forget(training)
        self.trainings.close(training)
        task.open.discard(run)
        if not task.open:
            del seat.tasks[task.name]
            seat.rested_at = now
            for job in jobs:
                if job.engine == "keras":
                    self._give_way(job)
        elif not task.jobs:
            self._stop(task)  # what is left of it was begun for somebody who has gone
        if not task.open or any(job.ended for job in jobs):
            self.deal(now)


HEARERS: dict[type[Message], Callable[[Dispatcher, Seat, Any, float], None]] = {
    Ready: Dispatcher._hear_ready,
    Broken: Dispatcher._hear_broken,
    Warmed: Dispatcher._hear_warmed,
    RowsLoaded: Dispatcher._hear_rows,
    Taken: Dispatcher._hear_taken,
    Started: Dispatcher._hear_started,
    Records: Dispatcher._hear_records,
    SnapshotTaken: Dispatcher._hear_snapshot,
    RunEnded: Dispatcher._hear_outcome,
    SightTaken: Dispatcher._hear_sight,
    Looked: Dispatcher._hear_looked,
    Refused: Dispatcher._hear_refused,
}


def tell(job: Job, pool: WorkerPool, ahead: int) -> None:
    """Say how a job stands that has not ended; `ahead` are before it.

    Of plain `fit` a job waits for all before it, otherwise for those that nobody has begun.
    """
    if job.retrying:
        job.say_state("retrying", why=job.retrying)
    elif job.started:
        job.say_state("training")
    elif job.given:
        job.say_state("loading", what="program")
    elif pool.ready or (ahead and job.engine == "keras"):
        job.say_state("queued", ahead=ahead)
    else:
        job.say_state("loading", what="trainer", why=pool.losses.why)
