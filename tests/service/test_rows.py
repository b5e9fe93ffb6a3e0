"""Rows of data sets, made by a worker."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from core.experiment.data import Blobs, Data, Digits, Moons, Spirals, Split, to_bytes
from core.service import Closed, Laboratory
from core.service.machine import surroundings
from core.service.messages import LoadRows
from core.service.rows import KEPT, Rows
from tests.service.waiting import FAKE, PATIENCE, experiment, until_done


def assert_same(got: Split, data: Data) -> None:
    wanted = data.load()
    for one, other in zip(got[:4], wanted[:4], strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    assert got.classes == wanted.classes


@pytest.mark.parametrize("data", [Blobs(), Moons(samples=50), Spirals(arms=3), Digits()])
def test_a_worker_makes_the_same_rows(shared: Laboratory, data: Data) -> None:
    assert_same(shared.rows(data).result(PATIENCE), data)


def test_the_same_rows_are_made_once(shared: Laboratory) -> None:
    first = shared.rows(Blobs(seed=5))
    assert shared.rows(Blobs(seed=5)) is first


def test_rows_asked_for_before_a_worker_is_there_come_when_it_is() -> None:
    laboratory = Laboratory(1, command=FAKE)
    asked = laboratory.rows(Blobs(seed=6))
    with laboratory:
        assert_same(asked.result(PATIENCE), Blobs(seed=6))


def test_rows_come_though_the_worker_that_was_asked_is_killed(open_laboratory) -> None:
    laboratory = open_laboratory(1)
    until_done(laboratory, laboratory.submit([experiment()]))  # so it is ready
    [pid] = laboratory.status().pids
    os.kill(pid, signal.SIGSTOP)
    asked = laboratory.rows(Blobs(seed=8))
    os.kill(pid, signal.SIGKILL)
    assert_same(asked.result(PATIENCE), Blobs(seed=8))


def test_a_laboratory_that_closes_says_so_to_those_who_wait() -> None:
    laboratory = Laboratory(1, command=FAKE)
    asked = laboratory.rows(Blobs())
    laboratory.close()
    with pytest.raises(Closed):
        asked.result(PATIENCE)
    with pytest.raises(Closed):
        laboratory.rows(Blobs())


def test_rows_that_could_not_be_made_are_tried_again_by_the_next_who_asks() -> None:
    rows, sent = Rows(), []
    failed = rows.ask(Blobs(), sent.append)
    rows.hear(Blobs(), b"", "MemoryError: too little")
    with pytest.raises(RuntimeError, match="MemoryError: too little"):
        failed.result(0)
    again = rows.ask(Blobs(), sent.append)
    rows.hear(Blobs(), to_bytes(Blobs().load()), "")
    assert_same(again.result(0), Blobs())
    assert sent == [LoadRows(Blobs())] * 2


def test_only_the_latest_rows_are_kept() -> None:
    rows, sent = Rows(), []
    for seed in range(KEPT + 1):
        rows.ask(Blobs(samples=20, seed=seed), sent.append)
        rows.hear(Blobs(samples=20, seed=seed), to_bytes(Blobs(samples=20, seed=seed).load()), "")
    assert len(sent) == KEPT + 1
    rows.ask(Blobs(samples=20, seed=KEPT), sent.append)
    assert len(sent) == KEPT + 1
    rows.ask(Blobs(samples=20, seed=0), sent.append)
    assert len(sent) == KEPT + 2


def test_who_asks_loads_nothing_that_makes_rows() -> None:
    code = """
import sys
from core.experiment.data import Blobs
from core.service import Laboratory
with Laboratory(1, command=sys.argv[1:]) as laboratory:
    assert laboratory.rows(Blobs()).result(60).x_train.shape == (500, 2)
print(*{"sklearn", "scipy.stats", "pandas"} & set(sys.modules))
"""
    parent = [sys.executable, "-c", code, *FAKE]
    said = subprocess.run(parent, env=surroundings(), capture_output=True, timeout=PATIENCE)
    assert (said.stdout.strip(), said.returncode) == (b"", 0), said.stderr.decode()
