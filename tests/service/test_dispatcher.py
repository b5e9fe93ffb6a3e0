"""The dispatcher by a clock of the test's own, without any process."""

from threading import Lock

import pytest

from core.experiment.records import COLUMNS
from core.service.dispatcher import Dispatcher
from core.service.fairness import NEXT_AFTER_SECONDS, TASKS_IN_HAND
from core.service.job import Job
from core.service.messages import Started
from core.service.registry import Bounds, JobRegistry
from core.service.worker_pool import WorkerPool
from tests.service.waiting import experiment

NOW = 100.0
LOADING, TRAINING = {"state": "loading", "what": "program"}, {"state": "training"}


class Room:
    """A dispatcher with one worker that is ready."""

    def __init__(self) -> None:
        self.registry = JobRegistry(Bounds(), Lock())
        self.pool = WorkerPool(1, ("no", "command"), silence=60.0)
        self.dispatcher = Dispatcher(self.registry, self.pool, lambda run, device: None)
        [self.seat] = self.pool.seats
        self.seat.ready = True

    def hand_in(self, *seeds: int) -> Job:
        job = self.registry.add([experiment(seed) for seed in seeds], visitor=str(seeds))
        self.dispatcher.begin(job, {}, NOW)
        return job

    def start(self, job: Job) -> None:
        """Its worker says that it trains it."""
        [task] = [name for name, task in self.seat.tasks.items() if task.job is job]
        self.dispatcher.hear(self.seat, Started(task, COLUMNS), NOW)


@pytest.fixture
def room() -> Room:
    return Room()


def test_who_waits_is_told_how_many_are_ahead(room: Room) -> None:
    busy = [room.hand_in(seed) for seed in range(TASKS_IN_HAND)]
    waiting = [room.hand_in(10 + n) for n in range(3)]
    assert [job.state for job in busy] == [LOADING] * TASKS_IN_HAND
    assert [job.state for job in waiting] == [{"state": "queued", "ahead": n} for n in range(3)]


def test_who_waits_moves_up_as_others_begin(room: Room) -> None:
    for seed in range(TASKS_IN_HAND):
        room.hand_in(seed)
    first, second = room.hand_in(10), room.hand_in(11)
    room.dispatcher.deal(NOW + NEXT_AFTER_SECONDS)
    assert (first.state, second.state) == (LOADING, {"state": "queued", "ahead": 0})
    room.start(first)
    assert first.state == TRAINING
    said = [event.header for event in second.events]
    assert said == [{"state": "queued", "ahead": 1}, {"state": "queued", "ahead": 0}]


def test_a_program_that_is_there_for_one_run_is_not_compiled_again_for_ten(room: Room) -> None:
    room.start(room.hand_in(0))
    assert room.hand_in(*range(10, 20)).state == TRAINING
