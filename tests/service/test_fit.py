"""Plain `fit` as a second engine: a worker of its own, one run at a time, nobody held up."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.experiment import Experiment
from core.experiment.data import Digits
from core.experiment.limits import FIT_JOB_SECONDS_MAX
from core.experiment.network import Conv, Dense
from core.experiment.records import COLUMNS, Columns, Outcome, Run
from core.service import Bounds, Laboratory, QueueFull
from core.service.fit_pool import fit_seconds
from core.service.fit_session import FitSession
from core.service.store import Store
from core.service.version import version_of
from tests.service import fake_worker
from tests.service.fake_worker import DIES, GATED, RAISES, SLOW, expected, expected_start, figures
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


def fit(laboratory: Laboratory, *seeds: int, epochs: int = 60, visitor: str = "") -> str:
    wanted = [experiment(seed, epochs) for seed in seeds]
    return laboratory.submit(wanted, visitor, engine="keras")


def test_its_records_come_as_they_are_made_from_a_worker_of_its_own(single: Laboratory) -> None:
    until_done(single, single.submit([experiment()]))
    compiled = set(single.status().pids)
    job = fit(single, SLOW, SLOW + 1, epochs=20)
    events = until_done(single, job)
    assert sum(event.say == "records" for event in events) > 4
    assert len(set(single.status().pids) - compiled) == 1
    for run in single.runs(job):
        assert run.outcome == Outcome("finished", 20)
        np.testing.assert_array_equal(run.records, expected(run.experiment))
        np.testing.assert_array_equal(run.start, expected_start(run.experiment))


def test_who_waits_is_told_how_many_are_before(single: Laboratory) -> None:
    jobs = [fit(single, SLOW + n, epochs=LONG, visitor=str(n)) for n in range(3)]
    until_trained(single, jobs[0])
    assert [single.progress(job).ahead for job in jobs] == [0, 1, 2]
    assert [single.progress(job).state for job in jobs[1:]] == ["queued", "queued"]
    single.cancel(jobs[0])
    until_trained(single, jobs[1])
    assert (single.progress(jobs[2]).state, single.progress(jobs[2]).ahead) == ("queued", 1)


def test_compiled_work_goes_on_beside_it(single: Laboratory) -> None:
    job = fit(single, SLOW, epochs=LONG)
    until_trained(single, job)
    for seed in range(3):
        until_done(single, single.submit([experiment(seed)]))
    assert single.progress(job).state == "training"


def test_a_run_that_is_stopped_keeps_its_epochs_and_leaves_the_worker(single: Laboratory) -> None:
    job = fit(single, SLOW, epochs=LONG)
    until_trained(single, job, epochs=3)
    single.cancel(job)
    [run] = single.runs(job)
    assert (run.outcome.kind, run.outcome.epoch) == ("stopped", len(run.records))
    until_done(single, following := fit(single, 4))
    assert single.runs(following)[0].outcome.kind == "finished"


def test_what_it_raises_ends_its_run_only(single: Laboratory) -> None:
    job = fit(single, RAISES, 3)
    until_done(single, job)
    assert [run.outcome for run in single.runs(job)] == [
        Outcome("failed", 2, "RuntimeError: the accelerator fell off"),
        Outcome("finished", 60),
    ]


def test_a_worker_that_is_killed_is_replaced_and_its_run_trained_again(
    open_laboratory, gate
) -> None:
    laboratory = open_laboratory(command=gate.command)
    until_done(laboratory, laboratory.submit([experiment()]))
    compiled = set(laboratory.status().pids)
    job = fit(laboratory, GATED, epochs=20)
    until_trained(laboratory, job, epochs=2)
    [pid] = set(laboratory.status().pids) - compiled
    os.kill(pid, signal.SIGKILL)
    gate.open()
    events = until_done(laboratory, job)
    [run] = laboratory.runs(job)
    assert run.outcome.kind == "finished"
    np.testing.assert_array_equal(run.records, expected(run.experiment))
    assert recorded(events) == 20
    assert "retrying" in states(events)
    assert compiled < set(laboratory.status().pids)


def test_a_run_that_kills_it_twice_is_interrupted(open_laboratory) -> None:
    laboratory = open_laboratory()
    until_done(laboratory, job := fit(laboratory, DIES))
    outcome = laboratory.runs(job)[0].outcome
    assert (outcome.kind, outcome.why) == (
        "interrupted",
        "The training process was killed by signal 9.",
    )


def test_where_it_cannot_start_its_jobs_fail_and_all_else_goes_on(open_laboratory, gate) -> None:
    code = f"""
import pathlib, runpy, sys
assert "keras" not in sys.argv or pathlib.Path({str(gate.file)!r}).exists()
runpy.run_path({fake_worker.__file__!r}, run_name="__main__")
"""
    laboratory = open_laboratory(command=(sys.executable, "-c", code))
    until_done(laboratory, job := fit(laboratory, 1))
    assert laboratory.runs(job)[0].outcome.kind == "failed"
    until_done(laboratory, job := laboratory.submit([experiment()]))
    assert laboratory.runs(job)[0].outcome.kind == "finished"
    assert laboratory.status().trouble == ""
    gate.open()
    until_done(laboratory, job := fit(laboratory, 1))
    assert laboratory.runs(job)[0].outcome.kind == "finished"


def test_it_starts_anew_after_it_has_been_let_go(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=Bounds(fit_idle=0.0))
    until_done(laboratory, laboratory.submit([experiment()]))
    [compiled] = laboratory.status().pids
    pids = []
    for seed in (SLOW, SLOW + 1):
        until_trained(laboratory, job := fit(laboratory, seed, epochs=20))
        pids += set(laboratory.status().pids) - {compiled}
        until_done(laboratory, job)
    assert len(set(pids)) == 2


def test_runs_are_kept_under_its_own_name(open_laboratory, tmp_path: Path) -> None:
    with Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE) as store:
        laboratory = open_laboratory(store=store)
        until_done(laboratory, fit(laboratory, 1))
        assert store.get(experiment(1)) is None
        assert store.get(experiment(1), version_of("keras"))
        assert states(laboratory.events(fit(laboratory, 1))) == ["done"]
        events = until_done(laboratory, laboratory.submit([experiment(1)]))
        assert states(events) != ["done"]


def test_a_study_is_refused_in_a_sentence(shared: Laboratory) -> None:
    study = [experiment(seed, 200) for seed in range(40)]
    said = r"^Laboratory: seconds by plain `fit`, by estimate, must be at most 180, got \d+: train "
    with pytest.raises(QueueFull, match=said):
        shared.submit(study, engine="keras")
    until_done(shared, shared.submit(study))


def test_the_longest_run_of_the_tutorial_is_no_study() -> None:
    assert fit_seconds(Experiment(epochs=2000)) < FIT_JOB_SECONDS_MAX


def test_a_fork_costs_the_epochs_that_it_goes_on_for() -> None:
    longer = Experiment(epochs=1, changes=[{"epoch": 2, "epochs": 2000}])
    assert fit_seconds(longer) == fit_seconds(Experiment(epochs=2000))


def test_a_convolution_costs_its_multiply_adds() -> None:
    conv = Experiment(Digits(), Conv())
    dense = Experiment(Digits(), Dense((64,)))
    assert (dense.operations, conv.operations) == (4_810, 27_568)
    rows = conv.length * conv.updates_per_epoch * conv.batch_size
    expected = 4e-10 * rows * (27_568 - 4_810)
    assert fit_seconds(conv) - fit_seconds(dense) == pytest.approx(expected)


def test_an_engine_that_is_none_is_refused(shared: Laboratory) -> None:
    with pytest.raises(
        ValueError, match=r"^Laboratory: engine must be one of compiled, keras, got"
    ):
        shared.submit([experiment()], engine="torch")


# The session by itself


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as thread:
        yield thread


def test_a_stop_is_heeded_within_an_epoch(thread: ThreadPoolExecutor) -> None:
    batches = threading.Event()

    def endless(wanted: Experiment, on_records: object, should_stop, columns: Columns) -> Run:
        batches.set()
        while not should_stop():
            batches.wait(0)
        return Run.from_rows(wanted, figures(wanted, 0, 0), Outcome("stopped", 0))

    first = FitSession([experiment()], COLUMNS, endless, thread)
    assert batches.wait(PATIENCE)
    following = FitSession([experiment(1, epochs=2)], COLUMNS, fake_worker.fit, thread)
    assert following.advance(0.0) == []
    first.leave()
    chunks = [chunk for _ in range(4) for chunk in following.advance(PATIENCE)]
    assert [int(chunk.records[0, 0]) for chunk in chunks] == [0, 1, 2]


def test_all_that_came_is_told_before_what_was_raised(thread: ThreadPoolExecutor) -> None:
    session = FitSession([experiment(RAISES)], COLUMNS, fake_worker.fit, thread)
    chunks = session.advance(PATIENCE)
    assert [int(chunk.records[0, 0]) for chunk in chunks] == [0, 1, 2]
    with pytest.raises(RuntimeError, match=r"^the accelerator fell off$"):
        session.advance(PATIENCE)


def test_further_columns_come_with_their_names(single: Laboratory) -> None:
    columns = (*COLUMNS, "gradient_norm", "sharpness")
    until_done(single, job := single.submit([experiment(1)], engine="keras", columns=columns))
    [run] = single.runs(job)
    assert (run.outcome.kind, run.columns) == ("finished", columns)
    np.testing.assert_array_equal(run.records, figures(run.experiment, 1, 60, columns))


def test_it_takes_one_run(thread: ThreadPoolExecutor) -> None:
    with pytest.raises(ValueError, match=r"too many values"):
        FitSession([experiment()] * 2, COLUMNS, fake_worker.fit, thread)


def test_closing_ends_its_worker_too() -> None:
    with Laboratory(1, command=FAKE) as laboratory:
        until_trained(laboratory, fit(laboratory, SLOW, epochs=LONG))
        pids = laboratory.status().pids
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
