"""Waiting for what a laboratory says, and experiments to hand to it."""

import sys
import threading
from collections.abc import Callable
from time import monotonic

from core.experiment import Experiment
from core.service import Event, Laboratory
from tests.service import fake_worker

FAKE = (sys.executable, fake_worker.__file__)
PATIENCE = 240.0  # seconds before a test gives up; a real engine on a busy machine needs many
LOOK_SECONDS = 0.01  # between two looks at what nobody announces
ATTEMPTS = 10  # to keep a time; a busy machine may miss some, a fault misses all


def experiment(seed: int = 0, epochs: int = 60, **changes: object) -> Experiment:
    return Experiment(seed=seed, epochs=epochs).replace(changes)


def until(laboratory: Laboratory, job: str, wanted: Callable[[list[Event]], object]) -> list[Event]:
    """The events of a job, as soon as they are as wanted."""
    give_up = monotonic() + PATIENCE
    events: list[Event] = []
    while not wanted(events):
        more = laboratory.wait(job, len(events), give_up - monotonic())
        assert more, f"never came; so far: {states(events)}"
        events += more
    return events


def until_done(laboratory: Laboratory, job: str) -> list[Event]:
    return until(laboratory, job, lambda events: "done" in states(events))


def until_trained(laboratory: Laboratory, job: str, epochs: int = 1) -> list[Event]:
    """Until some epochs of the first run are recorded."""
    return until(laboratory, job, lambda events: recorded(events) >= epochs)


def until_true(wanted: Callable[[], object]) -> None:
    """Until what nobody announces is so."""
    give_up, pause = monotonic() + PATIENCE, threading.Event()
    while not wanted():
        assert monotonic() < give_up, "it never came"
        pause.wait(LOOK_SECONDS)


def within(seconds: float, do: Callable[[], object]) -> bool:
    """Whether it is done in so many seconds, in one of some attempts."""
    return any(time_taken(do) <= seconds for _ in range(ATTEMPTS))


def time_taken(do: Callable[[], object]) -> float:
    begun = monotonic()
    do()
    return monotonic() - begun


def recorded(events: list[Event], run: int = 0) -> int:
    return sum(e.header["count"] for e in events if e.say == "records" and e.run == run)


def states(events: list[Event]) -> list[str]:
    return [event.header["state"] for event in events if event.say == "state"]
