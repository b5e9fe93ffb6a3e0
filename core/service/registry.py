"""The jobs that a laboratory keeps: those that are open, and for a while those that are done."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType

from core.experiment import Experiment, limits
from core.experiment.records import COLUMNS, Columns
from core.service.events import QueueFull, UnknownJob
from core.service.fit_pool import fit_seconds
from core.service.job import Job
from core.service.messages import EngineName
from core.service.watchers import Watcher
from core.service.worker_pool import SILENCE, Silence

NOTHING: Mapping[Experiment, float] = MappingProxyType({})
TOKEN_BYTES = 16  # of an unguessable job id


@dataclass(frozen=True)
class Bounds:
    """How much a laboratory takes on and keeps; see `core.experiment.limits`."""

    silence: Silence = SILENCE
    kept_seconds: float = limits.JOB_KEPT_SECONDS
    kept_bytes: int = limits.JOBS_KEPT_BYTES
    experiments_per_job: int = limits.EXPERIMENTS_PER_JOB_MAX
    epochs_per_job: int = limits.EPOCHS_PER_JOB_MAX
    jobs_per_visitor: int = limits.JOBS_PER_VISITOR_MAX
    epochs_waiting: int = limits.EPOCHS_WAITING_MAX
    visitor_seconds: float = limits.VISITOR_SECONDS_MAX
    fit_seconds: float = limits.FIT_JOB_SECONDS_MAX
    fit_idle: float = limits.FIT_IDLE_SECONDS
    snapshot_seconds: float = limits.SNAPSHOT_SECONDS


class JobRegistry:
    """Not locked by itself: its laboratory's lock guards it."""

    def __init__(self, bounds: Bounds, lock: Lock) -> None:
        self.open: dict[str, Job] = {}  # in order of arrival
        self.paused: dict[str, Job] = {}  # in the order in which nobody watched them any more
        self.held: dict[str, Job] = {}  # that are to go on, as soon as there is room for them
        self.done: dict[str, Job] = {}  # in order of completion
        self.bounds, self._lock = bounds, lock
        self._news: set[Job] = set()
        self._turns = 0

    def admit(
        self,
        experiments: Sequence[Experiment],
        visitor: str,
        engine: EngineName = "compiled",
        waiting: int = 0,
        new: Mapping[Experiment, float] = NOTHING,
    ) -> None:
        """Raise `QueueFull` where a job would be too large, or one too many.

        `waiting` epochs are open already; `new` are those of its experiments that nobody trains
        yet, with the seconds that each takes by estimate. One such run is always taken on.
        """
        bounds, epochs = self.bounds, sum(experiment.length for experiment in experiments)
        own = self._open_of(visitor)
        work = sum(new.values()) + sum(job.seconds for job in own)
        waiting += sum(experiment.length for experiment in new)
        refuse("full_runs", len(experiments), bounds.experiments_per_job)
        refuse("full_epochs", epochs, bounds.epochs_per_job)
        refuse("full_jobs", len(own) + 1, bounds.jobs_per_visitor)
        if work > bounds.visitor_seconds and len(new) > 1:
            raise QueueFull("full_seconds", round(bounds.visitor_seconds), round(work))
        if new:
            refuse("full_waiting", waiting, bounds.epochs_waiting)
        if engine == "keras":
            refuse_study(experiments, bounds.fit_seconds)

    def has_room_for(self, job: Job, waiting: int) -> bool:
        """Whether a paused job may go on beside what its visitor, and all others, have open."""
        own, bounds = self._open_of(job.visitor), self.bounds
        if not own and not waiting:
            return True
        work = job.seconds + sum(other.seconds for other in own)
        return (
            len(own) < bounds.jobs_per_visitor
            and (not own or work <= bounds.visitor_seconds)
            and waiting + job.left_epochs <= bounds.epochs_waiting
        )

    def _open_of(self, visitor: str) -> list[Job]:
        return [job for job in self.open.values() if job.visitor == visitor]

    def add(
        self,
        experiments: Sequence[Experiment],
        visitor: str,
        engine: EngineName = "compiled",
        columns: Columns = COLUMNS,
        lease: float = math.inf,
    ) -> Job:
        """Open a job; behind those that came before, and before those that come after."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        job = Job(token, visitor, experiments, self._lock, self._news, engine, columns, lease)
        self.open[token] = job
        self.count_turn(job)
        return job

    def count_turn(self, job: Job) -> None:
        self._turns += 1
        job.turn = self._turns

    def find(self, token: str) -> Job:
        """Raises `UnknownJob`."""
        for jobs in (self.open, self.paused, self.held, self.done):
            if job := jobs.get(token):
                return job
        raise UnknownJob(token)

    def kept(self, engine: EngineName, columns: Columns) -> list[Job]:
        """The jobs of an engine that have these columns, the latest first."""
        groups = self.open, self.paused, self.held, self.done
        jobs = [job for group in groups for job in reversed(group.values())]
        return [job for job in jobs if job.engine == engine and job.columns == columns]

    def close(self, job: Job, now: float) -> None:
        job.done_at = now
        self.done[job.token] = self.open.pop(job.token)

    def unwatched(self, now: float) -> list[Job]:
        """Open jobs whose lease has run out."""
        return [job for job in self.open.values() if now >= lease_end(job)]

    def pause(self, job: Job) -> None:
        self.paused[job.token] = self.open.pop(job.token)

    def hold(self, job: Job) -> None:
        """A paused job is to go on, and has no room."""
        self.held[job.token] = self.paused.pop(job.token)

    def release(self, job: Job) -> None:
        """Nobody waits for a held job any more."""
        if job.token in self.held:
            self.paused[job.token] = self.held.pop(job.token)

    def is_resting(self, job: Job) -> bool:
        return job.token in self.paused or job.token in self.held

    def reopen(self, job: Job) -> None:
        """Behind those that came before."""
        resting = self.paused if job.token in self.paused else self.held
        self.open[job.token] = resting.pop(job.token)
        self.count_turn(job)

    def announce(self) -> list[Watcher]:
        """Wake those who wait for a job that has news; the watchers to be rung."""
        watchers = [watcher for job in self._news for watcher in job.watchers]
        for job in self._news:
            job.changed.notify_all()
        self._news.clear()
        return watchers

    def forget(self, now: float) -> list[Job]:
        """Drop what was done long ago, and the oldest of what takes too much room; the dropped.

        The latest one stays, however large, for as long as its time.
        """
        dropped = []
        groups = ((self.paused, "watched_at"), (self.done, "done_at"))
        room = sum(job.bytes for jobs, _ in groups for job in jobs.values())
        for jobs, since in groups:
            for token, job in list(jobs.items()):
                crowded = room > self.bounds.kept_bytes and len(self.paused) + len(self.done) > 1
                if not crowded and now < getattr(job, since) + self.bounds.kept_seconds:
                    break
                room -= job.bytes
                job.forgotten = True
                self._news.add(job)
                dropped.append(jobs.pop(token))
        return dropped

    def deadlines(self) -> list[float]:
        """When the next job is to be forgotten, or paused."""
        kept = self.bounds.kept_seconds
        done = [job.done_at + kept for job in list(self.done.values())[:1]]
        paused = [job.watched_at + kept for job in list(self.paused.values())[:1]]
        leases = [end for job in self.open.values() if (end := lease_end(job)) < math.inf]
        return [*done, *paused, *leases]


def lease_end(job: Job) -> float:
    """When a job is to be paused, unless somebody watches it until then."""
    return math.inf if job.watchers else job.watched_at + job.lease


def refuse_study(experiments: Sequence[Experiment], most: float) -> None:
    """Raise `QueueFull` for more than plain `fit` trains in so many seconds.

    It takes a thousand times as long as the compiled engine, and has one worker for all visitors.

    >>> refuse_study([Experiment()] * 20, most=180.0)
    Traceback (most recent call last):
        ...
    core.service.events.QueueFull: Laboratory: seconds by plain `fit`, by estimate, must be at \
most 180, got 263: train so much by the compiled engine.
    """
    seconds = sum(map(fit_seconds, experiments))
    if seconds > most:
        raise QueueFull("full_fit", round(most), round(seconds))


def refuse(code: str, got: int, most: int) -> None:
    """Raise `QueueFull` for none, and for too many."""
    if not 1 <= got <= most:
        raise QueueFull(code, most, got)
