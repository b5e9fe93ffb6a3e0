"""Seats and their workers, by a clock of the test's own."""

import os
import signal
import subprocess
import sys

import pytest

from core.experiment.limits import WORKER_GROWTH_BYTES_MAX, WORKER_PROGRAMS_MAX
from core.service.backend import Here
from core.service.process import own_memory
from core.service.worker_pool import (
    ALONE_SECONDS,
    QUIT_SECONDS,
    SECOND_LOOK_SECONDS,
    START_ATTEMPTS,
    Seat,
    Silence,
    WorkerPool,
    close,
)
from tests.service.fake_process import FakeProcess, a_task

SILENCE = Silence(loading=60.0, compiling=20.0, loaded=5.0)
PAUSE = (sys.executable, "-c", "import signal; signal.pause()")
IDLE = (sys.executable, "-c", "import sys; sys.stdin.read()")


@pytest.fixture
def pool() -> WorkerPool:
    return WorkerPool(Here(2, IDLE), SILENCE)


def seated(pool: WorkerPool, now: float) -> tuple[Seat, FakeProcess]:
    process = FakeProcess()
    pool.seats[0].take(process, now)
    return pool.seats[0], process


def test_the_first_worker_loads_alone_and_the_others_when_it_is_ready(pool: WorkerPool) -> None:
    assert pool.empty(now=5.0) == pool.seats[:1]
    seat, _ = seated(pool, 5.0)
    assert pool.empty(now=5.0) == []
    assert pool.deadlines() == [5.0 + SILENCE.loading]  # nothing else is due before that
    seat.ready = True
    assert pool.empty(now=5.0) == pool.seats[1:]


def ready_and_wished(pool: WorkerPool) -> Seat:
    """The first worker is ready at 5, and programs are to be compiled beforehand."""
    seat, _ = seated(pool, 1.0)
    pool.wished = True
    pool.tell_ready(seat, 5.0)
    return seat


def test_for_a_single_run_the_others_wait_for_the_first_program_too(pool: WorkerPool) -> None:
    seat = ready_and_wished(pool)
    pool.runs = 1
    assert pool.empty(now=5.0) == []
    assert 5.0 + ALONE_SECONDS in pool.deadlines()
    seat.add_programs("the first")
    assert pool.empty(now=6.0) == pool.seats[1:]


def test_for_several_runs_no_worker_waits_for_a_program(pool: WorkerPool) -> None:
    ready_and_wished(pool)
    pool.runs = 2
    assert pool.empty(now=5.0) == pool.seats[1:]


def test_a_program_that_does_not_come_holds_nobody_up_for_long(pool: WorkerPool) -> None:
    ready_and_wished(pool)
    assert pool.empty(now=5.0 + ALONE_SECONDS) == pool.seats[1:]


@pytest.mark.parametrize("doing", SILENCE._fields)
def test_a_worker_that_says_nothing_for_long_is_killed(pool: WorkerPool, doing: str) -> None:
    seat, process = seated(pool, 100.0)
    seat.ready = doing != "loading"
    if doing == "compiling":
        seat.tasks = {"1": a_task()}
    silence = getattr(SILENCE, doing)
    pool.kill_silent(100.0 + silence - 1)
    assert pool.deadlines()[-1] == 100.0 + silence
    pool.kill_silent(100.0 + silence)
    assert not process.killed
    assert pool.deadlines()[-1] == 100.0 + silence + SECOND_LOOK_SECONDS
    pool.kill_silent(100.0 + silence + SECOND_LOOK_SECONDS)
    assert process.killed
    assert seat.words == f"The training process said nothing for {silence:g} seconds."


def test_nobody_is_killed_who_spoke_while_this_process_was_held_up(pool: WorkerPool) -> None:
    seat, process = seated(pool, 100.0)
    seat.ready = True
    pool.kill_silent(130.0)  # before what it said was read
    seat.heard_at = 130.1
    pool.kill_silent(131.5)
    assert not process.killed


def test_a_lost_worker_gives_back_its_tasks_and_is_replaced_at_once(pool: WorkerPool) -> None:
    seat, _ = seated(pool, 100.0)
    task = a_task()
    seat.ready, seat.tasks = True, {"1": task}
    assert seat.leave(200.0, "killed") == [task]
    assert (seat.process, seat.ready, seat.tasks) == (None, False, {})
    assert seat in pool.empty(200.0)


@pytest.mark.parametrize("slots", [1, 2, 16])
def test_workers_that_never_start_are_started_ever_more_rarely(slots: int) -> None:
    pool, now, waits = WorkerPool(Here(slots, IDLE), SILENCE), 0.0, []
    for _ in range(7):
        lose(pool.empty(now)[0], now)
        [start] = pool.starts()
        waits.append(start - now)
        now = start
    assert waits == [0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize("slots", [1, 2, 16])
def test_trouble_is_told_when_no_worker_starts_again_and_again(slots: int) -> None:
    pool = WorkerPool(Here(slots, IDLE), SILENCE)
    for _ in range(START_ATTEMPTS):
        assert pool.trouble == ""
        lose(pool.empty(now=0.0)[0], 0.0)
    assert pool.trouble == "broken"
    pool.seats[0].take(FakeProcess(), 50.0)
    assert pool.trouble == "broken"
    pool.seats[0].ready = True
    assert pool.trouble == ""


def test_workers_that_are_lost_together_are_no_trouble_yet() -> None:
    pool = WorkerPool(Here(2 * START_ATTEMPTS, IDLE), SILENCE)
    for seat in pool.seats:
        seat.take(FakeProcess(), 0.0)
        seat.ready = True
    for seat in pool.seats:
        seat.leave(1.0, "killed")
    assert pool.trouble == ""
    assert pool.empty(1.0) == pool.seats[:1]


def test_a_worker_that_was_ready_is_replaced_at_once_whoever_was_lost_beside_it(
    pool: WorkerPool,
) -> None:
    first, second = pool.seats
    first.take(FakeProcess(), 0.0)
    first.ready = True
    for _ in range(START_ATTEMPTS):
        lose(second, 0.0)
    first.leave(0.0, "killed")
    assert pool.trouble == ""
    assert pool.empty(0.0) == [first]


def test_a_start_that_fails_after_a_worker_was_let_go_counts(pool: WorkerPool) -> None:
    seat, _ = seated(pool, 0.0)
    seat.dismiss()
    seat.leave(0.0, "it was told to")
    for _ in range(START_ATTEMPTS):
        seat.leave(0.0, "no such command")
    assert pool.trouble == "no such command"


def test_a_worker_that_has_done_something_ends_the_row(pool: WorkerPool) -> None:
    for _ in range(START_ATTEMPTS - 1):
        lose(pool.seats[0], 0.0)
    pool.losses.forget()
    lose(pool.seats[0], 0.0)
    assert pool.trouble == ""


def lose(seat: Seat, now: float) -> None:
    seat.take(FakeProcess(), now)
    seat.leave(now, "broken")


def test_a_worker_full_of_programs_is_replaced_when_it_is_idle_and_another_is_ready(
    pool: WorkerPool,
) -> None:
    processes = [FakeProcess(), FakeProcess()]
    for seat, process in zip(pool.seats, processes, strict=True):
        seat.take(process, 0.0)
        seat.programs = set(range(WORKER_PROGRAMS_MAX))
    first, second = pool.seats
    first.ready, first.tasks = True, {"1": a_task()}
    pool.retire(now=0.0)
    first.tasks = {}
    pool.retire(now=0.0)
    assert not processes[0].told_to_quit  # nobody else is ready
    second.ready = True
    pool.retire(now=0.0)
    pool.retire(now=0.0)
    assert [process.told_to_quit for process in processes] == [True, False]
    first.leave(1.0, "it was told to")
    assert first in pool.empty(1.0)
    assert (first.full, pool.losses.count) == (False, 0)


def test_a_worker_whose_memory_has_grown_too_much_is_replaced_after_its_task(
    pool: WorkerPool,
) -> None:
    processes = [FakeProcess(), FakeProcess()]
    for seat, process in zip(pool.seats, processes, strict=True):
        seat.take(process, 0.0)
        seat.ready, process.memory = True, 300 * 2**20
        seat.add_programs("first")
    seat, process = pool.seats[0], processes[0]
    process.memory += WORKER_GROWTH_BYTES_MAX
    pool.retire(now=0.0)
    assert not process.told_to_quit
    process.memory += 1
    seat.tasks = {"1": a_task()}
    pool.retire(now=0.0)
    assert not process.told_to_quit
    seat.tasks = {}
    pool.retire(now=0.0)
    assert [process.told_to_quit for process in processes] == [True, False]
    seat.leave(1.0, "it was told to")
    seat.take(process, 2.0)
    assert not seat.full  # what the next one needs at all is not known yet


def test_what_a_worker_needs_for_its_first_program_does_not_count_as_growth() -> None:
    seat, process = Seat(), FakeProcess()
    seat.take(process, 0.0)
    process.memory = 10 * WORKER_GROWTH_BYTES_MAX  # as beside a GPU
    assert not seat.full
    seat.add_programs("first")
    assert not seat.full


def test_a_process_is_asked_how_much_memory_is_its_own() -> None:
    before, size = own_memory(os.getpid()), 64 * 2**20
    held = b"1" * size
    assert own_memory(os.getpid()) - before > len(held) / 2
    with subprocess.Popen((sys.executable, "-c", "")) as ended:
        ended.wait()
    assert own_memory(ended.pid) == 0


def test_closing_waits_for_all_processes_together_no_longer_than_it_may(pool: WorkerPool) -> None:
    processes = [FakeProcess(), FakeProcess()]
    for seat, process in zip(pool.seats, processes, strict=True):
        seat.take(process, 0.0)
    close([pool], iter([100.0, 100.25, 100.0 + 2 * QUIT_SECONDS]).__next__)
    assert [process.told_to_quit for process in processes] == [True, True]
    assert [process.waited for process in processes] == [QUIT_SECONDS - 0.25, 0.0]


def test_of_those_that_are_late_none_waits_for_another_to_be_killed() -> None:
    pool = WorkerPool(Here(3, ("no", "command")))
    killed: list[list[bool]] = []

    class Late(FakeProcess):
        def end(self, seconds: float) -> None:
            killed.append([one.killed for one in processes])

    processes = [Late(), Late(), Late()]
    for seat, process in zip(pool.seats, processes, strict=True):
        seat.take(process, 0.0)
    close([pool], iter([100.0, 100.0, *[100.0 + QUIT_SECONDS] * 2]).__next__)
    assert killed == [[False] * 3, [False, True, True], [False, True, True]]


def test_a_process_is_told_to_end_and_waited_for(pool: WorkerPool) -> None:
    process = pool.backend.start()
    ended: list[bool] = []
    process.listen(lambda frame: None, lambda: ended.append(True))
    process.quit()
    process.end(10.0)
    assert ended == [True]
    assert process.farewell == "The training process ended with exit status 0."


def test_a_process_that_does_not_end_is_killed() -> None:
    process = Here(1, (sys.executable, "-c", "import signal; signal.pause()")).start()
    process.listen(lambda frame: None, lambda: None)
    process.quit()
    process.end(0.0)
    assert process.farewell == f"The training process was killed by signal {signal.SIGKILL:d}."
