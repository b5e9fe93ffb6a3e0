"""The dispatcher by a clock of the test's own, without any process."""

from threading import Lock

import pytest

from core.experiment.data import Moons
from core.experiment.records import COLUMNS, Outcome, pack_rows
from core.service.backend import Here, Worker
from core.service.dispatcher import NOTHING_KEPT, Dispatcher
from core.service.encoding import MessageError
from core.service.fairness import NEXT_AFTER_SECONDS, TASKS_IN_HAND
from core.service.fit_pool import FitPool
from core.service.job import Job
from core.service.keeping import Keeping
from core.service.messages import (
    Alive,
    EngineName,
    Ready,
    Records,
    RowsLoaded,
    RunEnded,
    Started,
    Taken,
)
from core.service.registry import Bounds, JobRegistry
from core.service.worker_pool import SECOND_LOOK_SECONDS, SILENCE, WorkerPool
from tests.service.fake_process import FakeProcess
from tests.service.fake_worker import figures
from tests.service.waiting import experiment

NOW = 100.0
IDLE = 60.0
LOADING, TRAINING = {"state": "loading", "what": "program"}, {"state": "training"}


class Elsewhere(Here):
    """A place that may have many workers one day, and has room for two."""

    def capacity(self) -> int:
        return 2


class Room:
    """A dispatcher with one worker that is ready."""

    def __init__(self, keeping: Keeping = NOTHING_KEPT) -> None:
        self.registry = JobRegistry(Bounds(), Lock())
        self.pool = WorkerPool(Here(1, ("no", "command")))
        self.fit_pool = FitPool(("no", "command"), idle=IDLE)
        pools = self.pool, self.fit_pool
        self.dispatcher = Dispatcher(self.registry, *pools, keeping)
        [self.seat], [self.fit_seat] = self.pool.seats, self.fit_pool.seats
        self.seat.ready = True

    def hand_in(
        self, *seeds: int, engine: EngineName = "compiled", visitor: str | None = None
    ) -> Job:
        wanted = [experiment(seed) for seed in seeds]
        job = self.registry.add(wanted, visitor or str(seeds), engine)
        self.dispatcher.begin(job, {}, NOW)
        return job

    def start(self, job: Job) -> None:
        """Its worker says that it trains it."""
        for seat in (self.seat, self.fit_seat):
            for task in [name for name, task in seat.tasks.items() if job in task.jobs]:
                self.dispatcher.hear(seat, Started(task, COLUMNS), NOW)

    def fit_is_ready(self) -> None:
        self.dispatcher.hear(self.fit_seat, Ready("made up", "cpu"), NOW)

    def end_fit(self) -> Job:
        """The worker of plain `fit` ends the run that it has; whose it was."""
        [task] = self.fit_seat.tasks.values()
        [job] = task.jobs
        self.dispatcher.hear(self.fit_seat, RunEnded(task.name, 0, Outcome("finished", 60)), NOW)
        return job


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


@pytest.mark.parametrize(
    ("runs", "rows"),
    [
        ([(5, 0, 1)], 1),  # a run that the task has not
        ([(-1, 0, 1)], 1),
        ([(0, 5, 1)], 1),  # a gap
        ([(0, -1, 1)], 1),
        ([(0, 0, 62)], 62),  # beyond the last epoch
        ([(0, 0, 0)], 0),
        ([(0, 0, 2)], 1),  # rows that are missing
        ([(0, 0, 1)], 2),  # rows too many
    ],
)
def test_records_that_no_run_can_have_are_refused(
    room: Room, runs: list[tuple[int, int, int]], rows: int
) -> None:
    job = room.hand_in(1)
    [task] = room.seat.tasks
    said = Records(task, tuple(runs), bytes(rows * job.row_bytes))
    with pytest.raises(MessageError, match=r"must be"):
        room.dispatcher.hear(room.seat, said, NOW)
    assert job.epochs == [0]
    room.dispatcher.hear(room.seat, Records(task, ((0, 0, 61),), bytes(61 * job.row_bytes)), NOW)
    assert job.epochs == [60]


@pytest.mark.parametrize("run", [-1, 1])
def test_the_end_of_a_run_that_a_task_has_not_is_refused(room: Room, run: int) -> None:
    job = room.hand_in(1)
    [task] = room.seat.tasks
    with pytest.raises(MessageError, match=r"^Worker: run must be one of 1, got"):
        room.dispatcher.hear(room.seat, RunEnded(task, run, Outcome("finished", 60)), NOW)
    assert not job.done


@pytest.mark.parametrize("size", [0, 1, 24, 10_000])
def test_what_are_no_rows_of_a_data_set_is_refused(room: Room, size: int) -> None:
    asked = room.dispatcher.requests.ask_rows(Moons())
    with pytest.raises(MessageError, match=r"^Rows: payload must be of 12024 bytes, got"):
        room.dispatcher.hear(room.seat, RowsLoaded(Moons(), payload=bytes(size)), NOW)
    assert not asked.rows.done()


def test_each_further_column_is_a_program_more(room: Room) -> None:
    columns = (*COLUMNS, "gradient_norm", "sharpness")
    job = room.registry.add([experiment()], "ada", columns=columns)
    room.dispatcher.begin(job, {}, NOW)
    [task] = room.seat.tasks
    room.dispatcher.hear(room.seat, Started(task, columns), NOW)
    assert len(room.seat.programs) == 3


def test_plain_fit_is_wanted_only_where_the_workers_that_most_wait_for_are_there(
    room: Room,
) -> None:
    room.seat.ready = False
    room.hand_in(1, engine="keras")
    assert room.fit_pool.empty(NOW) == []
    room.dispatcher.hear(room.seat, Ready("made up", "cpu"), NOW)
    assert room.fit_pool.empty(NOW) == [room.fit_seat]


def test_of_plain_fit_one_run_is_trained_at_a_time_and_all_wait_in_turn(room: Room) -> None:
    first = room.hand_in(1, engine="keras")
    assert first.state == {"state": "loading", "what": "trainer", "why": ""}
    second, third = (room.hand_in(seed, engine="keras") for seed in (2, 3))
    assert [job.state["ahead"] for job in (second, third)] == [1, 2]
    room.fit_is_ready()
    room.start(first)
    assert first.state == TRAINING
    assert [job.state["ahead"] for job in (second, third)] == [1, 2]
    for job in (first, second, third):
        assert [list(task.jobs) for task in room.fit_seat.tasks.values()] == [[job]]
        assert room.end_fit() is job
        assert job.done


def test_of_plain_fit_a_single_run_waits_for_one_run_of_many_at_most(room: Room) -> None:
    many = room.hand_in(1, 2, 3, engine="keras")
    room.fit_is_ready()
    single = room.hand_in(9, engine="keras")
    assert [room.end_fit() for _ in range(4)] == [many, single, many, many]


def test_of_plain_fit_visitors_take_turns_however_many_jobs_one_has(room: Room) -> None:
    many = [room.hand_in(seed, engine="keras", visitor="ada") for seed in range(3)]
    room.fit_is_ready()
    single = room.hand_in(9, engine="keras", visitor="bob")
    assert [job.state.get("ahead", 0) for job in (*many, single)] == [0, 1, 2, 3]
    assert room.end_fit() is many[0]
    assert [job.state.get("ahead", 0) for job in (single, *many[1:])] == [0, 1, 2]
    assert [room.end_fit() for _ in range(3)] == [single, *many[1:]]


def test_plain_fit_and_the_compiled_engine_do_not_wait_for_each_other(room: Room) -> None:
    fits = [room.hand_in(seed, engine="keras") for seed in range(3)]
    assert room.hand_in(9).state == LOADING
    assert {job.engine for job in fits} == {"keras"}
    assert [task.trainings[0].engine for task in room.seat.tasks.values()] == ["compiled"]


def test_the_worker_of_plain_fit_is_let_go_after_a_while_without_work(room: Room) -> None:
    process = FakeProcess()
    room.hand_in(1, engine="keras")
    room.fit_seat.take(process, NOW)
    room.fit_is_ready()
    room.end_fit()
    assert NOW + IDLE in room.fit_pool.deadlines()
    room.dispatcher.deal(NOW + IDLE - 1)
    assert not process.told_to_quit
    room.dispatcher.deal(NOW + IDLE)
    assert process.told_to_quit
    room.dispatcher.lose(room.fit_seat, "it was told to", NOW + IDLE)
    assert (room.fit_pool.losses.count, room.fit_pool.empty(NOW + IDLE)) == (0, [])
    room.hand_in(2, engine="keras")
    assert room.fit_pool.empty(NOW + IDLE) == [room.fit_seat]


def test_a_worker_that_hangs_while_it_compiles_is_missed_though_it_says_that_it_is_there(
    room: Room,
) -> None:
    process = FakeProcess()
    room.seat.take(process, NOW)
    room.hand_in(1)
    limit = NOW + SILENCE.compiling
    room.dispatcher.hear(room.seat, Alive(), limit - 1)
    room.pool.kill_silent(limit)
    room.dispatcher.hear(room.seat, Alive(), limit + SECOND_LOOK_SECONDS)
    room.pool.kill_silent(limit + SECOND_LOOK_SECONDS)
    assert process.killed


def test_a_worker_that_says_that_it_is_there_is_not_missed(room: Room) -> None:
    process = FakeProcess()
    room.seat.take(process, NOW)
    room.start(room.hand_in(1))
    for second in range(1, 100):
        room.dispatcher.hear(room.seat, Alive(), NOW + second)
        room.pool.kill_silent(NOW + second)
    assert not process.killed


def test_a_word_that_it_is_there_keeps_no_idle_worker_of_plain_fit(room: Room) -> None:
    process = FakeProcess()
    room.hand_in(1, engine="keras")
    room.fit_seat.take(process, NOW)
    room.fit_is_ready()
    room.end_fit()
    room.dispatcher.hear(room.fit_seat, Alive(), NOW + IDLE - 1)
    room.dispatcher.deal(NOW + IDLE)
    assert process.told_to_quit


def test_a_suspect_that_goes_beyond_where_its_worker_died_shares_its_worker_again(
    room: Room,
) -> None:
    job = room.hand_in(1)
    [task] = room.seat.tasks.values()
    room.dispatcher.hear(room.seat, Taken(task.name), NOW)
    room.dispatcher.lose(room.seat, "killed", NOW)
    room.seat.ready = True
    room.dispatcher.deal(NOW)
    [task] = room.seat.tasks.values()
    assert task.alone
    room.hand_in(2, visitor="another")
    assert len(room.seat.tasks) == 1
    rows = pack_rows(figures(job.experiments[0], 0, 5))
    room.dispatcher.hear(room.seat, Records(task.name, ((0, 0, 6),), rows), NOW)
    assert len(room.seat.tasks) == 2


def test_runs_are_spread_over_the_workers_that_there_are_not_those_that_there_may_be():
    pools = WorkerPool(Elsewhere(64, ("no", "command"))), FitPool(("no", "command"))
    registry = JobRegistry(Bounds(), Lock())
    job = registry.add([experiment(seed) for seed in range(20)], "ada")
    Dispatcher(registry, *pools).begin(job, {}, NOW)
    assert [len(task.trainings) for task in job.waiting] == [10, 10]


class Returned(Here):
    """A place whose first worker stood in for it, and is to go."""

    first: FakeProcess

    def keeps(self, worker: Worker) -> bool:
        return worker is not self.first


def test_who_is_to_go_is_given_nothing_more_once_another_is_ready():
    place = Returned(2, ("no", "command"))
    place.first, pools = FakeProcess(), (WorkerPool(place), FitPool(("no", "command")))
    registry = JobRegistry(Bounds(), Lock())
    dispatcher, seats = Dispatcher(registry, *pools), pools[0].seats
    jobs = []
    for seed, process in enumerate((place.first, FakeProcess(), None, None)):
        if process:
            seats[seed].take(process, NOW)
            dispatcher.hear(seats[seed], Ready("made up", "cpu"), NOW)
        jobs.append(registry.add([experiment(seed)], str(seed)))
        dispatcher.begin(jobs[-1], {}, NOW)
    assert [len(seat.tasks) for seat in seats] == [1, 3]
