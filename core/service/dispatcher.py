"""The dispatcher, where jobs meet workers: deals tasks, and notes what workers say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from core.engine.grouping import program_key
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome, Run, row_bytes
from core.service.encoding import Message, MessageError
from core.service.fairness import Groups, choose, next_look, split
from core.service.fit_pool import FitPool
from core.service.job import Job
from core.service.measures import Measures
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
from core.service.training import Task, Training
from core.service.worker_pool import Seat, WorkerPool

log = logging.getLogger(__name__)

DEATHS_MAX = 2  # of workers that had begun a training, the last of them with nothing else in hand
DEADLY_MAX = 3  # runs of one job that workers died of, before its other suspects are given up

TrainingKey = tuple[EngineName, Columns, str]
Keep = Callable[[Run, EngineName, str], None]  # and the class of device that trained it


class Dispatcher:
    """Not locked by itself: every call is made under the lock of its laboratory."""

    def __init__(
        self, registry: JobRegistry, pool: WorkerPool, fit_pool: FitPool, keep: Keep
    ) -> None:
        self.registry, self.pool, self.fit_pool, self._keep = registry, pool, fit_pool, keep
        self.pools: tuple[WorkerPool, ...] = (pool, fit_pool)
        self.stirred = True  # so that the keeper looks anew when the next thing is due
        self.measures = Measures()
        self._names = count()
        # Those under way, and those that have ended as long as a job that has them is kept.
        self._trainings: WeakValueDictionary[TrainingKey, Training] = WeakValueDictionary()
        self.requests = Requests(pool, self._names)

    def begin(self, job: Job, known: Mapping[str, Run], now: float) -> None:
        """Answer what is known, join what others wait for, and split the rest into tasks."""
        for found in known.values():
            job.answer(found)
        self._open(job)
        self.deal(now)

    def pause(self, job: Job, now: float) -> None:
        """Nobody watches it: its runs are kept as far as they are, and no longer trained for it."""
        self._leave(job)
        job.given, job.started, job.retrying, job.again = False, False, "", False
        job.say_state("paused")
        self.registry.pause(job)
        self.measures.paused += 1
        self.deal(now)

    def resume(self, job: Job, now: float) -> None:
        """Somebody watches it again: what was open begins anew, or as far as others have it."""
        job.again, job.handed_at = True, now
        self.registry.reopen(job)
        self._open(job)
        self.deal(now)

    def _open(self, job: Job) -> None:
        """Join what others wait for, and split the rest into tasks."""
        leads: dict[int, Training] = {}
        for runs in job.twins.values():
            if job.outcomes[runs[0]] is None:
                training = self._join(job, runs[0])
                if not training.task and not training.outcome:
                    leads[runs[0]] = training
        job.opened = sum(training.experiment.length for training in leads.values())
        for run, training in self._movable(job):
            assert training.task
            training.task.lose(training)
            leads[run] = training
        for program, members in self._groups(job, sorted(leads)):
            self._queue(program, [leads[run] for run in members])

    def cancel(self, job: Job, now: float) -> None:
        """End its runs as they stand; what nobody else waits for is not trained on."""
        if job.token in self.registry.paused:
            self.registry.reopen(job)
        self._leave(job)
        job.end_all("stopped")
        self.deal(now)

    def _leave(self, job: Job) -> None:
        """It waits for nothing any more."""
        for training in job.trainings:
            if job in training.jobs:
                training.leave(job)
                self._abandon(training)
        job.trainings = []

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
                    self._fail_waiting(job, pool.trouble)
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
        """A worker has gone; what it had is tried once more, from the start."""
        why = seat.words or why
        self.measures.lost += not seat.dismissed
        self._retry(seat.leave(now, why), why)
        self.requests.lose(seat, why)
        self.deal(now)

    def _join(self, job: Job, run: int) -> Training:
        """Have a job wait for one of its experiments, as all who want it do."""
        experiment = job.experiments[run]
        key = (job.engine, job.columns, experiment.key)
        training = self._trainings.get(key)
        if training is None:
            training = Training(experiment, job.engine, job.columns)
            self._trainings[key] = training
        job.trainings.append(training)
        training.join(job, run)
        if training.task and training.task.given and not training.outcome:
            job.given, job.started = True, job.started or training.task.started
        return training

    def _forget(self, training: Training) -> None:
        """Who asks for it from here on has it trained anew."""
        key = (training.engine, training.columns, training.experiment.key)
        if self._trainings.get(key) is training:
            del self._trainings[key]

    def _movable(self, job: Job) -> list[tuple[int, Training]]:
        """What a job has in waiting tasks of others that train more than it wants.

        It would have to wait for the rest of them as well.
        """
        return [
            (training.jobs[job], training)
            for task in list(job.waiting)
            if not task.alone and task.jobs[job] < len(task.trainings)
            for training in task.trainings
            if job in training.jobs
        ]

    def _queue(self, program: Hashable, trainings: Sequence[Training], alone: bool = False) -> Task:
        return Task.of(str(next(self._names)), program, trainings, alone)

    def _abandon(self, training: Training) -> None:
        """A job has left it: it ends, unless it or what is trained with it is waited for."""
        task = training.task
        if training.jobs or task is None:
            return
        if not task.given:
            task.lose(training)
            self._forget(training)
        elif not task.jobs:
            self._stop(task)

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
        return not self._is_in_hand(job), job.turn

    def _give_way(self, job: Job) -> None:
        """A run by plain `fit` has ended: whoever came meanwhile is before what its visitor has."""
        for other in self._jobs(self.fit_pool):
            if other.visitor == job.visitor:
                self.registry.count_turn(other)

    def _stop(self, task: Task) -> None:
        """Nobody waits for what is left of a task that a worker has."""
        for seat in self._seats():
            if task.name in seat.tasks:
                seat.send(Stop(task.name))
        for training in task.trainings:
            if not training.outcome:
                self._forget(training)

    def _fail_waiting(self, job: Job, why: str) -> None:
        """End what waits for a worker that will not come."""
        for task in list(job.waiting):
            for training in task.trainings:
                training.end(Outcome("failed", training.epochs, why))
                self._forget(training)

    def new_epochs(
        self, experiments: Sequence[Experiment], engine: EngineName, columns: Columns
    ) -> int:
        """Epochs of what nobody trains yet, each experiment once."""
        lengths = {one.key: one.length for one in experiments}
        return sum(
            length
            for key, length in lengths.items()
            if (engine, columns, key) not in self._trainings
        )

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
        seat.send(Train(task.name, experiments, first.columns, first.engine))

    def _begin(self, job: Job, now: float) -> None:
        """A worker trains something of it."""
        if not job.started:
            job.started = True
            self.measures.begun += 1
            self.measures.waited += max(now - job.handed_at, 0.0)

    def _retry(self, tasks: Sequence[Task], why: str) -> None:
        """Have another worker try what was lost: what the last one had begun, each alone.

        A task that it had begun beside others is tried by itself; then, should a worker die again,
        each of its trainings is; and a training of which a worker died that had nothing else in
        hand is given up.
        """
        begun = [task for task in tasks if task.taken]
        for task in reversed(tasks):  # each comes before what waits, and so the first of them first
            wanted = [one for one in task.trainings if one.jobs and not one.outcome]
            for training in task.trainings:
                if training not in wanted:
                    self._forget(training)
                training.deaths += task.taken
            if not task.taken or len(begun) > 1:
                self._try_again(task.program, wanted, task.taken or task.alone, why)
                continue
            for training in reversed(wanted):
                if len(wanted) == 1 and training.deaths >= DEATHS_MAX:
                    self._give_up(training, why)
                else:
                    self._try_again(task.program, [training], True, why)

    def _try_again(
        self, program: Hashable, trainings: Sequence[Training], alone: bool, why: str
    ) -> None:
        """Queue trainings before all else that their jobs wait for."""
        jobs = {job: None for training in trainings for job in training.jobs}
        if alone and any(job.deadly >= DEADLY_MAX for job in jobs):
            for training in trainings:
                self._give_up(training, why)
        elif trainings:
            task = self._queue(program, trainings, alone)
            for job in jobs:
                job.waiting.remove(task)
                job.waiting.appendleft(task)
                job.retrying = why

    def _give_up(self, training: Training, why: str) -> None:
        for job in training.jobs:
            job.deadly += 1
        training.end(Outcome("interrupted", training.epochs, why))
        self._forget(training)

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
            training.add_records(first, said.payload[start:end])
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
                outcome = Outcome("failed", task.trainings[run].epochs, said.why)
                self._end(seat, task, run, outcome, now)

    def _end(self, seat: Seat, task: Task, run: int, outcome: Outcome, now: float) -> None:
        """A training of a task, by its number there, has ended."""
        training, jobs = task.trainings[run], list(task.jobs)
        if training.end(outcome):
            self.measures.runs[outcome.kind] += 1
            self.measures.epochs += training.epochs
            if outcome.is_final:
                self._keep(training.run(), seat.engine, seat.device_class)
        if not outcome.is_final:
            self._forget(training)
        task.open.discard(run)
        if not task.open:
            del seat.tasks[task.name]
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
