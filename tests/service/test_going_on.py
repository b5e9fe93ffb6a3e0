"""What was interrupted goes on from its last snapshot, and ends as if nothing had happened."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from core.experiment.records import COLUMNS, Outcome, pack_rows
from core.service import Bounds, Laboratory
from core.service.dispatcher import NOTHING_KEPT
from core.service.encoding import MessageError
from core.service.events import Event
from core.service.job import EVENT_BYTES, EXPERIMENT_BYTES, Job
from core.service.keeping import Keeping
from core.service.messages import (
    Ready,
    Records,
    RunEnded,
    SnapshotTaken,
    Started,
    Taken,
    Train,
)
from core.service.store import Store
from core.service.training import Saved, Unfinished
from core.service.version import version_of
from tests.service.fake_process import FakeProcess
from tests.service.fake_worker import GATED, SLOW, expected, figures
from tests.service.test_dispatcher import NOW, Room
from tests.service.test_unfinished import settle
from tests.service.waiting import PATIENCE, experiment, recorded, until_done, until_trained

WHY = "killed"
OFTEN = Bounds(snapshot_seconds=0.01)


class Workplace(Room):
    """A room whose worker a test speaks for."""

    def __init__(self, keeping: Keeping = NOTHING_KEPT) -> None:
        super().__init__(keeping)
        self.new_worker()

    def new_worker(self, device_class: str = "cpu") -> None:
        self.process = FakeProcess()
        self.seat.take(self.process, NOW)
        self.dispatcher.hear(self.seat, Ready("made up", device_class), NOW)

    def told(self) -> Train:
        """What it was last told to train."""
        trains = [one for one in self.process.sent if isinstance(one, Train)]
        return trains[-1]

    def begin(self) -> str:
        """It takes the task, and starts."""
        task = self.told().task
        self.dispatcher.hear(self.seat, Taken(task), NOW)
        self.dispatcher.hear(self.seat, Started(task, COLUMNS), NOW)
        return task

    def record(self, first: int, last: int, run: int = 0) -> None:
        said = self.told()
        rows = pack_rows(figures(said.experiments[run], first, last))
        self.dispatcher.hear(
            self.seat, Records(said.task, ((run, first, last - first + 1),), rows), NOW
        )

    def save(self, epoch: int, run: int = 0) -> None:
        self.dispatcher.hear(
            self.seat, SnapshotTaken(self.told().task, run, epoch, b"after %d" % epoch), NOW
        )

    def end(self, kind: str = "finished", epoch: int = 60) -> None:
        self.dispatcher.hear(self.seat, RunEnded(self.told().task, 0, Outcome(kind, epoch)), NOW)

    def lose_worker(self, device_class: str = "cpu") -> None:
        """Another takes its place, on a machine of such a class."""
        self.dispatcher.lose(self.seat, WHY, NOW)
        self.new_worker(device_class)


@pytest.fixture
def place() -> Workplace:
    return Workplace()


def half_way(place: Workplace, *, saved: bool = True) -> Job:
    """A run that has come to epoch 30, with a snapshot after 20."""
    job = place.hand_in(1)
    place.begin()
    place.record(0, 20)
    if saved:
        place.save(20)
    place.record(21, 30)
    return job


def assert_whole(job: Job) -> None:
    """It has ended with every epoch once."""
    told = [e.header for e in job.events if e.say == "records" and e.run == 0]
    epochs = [header["first"] + n for header in told for n in range(header["count"])]
    assert epochs == list(range(1, 61))
    run = job.piece(0).run()
    np.testing.assert_array_equal(run.records, expected(run.experiment))
    assert job.done


def test_a_run_whose_worker_is_lost_goes_on_from_its_last_snapshot(place: Workplace) -> None:
    job = half_way(place)
    place.lose_worker()
    assert place.told().packed == [b"after 20"]
    assert {"state": "retrying", "why": WHY, "from": 20} in [event.header for event in job.events]
    place.begin()
    assert job.state == {"state": "training", "from": 20}
    place.record(21, 60)
    place.end()
    assert_whole(job)


def test_what_is_lost_without_a_snapshot_begins_anew_and_says_so(place: Workplace) -> None:
    job = half_way(place, saved=False)
    place.lose_worker()
    assert place.told().packed == []
    assert {"state": "retrying", "why": WHY} in [event.header for event in job.events]
    place.begin()
    assert job.state == {"state": "training", "again": True}
    place.record(0, 60)
    place.end()
    assert_whole(job)


def test_what_was_lost_before_its_first_epoch_says_nothing_of_it(place: Workplace) -> None:
    job = place.hand_in(1)
    place.lose_worker()
    place.begin()
    assert job.state == {"state": "training"}


def test_a_paused_job_goes_on_from_its_last_snapshot(place: Workplace) -> None:
    job = half_way(place)
    place.dispatcher.pause(job, NOW)
    place.record(31, 35)  # that were on their way
    place.end("stopped", 35)
    place.dispatcher.resume(job, NOW)
    assert place.told().packed == [b"after 20"]
    place.begin()
    assert job.state == {"state": "training", "from": 20}
    place.record(21, 60)
    place.end()
    assert_whole(job)


def test_whoever_asks_for_what_was_paused_goes_on_from_there_too(place: Workplace) -> None:
    job = half_way(place)
    place.dispatcher.pause(job, NOW)
    another = place.hand_in(1, visitor="another")
    assert place.told().packed == [b"after 20"]
    assert another.epochs == [30]
    place.dispatcher.resume(job, NOW)
    place.begin()
    place.record(21, 60)
    place.end()
    for one in (job, another):
        assert_whole(one)


def test_a_stopped_run_that_is_asked_for_anew_begins_anew(place: Workplace) -> None:
    place.dispatcher.cancel(half_way(place), NOW)
    job = place.hand_in(1)
    assert place.told().packed == []
    assert job.epochs == [0]


def test_of_several_runs_each_goes_on_from_its_own_snapshot(place: Workplace) -> None:
    job = place.hand_in(1, 2)
    place.begin()
    for run, last in enumerate((30, 10)):
        place.record(0, last, run)
    place.save(25)
    place.dispatcher.pause(job, NOW)
    place.dispatcher.resume(job, NOW)
    assert place.told().packed == [b"after 25", b""]
    assert job.state["from"] == 25


def test_a_run_that_went_on_beyond_where_a_worker_died_is_no_suspect(place: Workplace) -> None:
    job = half_way(place)
    for epoch in (30, 40, 50):
        place.lose_worker()
        place.begin()
        place.record(epoch - 9, epoch + 10)
        place.save(epoch)
    assert not job.ended
    place.record(60, 60)
    place.end()
    assert_whole(job)


def test_a_run_that_kills_at_one_epoch_is_given_up_and_begins_anew_for_who_asks_again(
    place: Workplace,
) -> None:
    job = half_way(place)
    place.lose_worker()
    place.begin()
    place.record(21, 30)
    place.lose_worker()
    assert [outcome.kind for outcome in job.outcomes] == ["interrupted"]
    place.hand_in(1, visitor="another")
    assert place.told().packed == []


@pytest.mark.parametrize("epoch", [-1, 0, 31, 60])
def test_a_snapshot_that_no_run_can_have_is_refused(place: Workplace, epoch: int) -> None:
    half_way(place)
    with pytest.raises(MessageError, match="epoch must be from 1 to 30"):
        place.save(epoch)


def test_snapshots_take_no_more_memory_than_there_is_room_for(place: Workplace) -> None:
    job = place.hand_in(1)
    place.begin()
    place.record(0, 30)
    trainings, [training] = place.dispatcher.trainings, job.trainings
    assert trainings.save(training, Saved(10, bytes(60 * 2**20)))
    assert not trainings.save(training, Saved(20, bytes(65 * 2**20)))
    assert training.saved_epoch == 10
    assert trainings.save(training, Saved(20, bytes(64 * 2**20)))
    place.record(31, 60)
    place.end()
    assert trainings.saved_bytes == 0


def test_a_paused_job_counts_its_snapshots_among_what_it_keeps(place: Workplace) -> None:
    job = half_way(place)
    before = job.bytes
    place.dispatcher.pause(job, NOW)
    assert place.dispatcher.trainings.saved_bytes == 0
    assert job.bytes >= before + len(b"after 20")
    place.dispatcher.resume(job, NOW)
    assert place.dispatcher.trainings.saved_bytes == len(b"after 20")


def test_what_a_paused_job_keeps_is_counted_once_also_where_others_train_it_on(
    place: Workplace,
) -> None:
    job = place.hand_in(1)
    place.hand_in(1, visitor="another")
    place.begin()
    place.record(0, 20)
    place.dispatcher.pause(job, NOW)
    place.save(20)
    place.dispatcher.resume(job, NOW)
    told = sum(EVENT_BYTES + len(event.payload) for event in job.events)
    assert job.bytes == EXPERIMENT_BYTES + told


def test_what_a_store_has_of_a_run_is_gone_on_with(place: Workplace) -> None:
    rows = pack_rows(figures(experiment(1), 0, 30))
    start, rest = rows[:56], rows[56:]
    job = place.registry.add([experiment(1), experiment(1)], "ada")
    unfinished = {experiment(1).key: Unfinished(start, rest, Saved(20, b"after 20"))}
    place.dispatcher.begin(job, {}, NOW, unfinished)
    assert job.epochs == [30, 30]
    assert place.told().packed == [b"after 20"]
    place.begin()
    assert job.state == {"state": "training", "from": 20}
    place.record(21, 60)
    place.end()
    assert_whole(job)


def kept(store: Store) -> list[Unfinished]:
    settle(store)
    wanted = [experiment(seed) for seed in (1, 2)]
    return list(store.unfinished.find(wanted, version_of("compiled", "cpu")).values())


def test_a_pause_keeps_what_the_store_has_and_an_end_does_not(tmp_path: Path) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        place = Workplace(Keeping(store))
        job = half_way(place)
        assert [one.saved for one in kept(store)] == [Saved(20, b"after 20")]
        place.dispatcher.pause(job, NOW)
        place.end("stopped", 30)
        assert len(kept(store)) == 1
        place.dispatcher.resume(job, NOW)
        place.begin()
        place.record(21, 59)
        assert [len(one.rows) for one in kept(store)] == [59 * job.row_bytes]
        place.record(60, 60)
        place.end()
        assert kept(store) == []


@pytest.mark.parametrize("found", [False, True], ids=["under way", "in the store"])
def test_what_two_classes_of_machine_have_trained_is_no_answer_of_either(
    tmp_path: Path, found: bool
) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        place = Workplace(Keeping(store))
        job = half_way(place)
        if found:
            [before] = kept(store)
            place = Workplace(Keeping(store))
            job = place.registry.add([experiment(1)], "ada")
            place.dispatcher.begin(job, {}, NOW, {experiment(1).key: before})
        place.lose_worker("gpu")
        place.begin()
        place.record(21, 60)
        place.end()
        assert_whole(job)
        assert kept(store) == []
        for device_class in ("cpu", "gpu"):
            version = version_of("compiled", device_class)
            assert store.find([experiment(1)], version) == {}
            assert store.unfinished.find([experiment(1)], version) == {}


def test_to_end_with_its_laboratory_makes_no_run_a_suspect(tmp_path: Path) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        place = Workplace(Keeping(store))
        job = half_way(place)
        place.lose_worker()
        place.begin()
        job.end_all("interrupted", "closed")
        place.dispatcher.deal(NOW)
        place.lose_worker()
        assert [one.saved for one in kept(store)] == [Saved(20, b"after 20")]


def test_a_stop_leaves_nothing_in_the_store(tmp_path: Path) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        place = Workplace(Keeping(store))
        for paused in (False, True):
            job = half_way(place)
            assert len(kept(store)) == 1
            if paused:
                place.dispatcher.pause(job, NOW)
            place.dispatcher.cancel(job, NOW)
            place.end("stopped", 30)
            assert kept(store) == []


def test_the_end_of_one_that_was_stopped_takes_nothing_from_one_that_began_meanwhile(
    tmp_path: Path,
) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        place = Workplace(Keeping(store))
        place.dispatcher.cancel(half_way(place), NOW)
        stopped = place.told().task
        place.hand_in(1, visitor="another")
        place.begin()
        place.record(0, 40)
        settle(store)
        place.dispatcher.hear(place.seat, RunEnded(stopped, 0, Outcome("stopped", 30)), NOW)
        assert len(kept(store)) == 1


def test_a_run_goes_on_where_its_worker_was_killed(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=OFTEN)
    job = laboratory.submit([experiment(SLOW, 40)])
    until_trained(laboratory, job, epochs=10)
    os.kill(*laboratory.status().pids, signal.SIGKILL)
    events = until_done(laboratory, job)
    assert recorded(events) == 40
    assert from_epoch(events) > 0
    np.testing.assert_array_equal(laboratory.runs(job)[0].records, expected(experiment(SLOW, 40)))


def test_what_a_laboratory_left_is_gone_on_with_by_the_next(
    open_laboratory, tmp_path: Path
) -> None:
    long = experiment(SLOW, 40)
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        first = open_laboratory(bounds=OFTEN, store=store)
        until_trained(first, first.submit([long]), epochs=10)
        first.close()
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        second = open_laboratory(bounds=OFTEN, store=store)
        job = second.submit([long])
        assert recorded(second.events(job)) >= 10  # at once
        events = until_done(second, job)
        assert from_epoch(events) > 0
        assert recorded(events) == 40
        np.testing.assert_array_equal(second.runs(job)[0].records, expected(long))
        assert [one.outcome for one in store.list_runs()] == ["finished"]


def test_plain_fit_begins_anew_and_says_so(open_laboratory, gate, tmp_path: Path) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        laboratory = open_laboratory(store=store, command=gate.command)
        job = laboratory.submit([experiment(GATED, 20)], engine="keras")
        until_trained(laboratory, job, epochs=2)
        [pid] = {*laboratory.status().pids} - {laboratory_worker(laboratory)}
        os.kill(pid, signal.SIGKILL)
        gate.open()
        events = until_done(laboratory, job)
        assert {"state": "training", "again": True} in [event.header for event in events]
        assert recorded(events) == 20


def laboratory_worker(laboratory: Laboratory) -> int:
    """The process of the compiled engine, which is there first."""
    return laboratory.status().pids[0]


def from_epoch(events: list[Event]) -> int:
    """The epoch that a job said it goes on from."""
    return max(event.header.get("from", 0) for event in events if event.say == "state")
