"""An experiment that is trained once for all who wait for it, and the tasks that workers have."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome, Run, row_bytes
from core.service.encoding import MessageError
from core.service.job import STILL_OPEN, Job, Piece
from core.service.messages import EngineName, Records, SnapshotTaken
from core.service.version import Version


@dataclass(frozen=True)
class Saved:
    """A run's snapshot after an epoch, as `core.engine.snapshot` packs it."""

    epoch: int
    packed: bytes = field(repr=False)


@dataclass(frozen=True)
class Unfinished:
    """What there is of a run that has not ended, and perhaps a snapshot to go on from."""

    start: bytes  # the row of epoch 0
    rows: bytes  # from epoch 1 on
    saved: Saved | None = None
    kept_as: Version | None = None  # in the store

    @property
    def rank(self) -> tuple[int, int]:
        """Of several the highest is the furthest."""
        return self.saved.epoch if self.saved else 0, len(self.rows)


@dataclass(eq=False)
class Training:
    """One experiment, whoever asked for it, from the first request to its outcome.

    Not locked by itself: its laboratory's lock guards it.
    """

    experiment: Experiment
    engine: EngineName = "compiled"
    columns: Columns = COLUMNS
    jobs: dict[Job, int] = field(default_factory=dict)  # who wait, and which of their runs it is
    task: Task | None = None  # that it is in
    epochs: int = 0  # recorded
    outcome: Outcome | None = None
    deaths: int = 0  # of workers that had begun it
    died_at: int = 0  # the epoch that it had come to then
    saved: Saved | None = None  # to go on from
    kept_as: Version | None = None  # in the store, while it is under way: what trained it first
    _start: bytes = b""  # the row of epoch 0
    _rows: list[bytes] = field(default_factory=list)

    def join(self, job: Job, run: int) -> None:
        """A job waits for it too, and is told what has come so far."""
        if self._start:
            job.add_start(run, self._start)
        first = 1
        for rows in self._rows:  # as they are: all who have them share them
            job.add_records(run, first, rows)
            first += len(rows) // row_bytes(self.columns)
        if self.outcome:
            job.end(run, self.outcome)
            return
        self.jobs[job] = run
        if self.task:
            self.task.count(job)

    def leave(self, job: Job) -> None:
        """A job waits no longer."""
        del self.jobs[job]
        if self.task:
            self.task.discount(job)

    def add_records(self, first: int, payload: bytes) -> bool:
        """Take its next epochs; False where all of them are there already.

        Where it is tried again it sends its first epochs again, and they are the same.
        """
        if self.outcome:
            return False
        size = row_bytes(self.columns)
        if first == 0:
            self._add_start(payload[:size])
            first, payload = 1, payload[size:]
        known = max(self.epochs - first + 1, 0)
        payload = payload[known * size :]
        if not payload:
            return False
        self.epochs += len(payload) // size
        self._rows.append(payload)
        for job, run in self.jobs.items():
            job.add_records(run, first + known, payload)
        return True

    @property
    def is_awaited(self) -> bool:
        """Whether anybody waits for its end; those who ended with their laboratory do not."""
        return not self.outcome and any(not job.ended for job in self.jobs)

    @property
    def saved_bytes(self) -> int:
        return len(self.saved.packed) if self.saved else 0

    @property
    def saved_epoch(self) -> int:
        """From which it goes on, should it be interrupted; 0 for the start."""
        return self.saved.epoch if self.saved else 0

    def note_death(self, begun: bool) -> None:
        """Its worker is lost; one that went on beyond where the last one died is no suspect."""
        went_on = bool(self.saved) and self.epochs > self.died_at
        self.deaths = (0 if went_on else self.deaths) + begun
        self.died_at = self.epochs

    def take_up(self, before: Unfinished) -> None:
        """Have the rows that an earlier training has left, of the same engine and columns."""
        self.kept_as = before.kept_as
        self._add_start(before.start)
        self.add_records(1, before.rows)

    @property
    def start(self) -> bytes:
        """The row of epoch 0; empty until it is there."""
        return self._start

    def rows_after(self, epoch: int) -> tuple[bytes, int]:
        """The rows behind an epoch, from 1 on, and the last epoch there is; from any thread."""
        parts = list(self._rows)  # a list that only grows
        rows = b"".join(parts)
        size = row_bytes(self.columns)
        return rows[epoch * size :], max(len(rows) // size, epoch)

    def unfinished(self) -> Unfinished:
        """What it leaves to one that goes on in its place."""
        return Unfinished(self._start, self.rows_after(0)[0], self.saved, self.kept_as)

    def _add_start(self, row: bytes) -> None:
        if self._start:
            return
        self._start = row
        for job, run in self.jobs.items():
            job.add_start(run, row)

    def end(self, outcome: Outcome) -> bool:
        """Close it for all who wait; False when it was closed before."""
        if self.outcome:
            return False
        self.outcome = outcome
        for job, run in self.jobs.items():
            job.end(run, outcome)
            if self.task:
                self.task.discount(job)
        self.jobs, self.task = {}, None
        return True

    def run(self) -> Run:
        """The run so far; one that is open counts as interrupted."""
        outcome = self.outcome or Outcome("interrupted", self.epochs, STILL_OPEN)
        return Piece(self.experiment, (self._start, *self._rows), outcome, self.columns).run()


@dataclass(eq=False)
class Task:
    """Trainings of one engine and program that one worker does together."""

    name: str
    program: Hashable
    trainings: list[Training] = field(default_factory=list)
    alone: bool = False  # its worker is to have nothing else in hand: perhaps it is what kills
    given: bool = False  # to a worker
    taken: bool = False  # that worker has read it
    started: bool = False  # that worker trains it
    stopped: bool = False  # that worker was told to end it
    jobs: dict[Job, int] = field(default_factory=dict)  # how many open trainings each waits for
    open: set[int] = field(default_factory=set)  # trainings that the worker has not ended

    @classmethod
    def of(
        cls, name: str, program: Hashable, trainings: Sequence[Training], alone: bool = False
    ) -> Task:
        """A task that waits for a worker, as those do who wait for any of its trainings."""
        task = cls(name, program, list(trainings), alone)
        for training in trainings:
            training.task = task
            for job in training.jobs:
                task.count(job)
        return task

    def count(self, job: Job) -> None:
        """A job waits for one more of its trainings."""
        if job not in self.jobs and not self.given:
            job.waiting.append(self)
        self.jobs[job] = self.jobs.get(job, 0) + 1

    def discount(self, job: Job) -> None:
        """A job waits for one less."""
        self.jobs[job] -= 1
        if not self.jobs[job]:
            del self.jobs[job]
            if not self.given and self in job.waiting:
                job.waiting.remove(self)

    def give(self) -> None:
        """A worker gets it: nobody else will."""
        self.given, self.open = True, set(range(len(self.trainings)))
        for job in self.jobs:
            job.waiting.remove(self)
            job.given = True
        for training in self.trainings:
            if training.epochs:  # that it has come to before
                for job in training.jobs:
                    job.note_interruption(training.saved_epoch)

    def lose(self, training: Training) -> None:
        """A training that no worker has begun goes elsewhere, or is not wanted any more."""
        self.trainings.remove(training)
        training.task = None
        for job in training.jobs:
            self.discount(job)

    def check_run(self, run: int) -> None:
        """Raise `MessageError` for the number of a training that it has not."""
        if not 0 <= run < len(self.trainings):
            raise MessageError(f"Worker: run must be one of {len(self.trainings)}, got {run}.")

    def check_snapshot(self, said: SnapshotTaken) -> None:
        """Raise `MessageError` for one that no run has, or whose records have not been told."""
        self.check_run(said.run)
        last = min(self.trainings[said.run].epochs, self.trainings[said.run].experiment.length - 1)
        if not 1 <= said.epoch <= last:
            got = said.epoch
            raise MessageError(f"SnapshotTaken: epoch must be from 1 to {last}, got {got}.")

    def check_records(self, said: Records) -> None:
        """Raise `MessageError` for epochs that do not follow on what came, or that no run has."""
        for run, first, epochs in said.runs:
            self.check_run(run)
            training = self.trainings[run]
            following, last = training.epochs + 1, training.experiment.length
            if not (0 <= first <= following and 1 <= epochs <= last - first + 1):
                expected = f"from 0 or {following} on, to {last} at most"
                got = f"{epochs} from {first}"
                raise MessageError(f"Records: epochs must be {expected}, got {got}.")
        columns = self.trainings[0].columns
        size, got_size = row_bytes(columns) * sum(n for *_, n in said.runs), len(said.payload)
        if got_size != size:
            raise MessageError(f"Records: payload must be of {size} bytes, got {got_size}.")
