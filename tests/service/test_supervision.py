"""Workers that are killed, that hang, that cannot start; and what is left behind: nothing."""

import os
import signal
import subprocess
import sys
import threading
from time import monotonic

import numpy as np
import pytest

from core.service import Closed, Laboratory
from core.service.backend import Ended, Heard, Here, Worker
from core.service.machine import surroundings
from core.service.process import WorkerProcess
from core.service.worker_pool import SILENCE
from tests.service.fake_worker import DIES, GATED, HANGS, SLOW, expected
from tests.service.waiting import (
    FAKE,
    PATIENCE,
    experiment,
    recorded,
    states,
    until_done,
    until_trained,
)

LONG = 2000


class Crowded(Here):
    """A machine that has at first no room for a thread to listen to a worker."""

    def __init__(self) -> None:
        super().__init__(1, FAKE)
        self.begun: list[Worker] = []

    def start(self) -> Worker:
        self.begun.append(Unheard(FAKE, surroundings()) if not self.begun else super().start())
        return self.begun[-1]


class Unheard(WorkerProcess):
    def listen(self, heard: Heard, ended: Ended) -> None:
        raise RuntimeError("can't start new thread")

    def end(self, seconds: float) -> None:
        with self._popen:  # closes its pipes, which no thread has
            super().end(seconds)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_where_no_thread_could_be_started_it_is_tried_again(open_laboratory) -> None:
    machine = Crowded()
    laboratory = open_laboratory(backend=machine)
    until_done(laboratory, laboratory.submit([experiment()]))
    unheard, heard = machine.begun
    assert laboratory.status().pids == (heard.pid,)
    unheard.end(PATIENCE)


@pytest.mark.parametrize("slots", [1, 2])
def test_a_killed_worker_is_replaced_and_its_job_finished_without_doubles(
    open_laboratory, gate, slots: int
) -> None:
    laboratory = open_laboratory(slots, command=gate.command)
    job = laboratory.submit([experiment(GATED, 20), experiment(GATED + 1, 15)])
    until_trained(laboratory, job, epochs=2)
    killed = laboratory.status().pids
    for pid in killed:
        kill(pid)
    gate.open()
    events = until_done(laboratory, job)
    told = states(events)
    assert "training" in told[told.index("retrying") :]  # each worker is missed when it is missed
    assert told[-1] == "done"
    for number, run in enumerate(laboratory.runs(job)):
        assert run.outcome.kind == "finished"
        np.testing.assert_array_equal(run.records, expected(run.experiment))
        firsts = [e.header["first"] for e in events if e.say == "records" and e.run == number]
        assert firsts == sorted(set(firsts))
        assert sum(e.say == "start" and e.run == number for e in events) == 1
    assert not set(laboratory.status().pids) & set(killed)


def test_a_killed_worker_is_replaced_within_20_seconds(open_laboratory) -> None:
    laboratory = open_laboratory()
    until_done(laboratory, laboratory.submit([experiment()]))
    killed = laboratory.status().pids
    kill(*killed)
    killed_at = monotonic()
    until_done(laboratory, laboratory.submit([experiment(1)]))
    assert monotonic() - killed_at < 20.0
    assert not set(laboratory.status().pids) & set(killed)


def test_work_goes_on_when_an_idle_worker_is_killed(open_laboratory) -> None:
    laboratory = open_laboratory()
    until_done(laboratory, laboratory.submit([experiment()]))
    kill(*laboratory.status().pids)
    job = laboratory.submit([experiment(1)])
    until_done(laboratory, job)
    assert laboratory.runs(job)[0].outcome.kind == "finished"


def test_a_run_that_kills_every_worker_is_interrupted(open_laboratory) -> None:
    laboratory = open_laboratory()
    job = laboratory.submit([experiment(DIES)])
    events = until_done(laboratory, job)
    [run] = laboratory.runs(job)
    why = "The training process was killed by signal 9."
    assert (run.outcome.kind, run.outcome.why) == ("interrupted", why)
    np.testing.assert_array_equal(run.records, expected(run.experiment)[:2])
    assert recorded(events) == 2
    assert {"state": "retrying", "why": why} in [event.header for event in events]
    until_done(laboratory, laboratory.submit([experiment()]))


def test_a_worker_that_hangs_is_killed_and_its_job_finished_by_another(
    open_laboratory, gate
) -> None:
    laboratory = open_laboratory(command=gate.command)
    job = laboratory.submit([experiment(GATED, 20)])
    until_trained(laboratory, job, epochs=2)
    heard_at = monotonic()
    os.kill(*laboratory.status().pids, signal.SIGSTOP)
    gate.open()
    events = until_done(laboratory, job)
    assert monotonic() - heard_at > SILENCE.loaded / 2
    [run] = laboratory.runs(job)
    assert run.outcome.kind == "finished"
    np.testing.assert_array_equal(run.records, expected(run.experiment))
    why = f"The training process said nothing for {SILENCE.loaded:g} seconds."
    assert {"state": "retrying", "why": why} in [event.header for event in events]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ((sys.executable, "-c", "raise SystemExit(3)"), "ended with exit status 3."),
        ((sys.executable, "-c", "print('no frame at all')"), "The training process "),
        (("/no/such/command",), "could not be started: "),
    ],
)
def test_jobs_fail_with_a_reason_when_no_worker_can_start(
    open_laboratory, command: tuple[str, ...], why: str
) -> None:
    laboratory = open_laboratory(2, command=command)
    job = laboratory.submit([experiment()])
    until_done(laboratory, job)
    outcome = laboratory.runs(job)[0].outcome
    assert outcome.kind == "failed"
    assert why in outcome.why
    assert laboratory.status().trouble == outcome.why


def test_a_missing_engine_is_told_in_its_own_words(open_laboratory) -> None:
    code = "from core.service import worker; worker.serve(lambda: __import__('no_such_engine'))"
    laboratory = open_laboratory(command=(sys.executable, "-c", code))
    job = laboratory.submit([experiment()])
    until_done(laboratory, job)
    why = "ModuleNotFoundError: No module named 'no_such_engine'"
    assert laboratory.runs(job)[0].outcome.why == why


def test_closing_ends_every_worker_and_every_job() -> None:
    with Laboratory(2, command=FAKE) as laboratory:
        busy = laboratory.submit([experiment(SLOW, LONG)])
        hanging = laboratory.submit([experiment(HANGS)])
        until_trained(laboratory, busy)
        until_trained(laboratory, hanging)
        pids = laboratory.status().pids
        waited = threading.Thread(target=until_done, args=(laboratory, busy))
        waited.start()
    waited.join(PATIENCE)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    outcome = laboratory.runs(busy)[0].outcome
    assert (outcome.kind, outcome.why) == ("interrupted", "The laboratory was closed.")
    with pytest.raises(Closed):
        laboratory.submit([experiment()])


def test_closing_ends_a_worker_that_cannot_hear() -> None:
    with Laboratory(1, command=FAKE) as laboratory:
        until_done(laboratory, laboratory.submit([experiment()]))
        [pid] = laboratory.status().pids
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_laboratory_that_was_never_started_can_be_closed() -> None:
    laboratory = Laboratory(1, command=FAKE)
    laboratory.submit([experiment()])
    laboratory.close()
    laboratory.close()


PARENT = """
import sys, threading
from core.service import Laboratory
from tests.service.waiting import FAKE, experiment, until_trained
laboratory = Laboratory(2, command=FAKE)
laboratory.start()
for seed in (1000, 3000):
    until_trained(laboratory, laboratory.submit([experiment(seed, 2000)]))
print(*laboratory.status().pids, flush=True)
threading.Event().wait()
"""


def test_no_worker_outlives_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=surroundings(),
    )  # fmt: skip
    with parent:
        assert parent.stdout
        assert parent.stderr
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.kill()
        parent.stderr.read()  # the workers hold it too: it ends when the last of them has gone


def test_a_worker_leaves_ctrl_c_to_its_parent(open_laboratory, gate) -> None:
    laboratory = open_laboratory(command=gate.command)
    job = laboratory.submit([experiment(GATED, 20)])
    until_trained(laboratory, job, epochs=2)
    pids = laboratory.status().pids
    os.kill(pids[0], signal.SIGINT)
    gate.open()
    until_done(laboratory, job)
    assert laboratory.status().pids == pids
