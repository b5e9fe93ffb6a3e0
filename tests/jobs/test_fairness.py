"""Jobs beside each other, with a worker that really trains them in turn."""

from time import monotonic

from core.jobs import Laboratory
from tests.jobs.fake_worker import COMPILES, SLOW
from tests.jobs.waiting import experiment, recorded, states, until_done, until_trained

LONG = 2000  # epochs of 50 ms: longer than any test


def test_a_short_job_behind_a_long_one_starts_within_a_second(single: Laboratory) -> None:
    until_trained(single, single.submit([experiment(SLOW, LONG)]))
    handed_in = monotonic()
    until_done(single, single.submit([experiment()]))
    assert monotonic() - handed_in < 1.0


def test_a_short_job_behind_many_long_ones_need_not_wait_for_their_end(single: Laboratory) -> None:
    long = [single.submit([experiment(SLOW, LONG)], f"visitor {n}") for n in range(6)]
    until_trained(single, long[-1])
    handed_in = monotonic()
    until_trained(single, single.submit([experiment()]))
    assert monotonic() - handed_in < 1.0
    assert all(single.progress(job).state == "training" for job in long)


def test_jobs_of_one_worker_advance_side_by_side(single: Laboratory) -> None:
    first, second = (single.submit([experiment(SLOW, LONG)]) for _ in range(2))
    until_trained(single, second)
    before = recorded(single.events(first)), recorded(single.events(second))
    until_trained(single, first, before[0] + 8)
    after = recorded(single.events(first)), recorded(single.events(second))
    assert abs((after[0] - before[0]) - (after[1] - before[1])) <= 2


def test_compiling_a_program_holds_up_nobody(single: Laboratory) -> None:
    training = single.submit([experiment(SLOW, LONG)])
    until_trained(single, training)
    before = recorded(single.events(training))
    events = until_done(single, single.submit([experiment(COMPILES, batch_size=17)]))
    assert "loading" in states(events)
    assert recorded(single.events(training)) - before >= 5  # in the second that it took


def test_warming_gives_way_to_work(single: Laboratory) -> None:
    single.warm(experiment(COMPILES, batch_size=18), runs=4)
    single.warm(experiment(COMPILES, batch_size=18), runs=8)
    until_done(single, single.submit([experiment()]))
    handed_in = monotonic()
    until_done(single, single.submit([experiment(1)]))
    assert monotonic() - handed_in < 0.5


def test_who_waits_is_told_how_many_are_ahead(single: Laboratory) -> None:
    busy = [single.submit([experiment(SLOW, LONG)], f"visitor {n}") for n in range(4)]
    until_trained(single, busy[-1])
    waiting = [single.submit([experiment(SLOW, LONG)]) for _ in range(3)]
    said = [event.header for event in single.events(waiting[2])]
    assert {"state": "queued", "ahead": 2} in said
    assert single.status().queued >= 1
    until_trained(single, waiting[2])


def test_until_a_worker_is_ready_a_job_is_told_that_it_is_loading(open_laboratory) -> None:
    laboratory = open_laboratory()
    events = until_done(laboratory, laboratory.submit([experiment()]))
    assert events[0].header == {"state": "loading", "what": "trainer", "why": ""}
    assert states(events)[-2:] == ["training", "done"]
    status = laboratory.status()
    assert (status.ready, status.device, status.workers) == (True, "made up", 1)
