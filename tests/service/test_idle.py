"""A laboratory with nothing to do."""

from __future__ import annotations

import threading
import time

from core.experiment import Experiment
from tests.service.waiting import ATTEMPTS

WATCHED = 0.5  # seconds
BUSY_MAX = 0.05  # seconds of processor time in them; a loop without rest takes most of them


def test_a_laboratory_without_work_uses_no_processor_time(open_laboratory) -> None:
    laboratory = open_laboratory()
    list(laboratory.follow(laboratory.submit([Experiment(epochs=3)])))
    assert any(processor_time() < BUSY_MAX for _ in range(ATTEMPTS))


def processor_time() -> float:
    """Seconds of it that this process uses in a while of doing nothing."""
    before = time.process_time()
    threading.Event().wait(WATCHED)
    return time.process_time() - before
