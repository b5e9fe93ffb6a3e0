"""The real engine in real workers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from core.engine import train
from core.experiment import Experiment
from core.service import Bounds, Laboratory
from core.service.machine import COMMAND, surroundings
from core.service.messages import Records
from tests.service.waiting import ATTEMPTS, recorded, states, until, until_done, until_trained
from tests.service.wire import wired

PATIENCE = 240.0  # seconds for TensorFlow to load and to compile; cold and in company it is slow
PROMPT = 0.2  # seconds until a stop is in force
LONG = {"epochs": 2000, "data.kind": "digits", "model.hidden": [128, 128]}


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    with Laboratory(2, bounds=Bounds(snapshot_seconds=0.1)) as opened:
        yield opened


def test_the_tutorials_run_is_the_same_in_a_worker_as_here(laboratory: Laboratory) -> None:
    wanted = [Experiment(), Experiment(seed=1).replace({"optimizer.learning_rate": 1.0})]
    job = laboratory.submit(wanted)
    until_done(laboratory, job)
    for there, here in zip(laboratory.runs(job), train(wanted), strict=True):
        assert there.outcome == here.outcome
        np.testing.assert_array_equal(there.records, here.records)
    assert laboratory.status().device


def test_plain_fit_is_the_same_in_a_worker_as_here(laboratory: Laboratory) -> None:
    wanted = [Experiment(epochs=3, seed=seed).replace({"data.samples": 60}) for seed in (0, 1)]
    job = laboratory.submit(wanted, engine="keras")
    until_done(laboratory, job)
    for there, here in zip(laboratory.runs(job), train(wanted, "keras"), strict=True):
        assert there.outcome == here.outcome
        np.testing.assert_array_equal(there.records, here.records)


def test_a_stopped_run_of_plain_fit_leaves_its_worker_to_the_next(laboratory: Laboratory) -> None:
    long = Experiment(epochs=20, batch_size=1).replace({"data.samples": 5000})
    job = laboratory.submit([long], engine="keras")
    until(laboratory, job, lambda events: "training" in states(events))
    laboratory.cancel(job)
    tiny = laboratory.submit([Experiment(epochs=1).replace({"data.samples": 20})], engine="keras")
    assert [run.outcome.kind for run in laboratory.runs(job)] == ["stopped"]
    until_done(laboratory, tiny)
    assert [run.outcome.kind for run in laboratory.runs(tiny)] == ["finished"]


def test_a_real_session_stops_within_200_ms() -> None:
    with wired(COMMAND) as wire:
        names = map(str, count())

        def stop() -> float:
            name = next(names)
            wire.hand_over(name, [Experiment().replace(LONG)])
            wire.until(Records, lambda records: records.task == name)
            return wire.stop(name)

        assert any(stop() < PROMPT for _ in range(ATTEMPTS))


def test_a_real_worker_killed_in_the_middle_is_stood_in_for(laboratory: Laboratory) -> None:
    wanted = Experiment(seed=2).replace({**LONG, "epochs": 600, "optimizer.kind": "adam"})
    job = laboratory.submit([wanted])
    until_trained(laboratory, job, epochs=150)
    reached = recorded(laboratory.events(job))
    for pid in laboratory.status().pids:
        os.kill(pid, signal.SIGKILL)
    events = until_done(laboratory, job)
    assert reached < 600
    assert recorded(events) == 600
    told = [event.header for event in events if event.say == "state"]
    assert max(header.get("from", 0) for header in told) > 0
    [run] = laboratory.runs(job)
    np.testing.assert_array_equal(run.records, train([wanted])[0].records)


def test_the_parent_never_loads_what_trains() -> None:
    code = """
import sys
from core.experiment import Experiment
from core.service import Bounds, Laboratory
with Laboratory(1) as laboratory:
    job = laboratory.submit([Experiment(epochs=2)])
    assert list(laboratory.follow(job))[-1].header == {"state": "done"}
    assert laboratory.runs(job)[0].outcome.kind == "finished"
print(*{"tensorflow", "keras", "pandas", "streamlit", "plotly"} & set(sys.modules))
"""
    parent = [sys.executable, "-c", code]
    said = subprocess.run(parent, env=surroundings(), capture_output=True, timeout=PATIENCE)
    assert (said.stdout.strip(), said.returncode) == (b"", 0), said.stderr.decode()
