"""A laboratory with nothing to do."""

from __future__ import annotations

import time

from core.experiment import Experiment

WATCHED = 0.2  # seconds of processor time of the test's own thread
BUSY_MAX = 0.05  # of all other threads meanwhile; a loop without rest takes as much as that


def test_a_laboratory_without_work_uses_no_processor_time(open_laboratory) -> None:
    laboratory = open_laboratory()
    list(laboratory.follow(laboratory.submit([Experiment(epochs=3)])))
    assert time_of_others() < BUSY_MAX


def time_of_others() -> float:
    """Seconds of processor time of this process beside this thread, which computes meanwhile."""
    process, own = time.process_time(), time.thread_time()
    while time.thread_time() < own + WATCHED:
        pass
    return time.process_time() - process - (time.thread_time() - own)
