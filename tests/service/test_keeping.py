"""What a laboratory keeps: answers in the store, and events of jobs that are done."""

import threading
from pathlib import Path

import numpy as np
import pytest

from core.service import Bounds, UnknownJob
from core.service.store import Store
from tests.service.fake_worker import DIVERGES, GATED, SLOW, expected
from tests.service.test_store_troubles import Gated
from tests.service.waiting import (
    PATIENCE,
    experiment,
    states,
    until,
    until_done,
    until_trained,
    until_true,
)


def test_what_was_trained_before_is_answered_from_the_store(
    open_laboratory, tmp_path: Path
) -> None:
    wanted = [experiment(1), experiment(DIVERGES), experiment(2), experiment(1)]
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        first = open_laboratory(store=store)
        job = first.submit(wanted)
        until_done(first, job)
        trained = first.runs(job)
        again = first.submit(wanted[:2])
        assert states(first.events(again)) == ["done"]
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        idle = open_laboratory(command=("/no/such/command",), store=store)
        job = idle.submit(wanted)
        assert states(idle.events(job)) == ["done"]
        for run, before in zip(idle.runs(job), trained, strict=True):
            assert run.outcome == before.outcome
            np.testing.assert_array_equal(run.records, before.records)


def test_only_what_is_not_known_is_trained(open_laboratory, tmp_path: Path) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        laboratory = open_laboratory(store=store)
        until_done(laboratory, laboratory.submit([experiment(1)]))
        job = laboratory.submit([experiment(SLOW, 5), experiment(1)])
        until(laboratory, job, lambda events: any(e.say == "outcome" for e in events))
        assert laboratory.runs(job)[1].outcome.kind == "finished"
        until_done(laboratory, job)
        np.testing.assert_array_equal(
            laboratory.runs(job)[0].records, expected(experiment(SLOW, 5))
        )


def test_stopped_runs_are_not_stored(open_laboratory, tmp_path: Path) -> None:
    stopped = experiment(SLOW, 2000)
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        laboratory = open_laboratory(store=store)
        job = laboratory.submit([stopped])
        until_trained(laboratory, job)
        laboratory.cancel(job)
        assert store.find([stopped]) == {}


def test_a_store_that_cannot_be_written_stops_nobody(open_laboratory, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with Store(str(tmp_path / "file" / "runs.sqlite")) as store:
        laboratory = open_laboratory(store=store)
        job = laboratory.submit([experiment()])
        until_done(laboratory, job)
        assert laboratory.runs(job)[0].outcome.kind == "finished"
        said = laboratory.status().store.trouble
        assert said.startswith("Store: runs are not kept for now: ")


def test_a_store_that_hangs_holds_up_no_training(open_laboratory, tmp_path: Path) -> None:
    path = str(tmp_path / "runs.sqlite")
    database = Gated(path)
    with Store(path, retry=0.05, open_database=lambda where: database) as store:
        laboratory = open_laboratory(store=store)
        job = laboratory.submit([experiment()])
        until_done(laboratory, job)
        assert laboratory.known([experiment()]).keys() == {experiment().key}
        assert laboratory.status().store.kind == "silent"
        database.to_read.set()
        database.to_write.set()
        until_true(lambda: laboratory.status().store.written == 1)
        until_true(lambda: laboratory.status().store.kind == "")
        until_true(lambda: store.get(experiment()))


def test_a_job_that_is_done_is_forgotten_after_a_while(open_laboratory, gate) -> None:
    laboratory = open_laboratory(bounds=Bounds(kept_seconds=0.2), command=gate.command)
    job = laboratory.submit([experiment(GATED)])
    forgotten = threading.Event()
    laboratory.subscribe(job, lambda: is_unknown(laboratory, job) and forgotten.set())
    gate.open()
    assert forgotten.wait(PATIENCE)
    with pytest.raises(UnknownJob):
        laboratory.wait(job)


def test_a_job_that_is_not_done_is_never_forgotten(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=Bounds(kept_seconds=0.0, kept_bytes=0))
    job = laboratory.submit([experiment(SLOW, 2000)])
    until_trained(laboratory, job, epochs=5)
    assert laboratory.progress(job).state == "training"


def test_the_oldest_jobs_are_forgotten_when_there_is_no_room(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=Bounds(kept_bytes=1))
    old = laboratory.submit([experiment()])
    until_done(laboratory, old)
    forgotten = threading.Event()
    laboratory.subscribe(old, lambda: is_unknown(laboratory, old) and forgotten.set())
    new = laboratory.submit([experiment(1)])
    until_done(laboratory, new)
    assert forgotten.wait(PATIENCE)
    assert laboratory.runs(new)[0].outcome.kind == "finished"


def is_unknown(laboratory, job: str) -> bool:
    try:
        laboratory.progress(job)
    except UnknownJob:
        return True
    return False
