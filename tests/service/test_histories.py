"""Random histories of visitors, workers and crashes: whatever happens, no epoch is lost or doubled.

Each is made by a seed. Workers are played by the test: they say what the real ones would, and begin
where their task tells them to.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import pytest

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run, pack_rows, unpack_rows
from core.service.backend import Here
from core.service.dispatcher import Dispatcher
from core.service.fit_pool import FitPool
from core.service.job import Job
from core.service.keeping import Keeping
from core.service.messages import (
    Ready,
    Records,
    RunEnded,
    SnapshotTaken,
    Started,
    Stop,
    Taken,
    Train,
)
from core.service.registry import Bounds, JobRegistry
from core.service.training import Training, Unfinished
from core.service.worker_pool import Seat, WorkerPool
from tests.service.fake_process import FakeProcess
from tests.service.fake_worker import expected, figures
from tests.service.waiting import experiment

HISTORIES = 36
BLOCKS = 3
STEPS = 120
EPOCHS = 60
SEEDS = 6  # of experiments that somebody may want
STILL_MAX = 50  # rounds in which nothing happens
VISITORS = ("ada", "bob", "eve")
WORKERS = 2
SECONDS = 0.3  # between two things that happen


class MemoryKeeping(Keeping):
    """A store whose queue is written when the history says so; a crash loses what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.finished: dict[str, Run] = {}
        self.unfinished: dict[str, Unfinished] = {}
        self.queue: dict[str, Training | None] = {}

    def note(self, training: Training, seat: Seat) -> None:
        self.queue[training.experiment.key] = training

    def put(self, training: Training, seat: Seat) -> None:
        self.finished[training.experiment.key] = training.run()

    def forget(self, training: Training) -> None:
        self.queue[training.experiment.key] = None

    def write(self) -> None:
        for key, training in self.queue.items():
            if training is None:
                self.unfinished.pop(key, None)
                continue
            new, old = training.unfinished(), self.unfinished.get(key)
            if old is None or new.rank > old.rank:
                self.unfinished[key] = new
        self.queue.clear()


@dataclass
class Hand:
    """A task that a worker has."""

    told: Train
    epochs: list[int]  # that its runs have come to
    started: bool = False
    ended: set[int] = field(default_factory=set)

    @property
    def open(self) -> list[int]:
        return [run for run in range(len(self.epochs)) if run not in self.ended]


class History:
    """What happens, by chance, to a laboratory without a process."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.keeping = MemoryKeeping()
        self.now = 0.0
        self.wanted: dict[str, tuple[list[Experiment], str]] = {}  # by a number of its own
        self.jobs: dict[str, Job] = {}
        self.losses = self.went_on = 0
        self.open()

    def open(self) -> None:
        """A laboratory that knows nothing but its store."""
        self.registry = JobRegistry(Bounds(), Lock())
        self.pool = WorkerPool(Here(WORKERS, ("no", "command")))
        pools = self.pool, FitPool(("no", "command"))
        self.dispatcher = Dispatcher(self.registry, *pools, self.keeping)
        self.hands: dict[int, dict[str, Hand]] = {}
        for number in range(WORKERS):
            self.start_worker(number)

    def start_worker(self, number: int) -> None:
        seat = self.pool.seats[number]
        seat.take(FakeProcess(), self.now)
        self.hands[number] = {}
        self.dispatcher.hear(seat, Ready("made up", "cpu"), self.now)

    def play(self) -> None:
        for _ in range(STEPS):
            self.now += SECONDS
            weights = {
                self.hand_in: 4, self.pause: 3, self.resume: 4, self.cancel: 1, self.lose: 1,
                self.write: 3, self.crash: 0.3, self.work: 30,
            }  # fmt: skip
            [act] = self.chance.choices(list(weights), list(weights.values()))
            act()
            self.check()

    def finish(self) -> None:
        """Everybody comes back, and nothing happens any more but work."""
        for job in list(self.registry.paused.values()):
            self.dispatcher.resume(job, self.now)
        still = 0
        while not all(job.done for job in self.jobs.values()):
            self.now += SECONDS
            before = sum(sum(job.epochs) for job in self.jobs.values()), len(self.registry.open)
            for number in range(WORKERS):
                self.read(number)
                for task in list(self.hands[number]):
                    self.train(number, task, EPOCHS)
            self.dispatcher.deal(self.now)
            after = sum(sum(job.epochs) for job in self.jobs.values()), len(self.registry.open)
            still = 0 if after != before else still + 1
            assert still < STILL_MAX, "nothing goes on"

    def hand_in(self) -> None:
        seeds = self.chance.sample(range(SEEDS), self.chance.randint(1, 3))
        name = str(len(self.wanted))
        self.wanted[name] = [experiment(s, EPOCHS) for s in seeds], self.chance.choice(VISITORS)
        self.ask(name)

    def ask(self, name: str) -> None:
        experiments, visitor = self.wanted[name]
        job = self.jobs[name] = self.registry.add(experiments, visitor)
        keys, finished = [one.key for one in experiments], self.keeping.finished
        known = {key: finished[key] for key in keys if key in finished}
        left = {key: one for key, one in self.keeping.unfinished.items() if key not in known}
        self.dispatcher.begin(job, known, self.now, left)

    def pause(self) -> None:
        if self.registry.open:
            self.dispatcher.pause(self.chance.choice(list(self.registry.open.values())), self.now)

    def resume(self) -> None:
        if self.registry.paused:
            paused = list(self.registry.paused.values())
            self.dispatcher.resume(self.chance.choice(paused), self.now)

    def cancel(self) -> None:
        if live := [name for name, job in self.jobs.items() if not job.done]:
            name = self.chance.choice(live)
            self.dispatcher.cancel(self.jobs.pop(name), self.now)
            del self.wanted[name]

    def lose(self) -> None:
        number = self.chance.randrange(WORKERS)
        self.losses += 1
        self.dispatcher.lose(self.pool.seats[number], "killed", self.now)
        self.start_worker(number)

    def write(self) -> None:
        self.keeping.write()

    def crash(self) -> None:
        """All but the store is lost; whoever waited asks again."""
        done = [name for name, job in self.jobs.items() if job.done]
        self.keeping.queue.clear()
        self.open()
        for name in self.wanted:
            if name not in done:
                self.ask(name)

    def work(self) -> None:
        number = self.chance.randrange(WORKERS)
        self.read(number)
        if hands := self.hands[number]:
            task = self.chance.choice(list(hands))
            if self.chance.random() < 0.3:
                self.save(number, task)
            else:
                self.train(number, task, self.chance.randint(1, 25))

    def read(self, number: int) -> None:
        """A worker reads what it was told."""
        process = self.pool.seats[number].process
        assert isinstance(process, FakeProcess)
        while process.sent:
            said = process.sent.pop(0)
            if isinstance(said, Train):
                packed = said.packed or [b""] * len(said.experiments)
                pairs = zip(packed, said.experiments, strict=True)
                hand = self.hands[number][said.task] = Hand(said, [start(*pair) for pair in pairs])
                self.went_on += sum(epoch > 0 for epoch in hand.epochs)
                self.hear(number, Taken(said.task))
            elif isinstance(said, Stop) and said.task in self.hands[number]:
                self.end(number, said.task, "stopped")

    def train(self, number: int, task: str, epochs: int) -> None:
        """A chunk of a task."""
        hand = self.hands[number][task]
        if not hand.started:
            hand.started = True
            self.hear(number, Started(task, COLUMNS))
        for run in hand.open:
            one, first = hand.told.experiments[run], hand.epochs[run]
            last = hand.epochs[run] = min(first + epochs, EPOCHS)
            first += bool(first)
            rows = pack_rows(figures(one, first, last))
            self.hear(number, Records(task, ((run, first, last - first + 1),), rows))
            if last == EPOCHS:
                hand.ended.add(run)
                self.hear(number, RunEnded(task, run, Outcome("finished", EPOCHS)))
        if not hand.open:
            del self.hands[number][task]

    def save(self, number: int, task: str) -> None:
        hand = self.hands[number][task]
        for run in hand.open:
            if epoch := hand.epochs[run]:
                packed = b"%d %d" % (hand.told.experiments[run].seed, epoch)
                self.hear(number, SnapshotTaken(task, run, epoch, packed))

    def end(self, number: int, task: str, kind: str) -> None:
        hand = self.hands[number].pop(task)
        for run in hand.open:
            self.hear(number, RunEnded(task, run, Outcome(kind, hand.epochs[run])))

    def hear(self, number: int, message: object) -> None:
        """Raises `MessageError` where a worker says what the laboratory does not expect."""
        self.dispatcher.hear(self.pool.seats[number], message, self.now)

    def check(self) -> None:
        """What is true at any moment."""
        trainings = self.dispatcher.trainings
        assert trainings.saved_bytes == sum(one.saved_bytes for one in trainings._open)
        in_hand = Counter(
            training.experiment.key
            for seat in self.pool.seats
            for task in seat.tasks.values()
            for training in task.trainings
            if not task.stopped and not training.outcome
        )
        assert all(count == 1 for count in in_hand.values())
        for key, one in self.keeping.unfinished.items():
            rows = unpack_rows(one.rows, COLUMNS)
            [seed] = [seed for seed in range(SEEDS) if experiment(seed, EPOCHS).key == key]
            right = expected(experiment(seed, EPOCHS))[: len(rows)]
            np.testing.assert_array_equal(rows, right)
            assert one.saved is None or one.saved.epoch <= len(rows)


def start(packed: bytes, one: Experiment) -> int:
    """The epoch that a run goes on from: by a snapshot of its own."""
    if not packed:
        return 0
    seed, epoch = map(int, packed.split())
    assert seed == one.seed
    return epoch


def epochs_told(job: Job, run: int) -> list[int]:
    told = [e.header for e in job.events if e.say == "records" and e.run == run]
    return [header["first"] + n for header in told for n in range(header["count"])]


@pytest.mark.parametrize("block", range(BLOCKS))
def test_whatever_happens_every_run_ends_with_every_epoch_once(block: int) -> None:
    kinds: Counter[str] = Counter()
    went_on = 0
    for seed in range(block, HISTORIES, BLOCKS):
        history = History(seed)
        history.play()
        history.finish()
        went_on += history.went_on
        for job in history.jobs.values():
            for run, one in enumerate(job.experiments):
                outcome = job.outcomes[run]
                assert outcome
                kinds[outcome.kind] += 1
                assert outcome.kind == "finished" or history.losses > 1, seed
                assert epochs_told(job, run) == list(range(1, outcome.epoch + 1)), seed
                rows = job.piece(run).run().records
                np.testing.assert_array_equal(rows, expected(one)[: outcome.epoch])
    assert kinds["finished"] > 20 * kinds["interrupted"]
    assert went_on > HISTORIES / BLOCKS
