"""What every back end does alike: workers of this machine, and those of a Dask cluster."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from core.experiment.refusals import FieldError
from core.service import Event, Laboratory
from core.service.backend import Backend, Here
from core.service.backends import BACKEND_VARIABLE, backend
from core.service.cluster import Cluster
from tests.service.dask_cluster import DaskCluster, running
from tests.service.fake_worker import DIES, GATED, SLOW, expected
from tests.service.waiting import (
    FAKE,
    PATIENCE,
    experiment,
    states,
    until_done,
    until_trained,
)
from tests.service.waiting import until as until_said

LONG = 2000
LOOK_SECONDS = 0.05
KINDS = ("here", "cluster")
Make = Callable[..., Backend]


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with running(tmp_path_factory.mktemp("dask") / "log", workers=2) as cluster:
        yield cluster


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a back end of a kind that has room for two workers."""
    if request.param == "here":
        return lambda command=FAKE: Here(2, command)
    dask: DaskCluster = request.getfixturevalue("dask")
    return lambda command=FAKE: Cluster(dask.address, command[1:], Here(0, FAKE))


def until(what: str, holds: Callable[[], object]) -> None:
    """Wait for something that tells nobody when it comes."""
    give_up, never = monotonic() + PATIENCE, threading.Event()
    while not holds():
        assert monotonic() < give_up, f"never came: {what}"
        never.wait(LOOK_SECONDS)


def begun(events: list[Event]) -> int:
    """How often a job has said that it is trained."""
    return states(events).count("training")


def test_a_job_is_trained_whole_and_in_order(make: Make) -> None:
    with Laboratory(backend=make()) as laboratory:
        job = laboratory.submit([experiment(seed) for seed in range(5)])
        told = states(until_done(laboratory, job))
        assert told[-1] == "done"
        for run in laboratory.runs(job):
            assert run.outcome.kind == "finished"
            np.testing.assert_array_equal(run.records, expected(run.experiment))


def test_two_workers_train_at_the_same_time(make: Make) -> None:
    with Laboratory(backend=make()) as laboratory:
        laboratory.submit([experiment(SLOW, LONG), experiment(SLOW + 1, LONG)])
        until("two workers that are ready", lambda: laboratory.status().workers == 2)


def test_what_is_stopped_ends_while_it_is_trained(make: Make) -> None:
    with Laboratory(backend=make()) as laboratory:
        job = laboratory.submit([experiment(SLOW, LONG)])
        until_trained(laboratory, job)
        laboratory.cancel(job)
        until_done(laboratory, job)
        assert laboratory.runs(job)[0].outcome.kind == "stopped"
        again = laboratory.submit([experiment(1)])
        until_done(laboratory, again)


def test_a_run_that_kills_every_worker_is_given_up_and_others_go_on(make: Make) -> None:
    with Laboratory(backend=make()) as laboratory:
        deadly = laboratory.submit([experiment(DIES)])
        until_done(laboratory, deadly)
        [run] = laboratory.runs(deadly)
        assert run.outcome.kind == "interrupted"
        assert run.outcome.why.startswith("The training process was killed by signal 9.")
        job = laboratory.submit([experiment()])
        until_done(laboratory, job)
        assert laboratory.runs(job)[0].outcome.kind == "finished"


def test_closing_leaves_no_process(dask: DaskCluster) -> None:
    with Laboratory(backend=Cluster(dask.address, FAKE[1:], Here(0, FAKE))) as laboratory:
        until_trained(laboratory, laboratory.submit([experiment(SLOW, LONG)]))
        assert dask.trainers
    until("the end of all that trained", lambda: not dask.trainers)


def test_a_machine_with_another_engine_is_told_and_trains_nothing(dask: DaskCluster) -> None:
    with Laboratory(backend=Cluster(dask.address, FAKE[1:], Here(0, FAKE), "another")) as one:
        job = one.submit([experiment()])
        until_done(one, job)
        [run] = one.runs(job)
        assert run.outcome.kind == "failed"
        assert "another version of Learning Rate Lab" in run.outcome.why


def test_a_killed_worker_of_dask_loses_nothing(dask: DaskCluster, gate) -> None:
    with Laboratory(backend=Cluster(dask.address, gate.command[1:], Here(0, FAKE))) as laboratory:
        job = laboratory.submit([experiment(GATED, 20)])
        until_trained(laboratory, job, epochs=2)
        dask.kill_workers()
        gate.open()
        told = states(until_done(laboratory, job))
        assert "retrying" in told
        [run] = laboratory.runs(job)
        assert run.outcome.kind == "finished"
        np.testing.assert_array_equal(run.records, expected(run.experiment))


def test_a_cluster_that_goes_twice_gives_its_runs_back(dask: DaskCluster, gate) -> None:
    cluster = Cluster(dask.address, gate.command[1:], Here(0, FAKE))
    with Laboratory(backend=cluster) as laboratory:
        job = laboratory.submit([experiment(GATED, 20)])
        until_trained(laboratory, job, epochs=2)
        for times in (1, 2):
            cluster._leave("it took too long for an answer")
            until_said(laboratory, job, lambda events, n=times: begun(events) > n)
        gate.open()
        until_done(laboratory, job)
        assert laboratory.runs(job)[0].outcome.kind == "finished"


def test_where_the_cluster_went_at_a_start_nobody_trains_here_who_may_not(tmp_path: Path) -> None:
    nobody = Cluster(DaskCluster(tmp_path / "log").address, FAKE[1:], Here(0, FAKE))
    with pytest.raises(OSError, match="the cluster has just gone"):
        nobody.start()


class Unforeseen(Cluster):
    """Whoever asks it gets an error that nobody has thought of, and then none."""

    def __init__(self) -> None:
        super().__init__("tcp://127.0.0.1:9", (), Here(0, FAKE))
        self.asked = 0

    def _connect(self) -> Any:
        self.asked += 1
        raise AttributeError("'NoneType' object has no attribute 'ncores'")


def test_whatever_a_cluster_answers_it_is_asked_again() -> None:
    cluster = Unforeseen()
    cluster.open(lambda: None)
    until("another look", lambda: cluster.asked > 1)
    assert cluster.trouble
    cluster.close()


def test_while_the_cluster_is_gone_this_machine_trains_and_says_so(tmp_path: Path) -> None:
    with running(tmp_path / "log", workers=1) as dask:
        cluster = Cluster(dask.address, FAKE[1:], Here(1, FAKE))
        with Laboratory(backend=cluster) as laboratory:
            until_done(laboratory, laboratory.submit([experiment()]))
            assert (laboratory.status().backend_trouble, laboratory.status().pids) == ("", ())
            dask.end()
            job = laboratory.submit([experiment(1)])
            until_done(laboratory, job)
            assert laboratory.runs(job)[0].outcome.kind == "finished"
            assert laboratory.status().backend_trouble
            assert len(laboratory.status().pids) == 1
            dask.start(workers=1)
            until("the cluster", lambda: not laboratory.status().backend_trouble)
            until("the end of what trained here", lambda: not laboratory.status().pids)
            until_done(laboratory, laboratory.submit([experiment(2)]))


def test_where_nobody_may_train_here_a_run_waits_for_the_cluster(tmp_path: Path) -> None:
    nobody = DaskCluster(tmp_path / "log")
    with Laboratory(backend=Cluster(nobody.address, FAKE[1:], Here(0, FAKE))) as laboratory:
        job = laboratory.submit([experiment()])
        until("what is said of it", lambda: laboratory.status().backend_trouble)
        status = laboratory.status()
        assert (status.ready, status.open, status.trouble) == (False, 1, "")
        assert laboratory.runs(job)[0].outcome.kind == "interrupted"  # so far


def test_the_environment_chooses_and_a_wrong_address_is_refused() -> None:
    assert isinstance(backend(2, FAKE, {}), Here)
    chosen = backend(None, FAKE, {BACKEND_VARIABLE: "tls://there:8786"})
    assert isinstance(chosen, Cluster)
    sentence = r'tcp://HOST:PORT or tls://HOST:PORT, got "there:8786"\.$'
    with pytest.raises(FieldError, match=sentence):
        backend(None, FAKE, {BACKEND_VARIABLE: "there:8786"})
