"""Jobs that nothing happens to: what is handed in comes back, complete and in order."""

import threading

import numpy as np
import pytest

from core.experiment.records import COLUMNS, Outcome
from core.service import Bounds, Laboratory, QueueFull, UnknownJob
from core.service.messages import ENGINES
from tests.service.fake_worker import (
    DIVERGES,
    HANGS,
    RAISES,
    SLOW,
    UNPREPARED,
    expected,
    expected_start,
    figures,
)
from tests.service.waiting import (
    PATIENCE,
    experiment,
    recorded,
    states,
    until_done,
)


def test_every_run_of_a_job_comes_back_in_the_order_handed_in(shared: Laboratory) -> None:
    handed_in = [experiment(seed, 10 + seed, batch_size=20 + seed % 3) for seed in range(9)]
    job = shared.submit(handed_in)
    until_done(shared, job)
    runs = shared.runs(job)
    assert [run.experiment for run in runs] == handed_in
    for run in runs:
        np.testing.assert_array_equal(run.records, expected(run.experiment))
        assert run.outcome == Outcome("finished", run.experiment.epochs)


def test_events_are_numbered_without_a_gap_and_end_with_done(shared: Laboratory) -> None:
    events = until_done(shared, shared.submit([experiment(seed) for seed in range(3)]))
    assert [event.seq for event in events] == list(range(len(events)))
    assert states(events)[-1] == "done"
    assert events[-1].header == {"state": "done"}


def test_events_can_be_fetched_again_from_any_number(shared: Laboratory) -> None:
    job = shared.submit([experiment()])
    events = until_done(shared, job)
    assert shared.events(job) == events
    assert shared.events(job, 2) == events[2:]
    assert shared.events(job, len(events)) == []
    assert list(shared.follow(job)) == events


def test_records_carry_absolute_epochs_and_all_columns(shared: Laboratory) -> None:
    events = until_done(shared, shared.submit([experiment(77, epochs=60)]))
    records = [event for event in events if event.say == "records"]
    assert [event.header for event in records] == [
        {"first": 1, "count": 25},
        {"first": 26, "count": 25},
        {"first": 51, "count": 10},
    ]
    assert records[1].records.shape == (25, len(COLUMNS))
    assert records[1].records[0, 0] == 26


def test_the_row_of_epoch_0_is_kept_apart_from_the_records(shared: Laboratory) -> None:
    wanted = [experiment(1), experiment(DIVERGES), experiment(1)]
    job = shared.submit(wanted)
    events = until_done(shared, job)
    starts = [event for event in events if event.say == "start"]
    assert sorted(event.run for event in starts) == [0, 1, 2]
    for run in shared.runs(job):
        np.testing.assert_array_equal(run.start, expected_start(run.experiment))
        assert run.records[0, 0] == 1


def test_further_columns_come_with_their_names(shared: Laboratory) -> None:
    columns = (*COLUMNS, "gradient_norm", "sharpness")
    job = shared.submit([experiment(1)], columns=columns)
    events = until_done(shared, job)
    [run] = shared.runs(job)
    assert run.columns == columns
    np.testing.assert_array_equal(run.records, figures(run.experiment, 1, 60, columns))
    np.testing.assert_array_equal(run.column("sharpness"), 80 * run.column("loss"))
    tables = [event.records for event in events if event.say == "records"]
    np.testing.assert_array_equal(np.concatenate(tables), run.records)


def test_columns_that_cannot_be_are_refused(shared: Laboratory) -> None:
    with pytest.raises(ValueError, match=r"^Records: columns must begin with epoch, "):
        shared.submit([experiment()], columns=("epoch", "loss"))
    for engine in ENGINES:
        with pytest.raises(ValueError, match=r"columns must be among .*, got momentum_norm\.$"):
            shared.submit([experiment()], engine=engine, columns=(*COLUMNS, "momentum_norm"))


def test_waiting_for_a_job_that_is_done_returns_at_once(shared: Laboratory) -> None:
    job = shared.submit([experiment()])
    events = until_done(shared, job)
    assert shared.wait(job, len(events)) == []


def test_waiting_ends_when_the_time_is_over(shared: Laboratory) -> None:
    job = shared.submit([experiment(SLOW, 2000)])
    assert shared.wait(job, since=10**6, timeout=0.01) == []
    shared.cancel(job)


def test_equal_experiments_of_a_job_are_trained_once(shared: Laboratory) -> None:
    one, other = experiment(1), experiment(2)
    job = shared.submit([one, other, one, one])
    events = until_done(shared, job)
    assert [recorded(events, run) for run in range(4)] == [60] * 4
    runs = shared.runs(job)
    np.testing.assert_array_equal(runs[0].records, runs[3].records)
    payloads = [e.payload for e in events if e.say == "records" and e.run in (0, 3)]
    assert len({id(payload) for payload in payloads}) == len(payloads) / 2


def test_progress_counts_epochs_and_runs(shared: Laboratory) -> None:
    job = shared.submit([experiment(epochs=40), experiment(DIVERGES, epochs=60)])
    until_done(shared, job)
    progress = shared.progress(job)
    assert (progress.state, progress.done, progress.total) == ("done", 100, 100)
    assert (progress.ended, progress.runs, progress.ahead) == (2, 2, 0)


def test_a_run_that_diverges_leaves_its_neighbours_untouched(shared: Laboratory) -> None:
    job = shared.submit([experiment(DIVERGES), experiment(1)])
    until_done(shared, job)
    diverged, neighbour = shared.runs(job)
    assert diverged.outcome == Outcome("diverged", 3)
    assert len(diverged.records) == 2
    np.testing.assert_array_equal(neighbour.records, expected(neighbour.experiment))


@pytest.mark.parametrize(
    ("seed", "epochs", "why"),
    [
        (RAISES, 2, "RuntimeError: the accelerator fell off"),
        (UNPREPARED, 0, "ValueError: FakeSession: seed must be below 6000."),
    ],
)
def test_an_engine_that_fails_ends_its_task_and_the_worker_lives_on(
    single: Laboratory, seed: int, epochs: int, why: str
) -> None:
    failed = single.submit([experiment(seed)])
    until_done(single, failed)
    pids = single.status().pids
    assert single.runs(failed)[0].outcome == Outcome("failed", epochs, why)
    fine = single.submit([experiment()])
    until_done(single, fine)
    assert single.runs(fine)[0].outcome.kind == "finished"
    assert single.status().pids == pids


def test_a_watcher_is_called_whenever_there_is_news(shared: Laboratory) -> None:
    job = shared.submit([experiment(SLOW, 2000)])
    called = threading.Event()
    unsubscribe = shared.subscribe(job, called.set)
    for _ in range(3):
        assert called.wait(PATIENCE)
        called.clear()
    unsubscribe()
    unsubscribe()
    shared.cancel(job)


def test_a_watcher_may_ask_the_laboratory_and_one_that_fails_harms_nobody(
    shared: Laboratory, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()
    job = shared.submit([experiment(SLOW, 2000)])
    shared.subscribe(job, lambda: [][0])
    shared.subscribe(job, lambda: shared.progress(job).state == "done" and done.set())
    shared.cancel(job)
    assert done.wait(PATIENCE)
    assert "A watcher of a job failed." in caplog.text


def test_many_threads_hand_in_at_once_and_all_are_served(shared: Laboratory) -> None:
    outcomes = {}

    def visit(visitor: int) -> None:
        job = shared.submit([experiment(visitor * 10 + n) for n in range(5)], f"visitor {visitor}")
        until_done(shared, job)
        outcomes[visitor] = [run.outcome.kind for run in shared.runs(job)]

    threads = [threading.Thread(target=visit, args=(visitor,)) for visitor in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert outcomes == {visitor: ["finished"] * 5 for visitor in range(12)}


def test_an_unknown_job_is_refused_by_name(shared: Laboratory) -> None:
    for ask in (shared.events, shared.wait, shared.cancel, shared.runs, shared.progress):
        with pytest.raises(UnknownJob, match=r'^Laboratory: job must be .*, got "nonsense"\.$'):
            ask("nonsense")


def test_a_job_is_as_large_as_the_bounds_allow(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=Bounds(experiments_per_job=2, epochs_per_job=100))
    said = r"experiments of a job must be from 1 to 2, got"
    for number in (0, 3):
        with pytest.raises(QueueFull, match=f"^Laboratory: {said} {number}\\.$"):
            laboratory.submit([experiment(seed) for seed in range(number)])
    with pytest.raises(QueueFull, match=r"epochs of a job, .* must be from 1 to 100, got 120\."):
        laboratory.submit([experiment(), experiment(1)])


def test_a_visitor_has_only_so_many_jobs_at_once(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=Bounds(jobs_per_visitor=2))
    jobs = [laboratory.submit([experiment(SLOW, 2000)], "ada") for _ in range(2)]
    with pytest.raises(QueueFull, match=r"jobs of one visitor .* from 1 to 2, got 3\.$"):
        laboratory.submit([experiment()], "ada")
    until_done(laboratory, laboratory.submit([experiment()], "bob"))
    laboratory.cancel(jobs[0])
    until_done(laboratory, laboratory.submit([experiment()], "ada"))


def test_all_visitors_together_have_only_so_much_waiting(open_laboratory) -> None:
    laboratory = open_laboratory(bounds=Bounds(epochs_waiting=100))
    laboratory.submit([experiment(HANGS, 80)], "ada")
    with pytest.raises(QueueFull, match=r"of all visitors, must be from 1 to 100, got 140\.$"):
        laboratory.submit([experiment(epochs=60)], "bob")
