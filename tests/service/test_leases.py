"""What nobody watches is paused, and goes on for whoever comes back; a visitor has a share."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, pack_rows
from core.service import Bounds, Laboratory, QueueFull, UnknownJob
from core.service.messages import Records, RunEnded, Started
from core.service.store import Store
from core.service.watchers import Watcher
from tests.service.fake_worker import SLOW, figures
from tests.service.test_dispatcher import NOW, Room
from tests.service.waiting import (
    FAKE,
    PATIENCE,
    experiment,
    recorded,
    states,
    until,
    until_done,
    until_trained,
)

LEASE = 60.0


@pytest.fixture
def room() -> Room:
    return Room()


def leased(room: Room, *seeds: int, visitor: str = "ada") -> object:
    job = room.hand_in(*seeds, visitor=visitor)
    job.lease, job.watched_at = LEASE, NOW
    return job


def test_a_job_is_watched_while_somebody_subscribes_and_for_its_lease_after(room: Room) -> None:
    job = leased(room, 1)
    assert room.registry.unwatched(NOW + LEASE - 1) == []
    assert room.registry.unwatched(NOW + LEASE) == [job]
    assert NOW + LEASE in room.registry.deadlines()
    job.watchers.append(Watcher(lambda: None))
    assert room.registry.unwatched(NOW + 100 * LEASE) == []


def test_a_job_without_a_lease_goes_on_unwatched(room: Room) -> None:
    room.hand_in(1)
    assert room.registry.unwatched(math.nextafter(math.inf, 0)) == []


def test_a_paused_job_frees_its_worker_and_its_visitors_place(room: Room) -> None:
    jobs = [leased(room, seed) for seed in range(room.registry.bounds.jobs_per_visitor)]
    with pytest.raises(QueueFull):
        room.registry.admit([experiment(99)], "ada")
    for job in jobs:
        room.dispatcher.pause(job, NOW)
    room.registry.admit([experiment(99)], "ada")
    assert all(not job.waiting and job.paused for job in jobs)
    assert not any(task.jobs for task in room.seat.tasks.values())


def paused_beside_a_full_share(room: Room) -> object:
    """A paused job of a visitor who has as many open as may be."""
    job = leased(room, 50)
    room.dispatcher.pause(job, NOW)
    for seed in range(room.registry.bounds.jobs_per_visitor):
        room.hand_in(seed, visitor="ada")
    return job


def test_a_paused_job_goes_on_only_where_there_is_room_for_it(room: Room) -> None:
    job = paused_beside_a_full_share(room)
    room.dispatcher.resume(job, NOW)
    assert job.state == {"state": "paused", "full": True}
    assert not job.waiting
    assert room.registry.find(job.token) is job
    first = next(iter(room.registry.open.values()))
    room.dispatcher.cancel(first, NOW)
    assert job.token in room.registry.open
    assert len(room.registry.open) == room.registry.bounds.jobs_per_visitor


def test_what_waits_for_room_is_not_forgotten_and_can_be_stopped(room: Room) -> None:
    job = paused_beside_a_full_share(room)
    room.dispatcher.resume(job, NOW)
    room.registry.forget(NOW + 2 * room.registry.bounds.kept_seconds)
    assert room.registry.find(job.token) is job
    room.dispatcher.cancel(job, NOW)
    assert job.done


def test_a_pause_makes_room_for_one_that_waits_for_it(room: Room) -> None:
    job = paused_beside_a_full_share(room)
    room.dispatcher.resume(job, NOW)
    room.dispatcher.pause(next(iter(room.registry.open.values())), NOW)
    assert job.token in room.registry.open
    assert not room.registry.held


def test_what_nobody_waits_for_any_more_takes_no_room(room: Room) -> None:
    job = paused_beside_a_full_share(room)
    room.dispatcher.resume(job, NOW)
    room.registry.release(job)
    room.dispatcher.cancel(next(iter(room.registry.open.values())), NOW)
    assert job.token in room.registry.paused


def test_many_paused_jobs_that_come_back_at_once_keep_to_the_share(room: Room) -> None:
    most = room.registry.bounds.jobs_per_visitor
    jobs = [leased(room, seed) for seed in range(most)]
    for job in jobs:
        room.dispatcher.pause(job, NOW)
    more = [leased(room, 100 + seed) for seed in range(most)]
    for job in jobs:
        room.dispatcher.resume(job, NOW)
    assert len(room.registry.open) == most
    for job in more:
        room.dispatcher.cancel(job, NOW)
    assert set(room.registry.open.values()) == set(jobs)


def test_what_was_paused_goes_on_with_what_it_had_and_no_epoch_twice(room: Room) -> None:
    job = leased(room, 1)
    [task] = room.seat.tasks.values()
    room.dispatcher.hear(room.seat, Started(task.name, COLUMNS), NOW)
    rows = pack_rows(figures(experiment(1), 0, 60))
    size = len(rows) // 61
    room.dispatcher.hear(room.seat, Records(task.name, ((0, 0, 11),), rows[: 11 * size]), NOW)
    room.dispatcher.pause(job, NOW)
    room.dispatcher.hear(room.seat, RunEnded(task.name, 0, Outcome("stopped", 10)), NOW)
    room.dispatcher.resume(job, NOW)
    [task] = room.seat.tasks.values()
    room.dispatcher.hear(room.seat, Started(task.name, COLUMNS), NOW)
    assert job.state == {"state": "training", "again": True}
    room.dispatcher.hear(room.seat, Records(task.name, ((0, 0, 61),), rows), NOW)
    room.dispatcher.hear(room.seat, RunEnded(task.name, 0, Outcome("finished", 60)), NOW)
    said = [event.header for event in job.events if event.say == "records"]
    assert said == [{"first": 1, "count": 10}, {"first": 11, "count": 50}]
    assert sum(event.say == "start" for event in job.events) == 1
    assert job.done


def test_a_paused_job_that_others_wait_for_too_is_trained_on_for_them(room: Room) -> None:
    job, other = leased(room, 1), room.hand_in(1, visitor="bob")
    room.dispatcher.pause(job, NOW)
    [task] = room.seat.tasks.values()
    assert list(task.jobs) == [other]
    room.dispatcher.resume(job, NOW)
    assert list(task.jobs) == [other, job]
    assert len(room.seat.tasks) == 1


def test_whoever_asks_anew_for_what_was_paused_has_what_there_was_of_it(room: Room) -> None:
    job = leased(room, 1)
    [task] = room.seat.tasks.values()
    rows = pack_rows(figures(experiment(1), 0, 10))
    room.dispatcher.hear(room.seat, Records(task.name, ((0, 0, 11),), rows), NOW)
    room.dispatcher.pause(job, NOW)
    another = room.hand_in(1, visitor="bob")
    said = [(event.say, event.header.get("count")) for event in another.events[:2]]
    assert said == [("start", None), ("records", 10)]
    assert another.state["again"]


def test_a_laboratory_knows_whether_a_job_of_an_experiment_would_begin_anything() -> None:
    laboratory = Laboratory(1, command=FAKE)
    assert not laboratory.has(experiment(1))
    job = laboratory.submit([experiment(1)])
    assert laboratory.has(experiment(1))
    assert not laboratory.has(experiment(1), "keras")
    laboratory.cancel(job)
    assert not laboratory.has(experiment(1))
    laboratory.close()


def test_a_paused_job_can_be_stopped_and_is_forgotten_in_time(room: Room) -> None:
    stopped, left = leased(room, 1), leased(room, 2)
    for job in (stopped, left):
        room.dispatcher.pause(job, NOW)
    room.dispatcher.cancel(stopped, NOW)
    assert stopped.done
    assert [outcome.kind for outcome in stopped.outcomes] == ["stopped"]
    room.registry.forget(NOW + room.registry.bounds.kept_seconds)
    with pytest.raises(UnknownJob):
        room.registry.find(left.token)


def test_whoever_comes_back_finds_it_going_on() -> None:
    with Laboratory(1, command=FAKE) as laboratory:
        job = laboratory.submit([experiment(SLOW, 2000)], lease=0.5)
        until_trained(laboratory, job)
        key = experiment(SLOW, 2000).key

        def goes_on() -> bool:
            return key in laboratory.known([experiment(SLOW, 2000)])

        other = laboratory.submit([experiment(SLOW + 1, 2000)])  # at each epoch we look
        until(laboratory, other, lambda _: not goes_on())
        leave = laboratory.subscribe(job, lambda: None)
        before = recorded(laboratory.events(job))
        until_trained(laboratory, job, before + 5)
        assert "paused" in states(laboratory.events(job))
        leave()


def large(seed: int) -> Experiment:
    model = {"hidden": [256, 256], "kind": "dense"}
    return Experiment.from_dict({"model": model, "epochs": 200, "seed": seed})


def test_a_visitor_has_a_share_in_seconds_of_work_and_room_for_one_run_always() -> None:
    laboratory = Laboratory(1, command=FAKE, bounds=Bounds(visitor_seconds=1.0))
    with pytest.raises(QueueFull, match=r"seconds of work .* at most 1, got \d+\.$"):
        laboratory.submit([large(seed) for seed in range(40)], "ada")
    laboratory.submit([large(1).replace({"epochs": 2000})], "ada")
    laboratory.submit([large(2)], "ada")
    with pytest.raises(QueueFull, match="seconds of work"):
        laboratory.submit([large(3), large(4)], "ada")
    laboratory.submit([experiment(5), experiment(6)], "bob")
    laboratory.close()


def test_what_others_train_or_the_store_knows_is_nobodys_work(tmp_path: Path) -> None:
    wanted = [experiment(seed, 200) for seed in range(300)]
    with (
        Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store,
        Laboratory(1, command=FAKE, store=store) as laboratory,
    ):
        until_done(laboratory, laboratory.submit(wanted[:100], "ada"))
        laboratory.submit(wanted[100:200], "bob")
        tight = Bounds(visitor_seconds=0.1)
        again = Laboratory(1, command=FAKE, store=store, bounds=tight)
        assert again.progress(again.submit(wanted[:100], "eve")).state == "done"
        with pytest.raises(QueueFull):
            again.submit(wanted[200:], "eve")
        again.close()
