"""Jobs beside each other, with a worker that really trains them in turn."""

from core.service import Laboratory
from tests.service.fake_worker import COMPILES, SLOW
from tests.service.waiting import (
    FAKE,
    experiment,
    recorded,
    states,
    until_done,
    until_trained,
    within,
)

LONG = 2000  # epochs of 50 ms: longer than any test


def test_a_short_job_behind_a_long_one_starts_within_a_second(single: Laboratory) -> None:
    until_trained(single, single.submit([experiment(SLOW, LONG)]))
    assert within(1.0, lambda: until_done(single, single.submit([experiment()])))


def test_a_short_job_behind_many_long_ones_need_not_wait_for_their_end(single: Laboratory) -> None:
    long = [single.submit([experiment(SLOW, LONG)], f"visitor {n}") for n in range(6)]
    until_trained(single, long[-1])
    assert within(1.0, lambda: until_trained(single, single.submit([experiment()])))
    assert all(single.progress(job).state == "training" for job in long)


def test_jobs_of_one_worker_advance_side_by_side(single: Laboratory) -> None:
    jobs = [single.submit([experiment(SLOW, LONG)]) for _ in range(2)]
    for job in [*jobs, *jobs]:
        until_trained(single, job, recorded(single.events(job)) + 4)
    assert [single.progress(job).state for job in jobs] == ["training"] * 2


def test_a_job_goes_on_while_a_program_is_compiled_for_another(single: Laboratory) -> None:
    training = single.submit([experiment(SLOW, LONG)])
    until_trained(single, training)
    before = recorded(single.events(training))
    events = until_done(single, single.submit([experiment(COMPILES, batch_size=17)]))
    assert "loading" in states(events)
    assert recorded(single.events(training)) > before + 1  # the chunk that was under way


def test_jobs_that_no_worker_has_begun_are_counted() -> None:
    laboratory = Laboratory(1, command=FAKE)
    jobs = [laboratory.submit([experiment(seed)]) for seed in range(3)]
    assert laboratory.status().queued == 3
    with laboratory:
        for job in jobs:
            until_done(laboratory, job)
        assert laboratory.status().queued == 0


def test_until_a_worker_is_ready_a_job_is_told_that_it_is_loading(open_laboratory) -> None:
    laboratory = open_laboratory()
    events = until_done(laboratory, laboratory.submit([experiment()]))
    assert events[0].header == {"state": "loading", "what": "trainer", "why": ""}
    assert states(events)[-2:] == ["training", "done"]
    status = laboratory.status()
    assert (status.ready, status.device, status.workers) == (True, "made up", 1)
