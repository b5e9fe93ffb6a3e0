"""The dispatcher, where jobs meet workers: deals tasks, and notes what workers say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from core.engine.grouping import program_key
from core.experiment.records import COLUMNS, Outcome, Run
from core.service.encoding import Message, MessageError
from core.service.fairness import Groups, choose, next_look, split
from core.service.fit_pool import FitPool
from core.service.job import Job, Task
from core.service.messages import (
    Broken,
    EngineName,
    FromWorker,
    Looked,
    Ready,
    Records,
    Refused,
    RowsLoaded,
    RunEnded,
    SightTaken,
    Started,
    Stop,
    Taken,
    Train,
    Warmed,
)
from core.service.registry import JobRegistry
from core.service.requests import Requests
from core.service.worker_pool import Seat, WorkerPool

log = logging.getLogger(__name__)

ATTEMPTS_MAX = 2  # of a task whose worker was lost

Keep = Callable[[Run, EngineName, str], None]  # and the class of device that trained it


class Dispatcher:
    """Not locked by itself: every call is made under the lock of its laboratory."""

    def __init__(
        self, registry: JobRegistry, pool: WorkerPool, fit_pool: FitPool, keep: Keep
    ) -> None:
        self.registry, self.pool, self.fit_pool, self._keep = registry, pool, fit_pool, keep
        self.pools: tuple[WorkerPool, ...] = (pool, fit_pool)
        self.stirred = True  # so that the keeper looks anew when the next thing is due
        self._names = count()
        self.requests = Requests(pool, self._names)

    def begin(self, job: Job, known: Mapping[str, Run], now: float) -> None:
        """Answer what is known, and split the rest into tasks."""
        for run in known.values():
            job.answer(run)
        leads = [runs[0] for key, runs in job.twins.items() if key not in known]
        for program, runs in self._groups(job, leads):
            job.waiting.append(Task(str(next(self._names)), job, runs, program))
        self.deal(now)

    def cancel(self, job: Job, now: float) -> None:
        """End its runs as they stand; its workers hear of it and need not be waited for."""
        for seat, task in self._in_hand(job):
            seat.send(Stop(task.name))
        job.end_all("stopped")
        self.deal(now)

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
                    give_up(job, pool.trouble)
                pool.after_giving_up()
            while chosen := choose(jobs, pool.seats, now):
                self._give(*chosen, now)
        self._tell(now)
        # It loads after those that most wait for.
        settled = self.pool.ready or bool(self.pool.trouble)
        self.fit_pool.wanted = settled and bool(self._jobs(self.fit_pool))
        for pool in self.pools:
            pool.retire(now)

    def deadlines(self) -> list[float]:
        """When to deal again though nothing was heard."""
        return [at for pool in self.pools for at in next_look(self._jobs(pool), pool.seats)]

    def hear(self, seat: Seat, message: FromWorker, now: float) -> None:
        """Act on what a worker says. Raises `MessageError` for what it cannot mean."""
        seat.heard_at = now
        if hear := HEARERS.get(type(message)):
            hear(self, seat, message, now)

    def lose(self, seat: Seat, why: str, now: float) -> None:
        """A worker has gone; its tasks are tried once more, from the start."""
        why = seat.words or why
        tasks = seat.leave(now, why)
        for task in tasks:
            self._retry(task, why)
        self.requests.lose(seat, why)
        self.deal(now)

    def _groups(self, job: Job, runs: Sequence[int]) -> Groups:
        """Runs that are trained together; by plain `fit` each has a program of its own."""
        if job.engine == "keras":
            return [((job.token, run), (run,)) for run in runs]
        return split(job.experiments, runs, len(self.pool.seats))

    def _jobs(self, pool: WorkerPool) -> list[Job]:
        """The open jobs that a pool trains."""
        return [job for job in self.registry.open.values() if job.engine == pool.engine]

    def _place(self, job: Job) -> tuple[bool, int]:
        """Of a job among those of its pool: jobs of plain `fit` by turns, others as they came."""
        if job.engine != "keras":
            return False, 0
        return not any(self._in_hand(job)), job.turn

    def _give_way(self, job: Job) -> None:
        """A run by plain `fit` has ended: whoever came meanwhile is before what its visitor has."""
        for other in self._jobs(self.fit_pool):
            if other.visitor == job.visitor:
                self.registry.count_turn(other)

    def _in_hand(self, job: Job) -> Iterator[tuple[Seat, Task]]:
        for pool in self.pools:
            for seat in pool.seats:
                for task in seat.tasks.values():
                    if task.job is job:
                        yield seat, task

    def _give(self, task: Task, seat: Seat, now: float) -> None:
        job = task.job
        job.waiting.remove(task)
        job.given = True
        if task.program in seat.programs:
            job.started = True  # but for milliseconds
        self.registry.count_turn(job)
        if not seat.tasks:
            seat.heard_at = now  # its silence counts from here
        seat.given_at = now
        seat.tasks[task.name] = task
        task.open = set(range(len(task.runs)))
        seat.send(Train(task.name, tuple(task.experiments), job.columns, job.engine))

    def _retry(self, task: Task, why: str) -> None:
        job, again = task.job, []
        for run in task.runs:
            if job.outcomes[run] is None:
                if task.attempts < ATTEMPTS_MAX:
                    again.append(run)
                else:
                    job.end(run, Outcome("interrupted", job.epochs[run], why))
        if again:
            name = str(next(self._names))
            retry = Task(name, job, tuple(again), task.program, task.attempts)
            job.waiting.appendleft(retry)
            job.retrying = why

    def _tell(self, now: float) -> None:
        for pool in self.pools:
            ahead = 0
            for job in sorted(self._jobs(pool), key=self._place):
                if job.ended:
                    job.say_state("done")
                    self.registry.close(job, now)
                else:
                    tell(job, pool, ahead)
                    ahead += pool is self.fit_pool or not job.given

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
        """Only now does it count as an attempt: what a dying worker never read did not kill it."""
        if task := seat.tasks.get(said.task):
            task.attempts += 1

    def _hear_started(self, seat: Seat, said: Started, now: float) -> None:
        seat.losses.forget()
        if task := seat.tasks.get(said.task):
            if said.columns != task.job.columns:
                raise MessageError(f"Started: columns must be as asked for, got {said.columns}.")
            extra = ((task.program, name) for name in said.columns[len(COLUMNS) :])
            seat.add_programs(task.program, *extra)
            task.job.started, task.job.retrying = True, ""
            self.stirred = True  # as above
            self._tell(now)

    def _hear_records(self, seat: Seat, said: Records, now: float) -> None:
        task = seat.tasks.get(said.task)
        if task is None:
            return
        task.check_records(said)
        start = 0
        for run, first, epochs in said.runs:
            end = start + epochs * task.job.row_bytes
            task.job.add_records(task.runs[run], first, said.payload[start:end])
            start = end

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
                outcome = Outcome("failed", task.job.epochs[task.runs[run]], said.why)
                self._end(seat, task, run, outcome, now)

    def _end(self, seat: Seat, task: Task, run: int, outcome: Outcome, now: float) -> None:
        """A run of a task, by its number there, has ended."""
        news = task.job.end(task.runs[run], outcome)
        if news and outcome.is_final:
            self._keep(task.job.run(task.runs[run]), seat.engine, seat.device_class)
        task.open.discard(run)
        if not task.open:
            del seat.tasks[task.name]
            if task.job.engine == "keras":
                self._give_way(task.job)
            self.deal(now)


HEARERS: dict[type[Message], Callable[[Dispatcher, Seat, Any, float], None]] = {
    Ready: Dispatcher._hear_ready,
    Broken: Dispatcher._hear_broken,
    Warmed: Dispatcher._hear_warmed,
    RowsLoaded: Dispatcher._hear_rows,
    Taken: Dispatcher._hear_taken,
    Started: Dispatcher._hear_started,
    Records: Dispatcher._hear_records,
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


def give_up(job: Job, why: str) -> None:
    """End what waits for a worker that will not come."""
    for task in job.waiting:
        for run in task.runs:
            job.end(run, Outcome("failed", job.epochs[run], why))
    job.waiting.clear()
