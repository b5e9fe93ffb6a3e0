"""All that is trained for somebody: joined, left, split into tasks, and tried again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from weakref import WeakValueDictionary

from core.experiment import Experiment
from core.experiment.limits import SNAPSHOTS_BYTES_MAX
from core.experiment.records import Columns, Outcome
from core.service.fairness import Groups, split
from core.service.job import Job
from core.service.messages import EngineName
from core.service.training import Saved, Task, Training, Unfinished

DEATHS_MAX = 2  # of workers that had begun a training, the last of them with nothing else in hand
DEADLY_MAX = 8  # runs of one job that workers died of, before its other suspects are given up

NONE_LEFT: Mapping[str, Unfinished] = MappingProxyType({})

Key = tuple[EngineName, Columns, str]


class Trainings:
    """Not locked by itself: its laboratory's lock guards it.

    `names` are of its tasks, which are spread over as many `workers` as there may be now.
    """

    def __init__(self, names: count[int], workers: Callable[[], int]) -> None:
        self._names, self._workers = names, workers
        # Those under way, and those that have ended as long as a job that has them is kept.
        self._by_key: WeakValueDictionary[Key, Training] = WeakValueDictionary()
        self._open: set[Training] = set()
        # Those that paused jobs have left; each as long as such a job is kept.
        self._left: WeakValueDictionary[Key, Training] = WeakValueDictionary()
        self.epochs = 0  # of those that are open
        self.saved_bytes = 0  # of their snapshots

    def open(self, job: Job, unfinished: Mapping[str, Unfinished] = NONE_LEFT) -> None:
        """Join what others wait for, and split the rest into tasks.

        What was interrupted goes on, whether a paused job has left it or it is in `unfinished`.
        """
        leads: dict[int, Training] = {}
        for key, runs in job.twins.items():
            if job.outcomes[runs[0]] is None:
                training = self._join(job, runs[0], unfinished.get(key))
                if not training.task and not training.outcome:
                    leads[runs[0]] = training
        for run, training in self._movable(job):
            assert training.task
            training.task.lose(training)
            leads[run] = training
        for program, members in self._groups(job, sorted(leads)):
            self._queue(program, [leads[run] for run in members])

    def set_aside(self, job: Job) -> None:
        """It is to be paused: what there is of its runs is kept for whoever asks for them."""
        job.leave_trainings()
        for training in job.left:
            self._left[key_of(training)] = training

    def save(self, training: Training, saved: Saved) -> bool:
        """Keep a snapshot in place of the one before; False where there is no room for it."""
        more = len(saved.packed) - training.saved_bytes
        if training not in self._open or self.saved_bytes + more > SNAPSHOTS_BYTES_MAX:
            return False
        self.saved_bytes += more
        training.saved = saved
        return True

    def is_wanted(self, training: Training) -> bool:
        """Whether somebody goes on with what there is of it, or may."""
        now = self._by_key.get(key_of(training))
        return now not in (None, training) or key_of(training) in self._left

    def leave(self, job: Job) -> list[Task]:
        """It waits for nothing any more; the tasks in hand that nobody waits for now."""
        idle: dict[Task, None] = {}
        for training in job.trainings:
            if job in training.jobs:
                task = training.task
                training.leave(job)
                self._abandon(training)
                if task and task.given and not task.jobs:
                    idle[task] = None
        job.trainings = []
        return list(idle)

    def retry(self, tasks: Sequence[Task], why: str) -> list[Training]:
        """Have another worker try what was lost: what the last one had begun, each alone.

        Returns what was given up.

        A task that it had begun beside others is tried by itself; then, should a worker die again,
        each of its trainings is; and a training of which a worker died that had nothing else in
        hand is given up.
        """
        begun = [task for task in tasks if task.taken]
        given_up = []
        for task in reversed(tasks):  # each comes before what waits, and so the first of them first
            wanted = [one for one in task.trainings if one.is_awaited]
            for training in task.trainings:
                if training not in wanted:
                    self.forget(training)
                    training.task = None
                training.note_death(task.taken)
            if not task.taken or len(begun) > 1:
                self._try_again(task.program, wanted, task.taken or task.alone, why)
                continue
            for training in reversed(wanted):
                if len(wanted) == 1 and training.deaths >= DEATHS_MAX:
                    self._give_up(training, why)
                    given_up.append(training)
                else:
                    self._try_again(task.program, [training], True, why)
        return given_up

    def fail_waiting(self, job: Job, why: str) -> None:
        """End what waits for a worker that will not come."""
        for task in list(job.waiting):
            for training in task.trainings:
                training.end(Outcome("failed", training.epochs, why))
                self.forget(training)

    def new(
        self, experiments: Sequence[Experiment], engine: EngineName, columns: Columns
    ) -> list[Experiment]:
        """Those that nobody trains yet, each once."""
        by_key = {one.key: one for one in experiments}
        return [one for key, one in by_key.items() if (engine, columns, key) not in self._by_key]

    def close(self, training: Training) -> None:
        """It has ended; who asks for what is not final has it trained anew."""
        self._count_out(training)
        if training.outcome is None or not training.outcome.is_final:
            self.forget(training)

    def forget(self, training: Training) -> None:
        """Who asks for it from here on has it trained anew."""
        self._count_out(training)
        if self._by_key.get(key_of(training)) is training:
            del self._by_key[key_of(training)]

    def _count_out(self, training: Training) -> None:
        if training in self._open:
            self._open.remove(training)
            self.epochs -= training.experiment.length
            self.saved_bytes -= training.saved_bytes

    def _try_again(
        self, program: Hashable, trainings: Sequence[Training], alone: bool, why: str
    ) -> None:
        """Queue trainings before all else that their jobs wait for."""
        jobs = {job: None for training in trainings for job in training.jobs}
        if not jobs:
            return
        task = self._queue(program, trainings, alone)
        for job in jobs:
            job.waiting.remove(task)
            job.waiting.appendleft(task)
            job.retrying = why
            if begun := [one.saved_epoch for one in trainings if one.epochs and job in one.jobs]:
                job.note_interruption(max(begun))
            if job.deadly >= DEADLY_MAX:
                self._leave_suspects(job, why)

    def _give_up(self, training: Training, why: str) -> None:
        jobs = list(training.jobs)
        training.end(Outcome("interrupted", training.epochs, why))
        self.forget(training)
        for job in jobs:
            job.deadly += 1
            if job.deadly >= DEADLY_MAX:
                self._leave_suspects(job, why)

    def _leave_suspects(self, job: Job, why: str) -> None:
        """Workers died of many runs of a job: for it, no other of its suspects is tried."""
        for task in [task for task in job.waiting if task.alone]:
            for training in [one for one in task.trainings if job in one.jobs]:
                run = training.jobs[job]
                training.leave(job)
                job.end(run, Outcome("interrupted", training.epochs, why))
                self._abandon(training)

    def _join(self, job: Job, run: int, unfinished: Unfinished | None) -> Training:
        """Have a job wait for one of its experiments, as all who want it do."""
        experiment = job.experiments[run]
        key = (job.engine, job.columns, experiment.key)
        training = self._by_key.get(key)
        if training is None:
            training = Training(experiment, job.engine, job.columns)
            self._by_key[key] = training
            self._open.add(training)
            self.epochs += experiment.length
            self._take_up(training, unfinished)
        job.trainings.append(training)
        training.join(job, run)
        if training.task and training.task.given and not training.outcome:
            job.given, job.started = True, job.started or training.task.started
        return training

    def _take_up(self, training: Training, unfinished: Unfinished | None) -> None:
        """Have it go on from the furthest that there is."""
        left = self._left.get(key_of(training))
        found = [one for one in (left and left.unfinished(), unfinished) if one]
        if found:
            furthest = max(found, key=lambda one: one.rank)
            training.take_up(furthest)
            if furthest.saved:
                self.save(training, furthest.saved)

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
        """A job has left it: where no worker has begun it, and nobody else waits, it ends."""
        task = training.task
        if not training.jobs and task and not task.given:
            task.lose(training)
            self.forget(training)

    def _groups(self, job: Job, runs: Sequence[int]) -> Groups:
        """Runs that are trained together; by plain `fit` each has a program of its own."""
        if job.engine == "keras":
            return [((job.token, run), (run,)) for run in runs]
        return split(job.experiments, runs, self._workers())


def key_of(training: Training) -> Key:
    return training.engine, training.columns, training.experiment.key
