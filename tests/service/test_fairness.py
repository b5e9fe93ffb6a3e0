"""Whose turn it is, decided without any process."""

from collections import Counter
from threading import Lock

import pytest

from core.engine.grouping import LANES, program_key
from core.experiment import Experiment
from core.service.fairness import (
    NEXT_AFTER_SECONDS,
    TASKS_IN_HAND,
    TASKS_MAX,
    choose,
    next_look,
    split,
)
from core.service.job import Job
from core.service.registry import Bounds, JobRegistry
from core.service.training import Task, Training
from core.service.worker_pool import Seat
from tests.service.waiting import experiment

NOW = 100.0


class Room:
    """Jobs and seats, and the dealing of tasks between them."""

    def __init__(self, seats: int) -> None:
        self.registry = JobRegistry(Bounds(), Lock())
        self.seats = [Seat(ready=True) for _ in range(seats)]

    def job(self, tasks: int, visitor: str = "") -> Job:
        job = self.registry.add([experiment(seed) for seed in range(tasks)], visitor)
        for run, one in enumerate(job.experiments):
            training = Training(one)
            training.join(job, run)
            Task.of(f"{job.turn}.{run}", "p", [training])
        return job

    def deal(self, now: float = NOW) -> list[tuple[Job, Seat]]:
        dealt = []
        while chosen := choose(self.registry.open.values(), self.seats, now):
            task, seat = chosen
            task.give()
            [job] = task.jobs
            self.registry.count_turn(job)
            seat.tasks[task.name], seat.given_at = task, now
            dealt.append((job, seat))
        return dealt


def test_a_split_keeps_every_run_once_and_only_one_program_in_a_group() -> None:
    runs = [experiment(seed, batch_size=16 * (1 + seed % 3)) for seed in range(300)]
    groups = [group for _, group in split(runs, range(len(runs)), workers=2)]
    assert sorted(run for group in groups for run in group) == list(range(300))
    for group in groups:
        assert len({program_key(runs[run]) for run in group}) == 1
        assert len(group) <= LANES


@pytest.mark.parametrize(
    ("runs", "workers", "sizes"),
    [(1, 2, [1]), (2, 2, [2]), (3, 2, [2, 1]), (8, 2, [4, 4]), (9, 4, [3, 2, 2, 2]), (10, 1, [10])],
)
def test_a_split_balances_runs_over_the_workers(runs: int, workers: int, sizes: list[int]) -> None:
    groups = split([Experiment()] * runs, range(runs), workers)
    assert [len(group) for _, group in groups] == sizes


def test_tasks_of_one_job_spread_over_idle_workers_and_two_wait_at_each() -> None:
    room = Room(seats=3)
    job = room.job(tasks=10)
    assert Counter(id(seat) for _, seat in room.deal()) == {id(seat): 2 for seat in room.seats}
    assert len(job.waiting) == 4


def test_a_job_that_is_not_alone_has_one_task_at_each_worker() -> None:
    room = Room(seats=2)
    long, short = room.job(tasks=10), room.job(tasks=1)
    dealt = room.deal()
    assert Counter(job for job, _ in dealt) == {long: 3, short: 1}
    assert dealt[1][0] is short


def test_jobs_take_turns() -> None:
    room = Room(seats=1)
    first, second, third = (room.job(tasks=9) for _ in range(3))
    order = [job for job, _ in room.deal()]
    assert order == [first, second, third]
    for _ in range(2):
        room.seats[0].tasks.clear()
        assert [job for job, _ in room.deal()] == [first, second, third]


def test_visitors_take_turns_however_many_jobs_one_has() -> None:
    room = Room(seats=1)
    many = [room.job(tasks=3, visitor="ada") for _ in range(6)]
    single = room.job(tasks=3, visitor="bob")
    assert [job for job, _ in room.deal()][:2] == [many[0], single]


def test_a_busy_worker_takes_a_further_task_only_after_a_while() -> None:
    room = Room(seats=1)
    jobs = [room.job(tasks=1) for _ in range(TASKS_IN_HAND + 2)]
    assert len(room.deal()) == TASKS_IN_HAND
    assert next_look(room.registry.open.values(), room.seats) == [NOW + NEXT_AFTER_SECONDS]
    later = NOW + NEXT_AFTER_SECONDS
    assert room.deal(later) == [(jobs[-2], room.seats[0])]
    assert room.deal(later + NEXT_AFTER_SECONDS) == [(jobs[-1], room.seats[0])]
    assert next_look(room.registry.open.values(), room.seats) == []


def test_a_worker_never_has_more_than_its_share() -> None:
    room = Room(seats=1)
    for _ in range(TASKS_MAX + 5):
        room.job(tasks=1)
    for later in range(TASKS_MAX + 5):
        room.deal(NOW + later)
    assert len(room.seats[0].tasks) == TASKS_MAX


def test_a_task_goes_to_the_worker_that_has_its_program() -> None:
    room = Room(seats=2)
    room.seats[1].programs.add("p")
    for _ in range(2):
        room.job(tasks=1)
    assert [seat for _, seat in room.deal()] == [room.seats[1], room.seats[1]]


def test_nothing_is_given_to_a_worker_that_is_not_ready() -> None:
    room = Room(seats=2)
    room.seats[0].ready = False
    room.job(tasks=4)
    assert {id(seat) for _, seat in room.deal()} == {id(room.seats[1])}
