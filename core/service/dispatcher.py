"""The dispatcher, where jobs meet workers: deals tasks, and notes what workers say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count

from core.engine.grouping import program_key
from core.experiment import Experiment
from core.experiment.data import Data
from core.experiment.records import Outcome, Run
from core.service.fairness import choose, next_look, split
from core.service.frames import Frame, Header
from core.service.job import ROW_BYTES, Job, Task
from core.service.registry import JobRegistry
from core.service.rows import Asked, Rows
from core.service.worker_pool import Seat, WorkerPool

ATTEMPTS_MAX = 2  # of a task whose worker was lost
STORED = ("finished", "diverged")  # how a run ends that would end so again

Store = Callable[[Run], None]


class Dispatcher:
    """Not locked by itself: every call is made under the lock of its laboratory."""

    def __init__(self, registry: JobRegistry, pool: WorkerPool, store: Store) -> None:
        self.registry, self.pool, self._store = registry, pool, store
        self.stirred = True  # so that the keeper looks anew when the next thing is due
        self._names = count()
        self._wishes: list[Header] = []  # programs that every worker compiles beforehand
        self.rows = Rows()

    def begin(self, job: Job, known: Mapping[str, Run], now: float) -> None:
        """Answer what is known, and split the rest into tasks."""
        for run in known.values():
            job.answer(run)
        leads = [runs[0] for key, runs in job.twins.items() if key not in known]
        for program, runs in split(job.experiments, leads, len(self.pool.seats)):
            job.waiting.append(Task(str(next(self._names)), job, runs, program))
        self.deal(now)

    def cancel(self, job: Job, now: float) -> None:
        """End its runs as they stand; its workers hear of it and need not be waited for."""
        for seat, task in self._in_hand(job):
            seat.send({"do": "stop", "task": task.name})
        job.end_all("stopped")
        self.deal(now)

    def drive(self, job: Job, run: int, learning_rate: float) -> None:
        """Set the rate of a run and of its twins, in training or still to be trained."""
        twins = job.twins[job.experiments[run].key]
        job.driven.update(twins)
        for seat, task in [*self._in_hand(job), *((None, task) for task in job.waiting)]:
            if twins[0] in task.runs:
                place = task.runs.index(twins[0])
                task.rates[place] = learning_rate
                if seat:
                    rate = {"run": place, "learning_rate": learning_rate}
                    seat.send({"do": "rate", "task": task.name, **rate})

    def warm(self, experiment: Experiment, runs: int) -> None:
        wish = {"do": "warm", "experiment": experiment.to_dict(), "runs": runs}
        if wish in self._wishes:
            return
        self._wishes.append(wish)
        for seat in self.pool.seats:
            if seat.ready:
                seat.send(wish)

    def ask_rows(self, data: Data) -> Asked:
        """The rows of a data set and its benchmarks, by a worker as soon as one is ready."""
        ready = self._ready()
        return self.rows.ask(data, ready.send if ready else None)

    def deal(self, now: float) -> None:
        """Give tasks to workers that can take one, then tell every open job how it stands."""
        self.stirred = True
        jobs = self.registry.open
        if trouble := self.pool.trouble:
            for job in jobs.values():
                give_up(job, trouble)
        while chosen := choose(jobs.values(), self.pool.seats, now):
            self._give(*chosen, now)
        self.pool.retire()
        self._tell(now)

    def deadlines(self) -> list[float]:
        """When to deal again though nothing was heard."""
        return next_look(self.registry.open.values(), self.pool.seats)

    def heard(self, seat: Seat, frame: Frame, now: float) -> None:
        """Act on what a worker said."""
        seat.heard_at = now
        hear = HEARERS.get(frame.header["say"])
        if hear:
            hear(self, seat, frame, now)

    def lost(self, seat: Seat, why: str, now: float) -> None:
        """A worker has gone; its tasks are tried once more, from the start."""
        tasks = seat.leave(now, why)
        for task in tasks:
            self._retry(task, seat.why)
        if ready := self._ready():
            self.rows.ask_again(ready.send)
        self.deal(now)

    def _ready(self) -> Seat | None:
        return next((seat for seat in self.pool.seats if seat.ready), None)

    def _in_hand(self, job: Job) -> Iterator[tuple[Seat, Task]]:
        for seat in self.pool.seats:
            for task in seat.tasks.values():
                if task.job is job:
                    yield seat, task

    def _give(self, task: Task, seat: Seat, now: float) -> None:
        job = task.job
        job.waiting.remove(task)
        job.given = True
        if (task.program, len(task.runs)) in seat.programs:
            job.started = True  # but for milliseconds
        self.registry.count_turn(job)
        if not seat.tasks:
            seat.heard_at = now  # its silence counts from here
        seat.given_at = now
        seat.tasks[task.name] = task
        task.open = set(range(len(task.runs)))
        experiments = [experiment.to_dict() for experiment in task.experiments]
        rates = list(task.rates.items())
        train = {"do": "train", "task": task.name, "experiments": experiments, "rates": rates}
        seat.send(train)

    def _retry(self, task: Task, why: str) -> None:
        """A rate that was changed by hand came at a moment that will not come again."""
        job, again = task.job, []
        for run in task.runs:
            if job.outcomes[run] is None:
                if task.attempts < ATTEMPTS_MAX and run not in job.driven:
                    again.append(run)
                else:
                    job.end(run, Outcome("interrupted", job.epochs[run], why))
        if again:
            name = str(next(self._names))
            retry = Task(name, job, tuple(again), task.program, task.attempts)
            job.waiting.appendleft(retry)
            job.retrying = why

    def _tell(self, now: float) -> None:
        ahead = 0
        for job in list(self.registry.open.values()):
            if job.ended:
                job.say_state("done")
                self.registry.close(job, now)
            elif job.retrying:
                job.say_state("retrying", why=job.retrying)
            elif job.started:
                job.say_state("training")
            elif job.given:
                job.say_state("loading", what="program")
            elif not self.pool.ready:
                job.say_state("loading", what="trainer", why=self.pool.seats[0].why)
            else:
                job.say_state("queued", ahead=ahead)
            ahead += not job.given

    def _hear_ready(self, seat: Seat, frame: Frame, now: float) -> None:
        seat.ready, seat.device, seat.why = True, frame.header["device"], ""
        if seat.failures < ATTEMPTS_MAX:  # else perhaps it is these that it dies of
            for wish in self._wishes:
                seat.send(wish)
        self.rows.ask_again(seat.send)
        self.deal(now)

    def _hear_broken(self, seat: Seat, frame: Frame, now: float) -> None:
        seat.words = frame.header["why"]

    def _hear_warmed(self, seat: Seat, frame: Frame, now: float) -> None:
        seat.failures = 0
        program = program_key(Experiment.from_dict(frame.header["experiment"]))
        seat.programs.add((program, frame.header["runs"]))

    def _hear_rows(self, seat: Seat, frame: Frame, now: float) -> None:
        data = Experiment.from_dict({"data": frame.header["data"]}).data
        self.rows.hear(data, frame.payload, frame.header.get("why", ""))

    def _hear_taken(self, seat: Seat, frame: Frame, now: float) -> None:
        """Only now does it count as an attempt: what a dying worker never read did not kill it."""
        if task := seat.tasks.get(frame.header["task"]):
            task.attempts += 1

    def _hear_started(self, seat: Seat, frame: Frame, now: float) -> None:
        seat.failures = 0
        if task := seat.tasks.get(frame.header["task"]):
            seat.programs.add((task.program, len(task.runs)))
            task.job.started, task.job.retrying = True, ""
            self._tell(now)

    def _hear_records(self, seat: Seat, frame: Frame, now: float) -> None:
        task = seat.tasks.get(frame.header["task"])
        if task is None:
            return
        start = 0
        for place, first, epochs in frame.header["runs"]:
            end = start + epochs * ROW_BYTES
            task.job.add_records(task.runs[place], first, frame.payload[start:end])
            start = end

    def _hear_outcome(self, seat: Seat, frame: Frame, now: float) -> None:
        task = seat.tasks.get(frame.header["task"])
        if task is None:
            return
        run, outcome = task.runs[frame.header["run"]], Outcome(**frame.header["outcome"])
        news = task.job.end(run, outcome)
        if news and outcome.kind in STORED and run not in task.job.driven:
            self._store(task.job.run(run))
        task.open.discard(frame.header["run"])
        if not task.open:
            del seat.tasks[task.name]
            self.deal(now)


HEARERS: dict[str, Callable[[Dispatcher, Seat, Frame, float], None]] = {
    "ready": Dispatcher._hear_ready,
    "broken": Dispatcher._hear_broken,
    "warmed": Dispatcher._hear_warmed,
    "rows": Dispatcher._hear_rows,
    "taken": Dispatcher._hear_taken,
    "started": Dispatcher._hear_started,
    "records": Dispatcher._hear_records,
    "outcome": Dispatcher._hear_outcome,
}


def give_up(job: Job, why: str) -> None:
    """End what waits for a worker that will not come."""
    for task in job.waiting:
        for run in task.runs:
            job.end(run, Outcome("failed", job.epochs[run], why))
    job.waiting.clear()
