"""Stopping, as those who watch see it and as the worker does it."""

import numpy as np

from core.service import Laboratory
from tests.service.fake_worker import COMPILES, HANGS, SLOW, expected
from tests.service.waiting import FAKE, experiment, states, until_done, until_trained

LONG = 2000


def test_stopping_keeps_finished_epochs(shared: Laboratory) -> None:
    job = shared.submit([experiment(SLOW, LONG), experiment(SLOW + 1, LONG)])
    until_trained(shared, job, epochs=3)
    shared.cancel(job)
    assert states(shared.events(job))[-1] == "done"  # without waiting for a worker
    for run in shared.runs(job):
        epochs = len(run.records)
        assert (run.outcome.kind, run.outcome.epoch) == ("stopped", epochs)
        assert epochs >= 2
        np.testing.assert_array_equal(run.records, expected(run.experiment)[:epochs])


def test_nothing_is_heard_of_a_job_after_it_was_stopped(shared: Laboratory) -> None:
    job = shared.submit([experiment(SLOW, LONG)])
    until_trained(shared, job)
    shared.cancel(job)
    events = shared.events(job)
    until_done(shared, shared.submit([experiment(SLOW, 4), experiment(SLOW + 1, 4)]))
    assert shared.events(job) == events


def test_a_stopped_job_leaves_its_worker_to_others(single: Laboratory) -> None:
    for seed in (SLOW, COMPILES):
        jobs = [
            single.submit([experiment(seed, LONG, batch_size=19)], f"visitor {n}") for n in range(4)
        ]
        until_trained(single, single.submit([experiment()]))
        for job in jobs:
            single.cancel(job)

    until_trained(single, single.submit([experiment(SLOW, LONG)]), epochs=4)


def test_a_job_can_be_stopped_before_it_begins_and_after_it_is_done() -> None:
    with Laboratory(1, command=FAKE) as laboratory:
        waiting = laboratory.submit([experiment()])
        laboratory.cancel(waiting)
        assert laboratory.runs(waiting)[0].outcome.kind == "stopped"
        finished = laboratory.submit([experiment()])
        events = until_done(laboratory, finished)
        laboratory.cancel(finished)
        assert laboratory.events(finished) == events


def test_a_job_whose_worker_hangs_can_be_stopped(open_laboratory) -> None:
    laboratory = open_laboratory()
    job = laboratory.submit([experiment(HANGS)])
    until_trained(laboratory, job)
    laboratory.cancel(job)
    assert laboratory.progress(job).state == "done"
