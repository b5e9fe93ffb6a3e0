"""Seats and their workers, by a clock of the test's own."""

import math
import signal
import sys

import pytest

from core.jobs.crew import QUIT_SECONDS, START_ATTEMPTS, Crew, Seat
from core.jobs.job import Job, Task
from core.jobs.process import WorkerProcess
from core.limits import WORKER_PROGRAMS_MAX
from core.protocol import Frame

SILENCE = 60.0
IDLE = (sys.executable, "-c", "import sys; sys.stdin.read()")


class Process(WorkerProcess):
    """One that only remembers what is done to it."""

    def __init__(self) -> None:
        self.sent: list[Frame] = []
        self.killed = self.told_to_quit = False
        self.waited = math.nan  # for its end, at most

    def send(self, frame: Frame) -> None:
        self.sent.append(frame)

    def kill(self) -> None:
        self.killed = True

    def quit(self) -> None:
        self.told_to_quit = True

    def end(self, seconds: float) -> None:
        self.waited = seconds


@pytest.fixture
def crew() -> Crew:
    return Crew(2, IDLE, SILENCE)


def seated(crew: Crew, now: float) -> tuple[Seat, Process]:
    process = Process()
    crew.seats[0].take(process, now)
    return crew.seats[0], process


def test_the_first_worker_loads_alone_and_the_others_when_it_is_ready(crew: Crew) -> None:
    assert crew.empty(now=5.0) == crew.seats[:1]
    seat, _ = seated(crew, 5.0)
    assert crew.empty(now=5.0) == []
    assert crew.deadlines() == [5.0 + SILENCE]  # nothing else is due before that
    seat.ready = True
    assert crew.empty(now=5.0) == crew.seats[1:]


def test_another_seat_is_tried_where_the_first_worker_is_lost(crew: Crew) -> None:
    seat, _ = seated(crew, 5.0)
    for _ in range(START_ATTEMPTS):
        seat.leave(5.0, "gone")
    assert crew.empty(now=5.0) == crew.seats[1:]


@pytest.mark.parametrize("doing", ["loading", "training"])
def test_a_busy_worker_that_says_nothing_is_killed(crew: Crew, doing: str) -> None:
    seat, process = seated(crew, 100.0)
    if doing == "training":
        seat.ready, seat.tasks = True, {"1": a_task()}
    crew.kill_silent(100.0 + SILENCE - 1)
    assert not process.killed
    assert 100.0 + SILENCE in crew.deadlines()
    crew.kill_silent(100.0 + SILENCE)
    assert process.killed
    assert seat.words == "The training process said nothing for 60 seconds."


def test_a_worker_may_be_silent_while_there_is_nothing_to_do(crew: Crew) -> None:
    seat, process = seated(crew, 100.0)
    seat.ready = True
    crew.kill_silent(10**6)
    assert not process.killed


def test_a_lost_worker_gives_back_its_tasks_and_is_replaced_at_once(crew: Crew) -> None:
    seat, _ = seated(crew, 100.0)
    task = a_task()
    seat.ready, seat.tasks = True, {"1": task}
    assert seat.leave(200.0, "killed") == [task]
    assert (seat.process, seat.ready, seat.tasks, seat.why) == (None, False, {}, "killed")
    assert seat in crew.empty(200.0)


def test_workers_that_never_start_are_started_ever_more_rarely(crew: Crew) -> None:
    now, waits = 0.0, []
    for _ in range(7):
        for seat in crew.seats:
            seat.take(Process(), now)
            seat.leave(now, "broken")
        waits.append((crew.seats[0].start_at or 0.0) - now)
    assert waits == [0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0]


def test_trouble_is_told_when_no_worker_starts_again_and_again(crew: Crew) -> None:
    for attempt in range(START_ATTEMPTS):
        assert crew.trouble == ""
        for seat in crew.seats:
            seat.take(Process(), attempt)
            seat.leave(attempt, "broken")
    assert crew.trouble == "broken"
    crew.seats[0].take(Process(), 50.0)
    assert crew.trouble == "broken"
    crew.seats[0].ready = True
    assert crew.trouble == ""


def test_a_worker_full_of_programs_is_replaced_when_it_is_idle_and_another_is_ready(
    crew: Crew,
) -> None:
    processes = [Process(), Process()]
    for seat, process in zip(crew.seats, processes, strict=True):
        seat.take(process, 0.0)
        seat.programs = {(program, 1) for program in range(WORKER_PROGRAMS_MAX)}
    first, second = crew.seats
    first.ready, first.tasks = True, {"1": a_task()}
    crew.retire()
    first.tasks = {}
    crew.retire()
    assert not processes[0].told_to_quit  # nobody else is ready
    second.ready = True
    crew.retire()
    crew.retire()
    assert [process.told_to_quit for process in processes] == [True, False]
    first.leave(1.0, "it was told to")
    assert first in crew.empty(1.0)
    assert not first.full


def test_closing_waits_for_all_processes_together_no_longer_than_it_may(crew: Crew) -> None:
    processes = [Process(), Process()]
    for seat, process in zip(crew.seats, processes, strict=True):
        seat.take(process, 0.0)
    crew.close(iter([100.0, 100.25, 100.0 + 2 * QUIT_SECONDS]).__next__)
    assert [process.told_to_quit for process in processes] == [True, True]
    assert [process.waited for process in processes] == [QUIT_SECONDS - 0.25, 0.0]


def test_a_process_is_told_to_end_and_waited_for(crew: Crew) -> None:
    process = crew.start()
    ended: list[bool] = []
    process.listen(lambda frame: None, lambda: ended.append(True))
    process.quit()
    process.end(10.0)
    assert ended == [True]
    assert process.farewell == "The training process ended with exit status 0."


def test_a_process_that_does_not_end_is_killed() -> None:
    process = Crew(1, (sys.executable, "-c", "import signal; signal.pause()"), SILENCE).start()
    process.listen(lambda frame: None, lambda: None)
    process.quit()
    process.end(0.0)
    assert process.farewell == f"The training process was killed by signal {signal.SIGKILL:d}."


def a_task() -> Task:
    return Task("1", object.__new__(Job), (0,), "program")
