"""What several ask for is trained once, and all of them hear the same."""

from __future__ import annotations

import numpy as np
import pytest

from core.service import Laboratory, QueueFull
from core.service.messages import Stop
from core.service.registry import Bounds
from core.service.training import Training
from tests.service.fake_process import FakeProcess
from tests.service.fake_worker import RAISES, SLOW, expected
from tests.service.test_dispatcher import NOW, TRAINING, Room
from tests.service.waiting import FAKE, experiment, recorded, states, until_done, until_trained

LONG = 2000


@pytest.fixture
def room() -> Room:
    """One worker, whose process a test can ask what it was sent."""
    room = Room()
    room.seat.process = FakeProcess()
    return room


def sent(room: Room) -> list[object]:
    assert isinstance(room.seat.process, FakeProcess)
    return room.seat.process.sent


def in_hand(room: Room) -> list[Training]:
    return [one for task in room.seat.tasks.values() for one in task.trainings]


def test_who_asks_for_what_is_under_way_hears_all_of_it(single: Laboratory) -> None:
    first = single.submit([experiment(SLOW, LONG)], "ada")
    until_trained(single, first, epochs=3)
    second = single.submit([experiment(SLOW, LONG), experiment(701)], "bob")
    so_far = recorded(single.events(second))
    assert so_far >= 3
    until_trained(single, second, so_far + 2)
    for job in (first, second):
        firsts = [e.header["first"] for e in single.events(job) if e.say == "records" and not e.run]
        assert firsts == sorted(set(firsts))
    single.cancel(first)
    single.cancel(second)
    one, other = single.runs(first)[0], single.runs(second)[0]
    np.testing.assert_array_equal(one.records, other.records[: len(one.records)])
    assert one.outcome.kind == other.outcome.kind == "stopped"


def test_one_worker_has_it_once_whoever_asks(room: Room) -> None:
    jobs = [room.hand_in(1, 2, visitor=f"visitor {n}") for n in range(50)]
    assert len(room.seat.tasks) == 1
    assert len(in_hand(room)) == 2
    room.start(jobs[0])
    late = room.hand_in(2, 1, visitor="late")
    assert len(room.seat.tasks) == 1
    assert [job.state for job in (*jobs, late)] == [TRAINING] * 51


def test_it_goes_on_until_the_last_who_waits_for_it_has_left(room: Room) -> None:
    first, second = room.hand_in(1, 2, visitor="ada"), room.hand_in(1, visitor="bob")
    room.dispatcher.cancel(first, NOW)
    assert first.done
    assert not second.done
    assert not any(isinstance(message, Stop) for message in sent(room))
    room.dispatcher.cancel(second, NOW)
    [task] = room.seat.tasks
    assert sent(room)[-1] == Stop(task)


def test_who_asks_after_the_last_has_left_has_it_trained_anew(room: Room) -> None:
    room.dispatcher.cancel(room.hand_in(1, visitor="ada"), NOW)
    room.hand_in(1, visitor="bob")
    assert len(room.seat.tasks) == 2


def test_who_wants_one_of_many_that_wait_does_not_wait_for_the_others(room: Room) -> None:
    room.seat.ready = False
    many = room.hand_in(1, 2, 3, 4, visitor="ada")
    one = room.hand_in(3, visitor="bob")
    [task] = one.waiting
    assert [training.experiment.seed for training in task.trainings] == [3]
    assert {job: len(job.waiting) for job in (many, one)} == {many: 2, one: 1}
    seeds = [t.experiment.seed for task in many.waiting for t in task.trainings]
    assert sorted(seeds) == [1, 2, 3, 4]


def test_what_nobody_wants_any_more_of_a_waiting_task_is_not_begun(room: Room) -> None:
    room.seat.ready = False
    first, second = room.hand_in(1, 2, visitor="ada"), room.hand_in(1, 2, 3, visitor="bob")
    room.dispatcher.cancel(second, NOW)
    room.seat.ready = True
    room.dispatcher.deal(NOW)
    assert sorted(one.experiment.seed for one in in_hand(room)) == [1, 2]
    assert first.given


def test_what_has_ended_is_answered_as_long_as_its_job_is_kept() -> None:
    with Laboratory(1, command=FAKE) as laboratory:
        until_done(laboratory, laboratory.submit([experiment(1)]))
        again = laboratory.submit([experiment(1)])
        assert states(laboratory.events(again)) == ["done"]
        np.testing.assert_array_equal(laboratory.runs(again)[0].records, expected(experiment(1)))


def test_what_failed_is_tried_anew_for_who_asks_again(single: Laboratory) -> None:
    for _ in range(2):
        job = single.submit([experiment(RAISES)])
        assert "training" in states(until_done(single, job))
        assert single.runs(job)[0].outcome.kind == "failed"


def test_a_class_on_one_link_is_as_much_work_as_one_visitor() -> None:
    wanted = [experiment(seed, epochs=200) for seed in range(180)]
    laboratory = Laboratory(1, command=FAKE, bounds=Bounds(epochs_waiting=50_000))
    for visitor in range(100):
        laboratory.submit(wanted, f"visitor {visitor}")
    with pytest.raises(QueueFull, match="epochs that wait"):
        laboratory.submit([experiment(seed, epochs=200) for seed in range(180, 400)], "another")
    laboratory.close()
