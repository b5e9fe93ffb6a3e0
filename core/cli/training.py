"""Experiments trained for the command line: by workers, or by plain Keras in this process."""

from __future__ import annotations

import importlib
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from core import engine
from core.analysis.studies.cost import seconds
from core.cli.interruption import Interruption, interruptible
from core.cli.progress import Bar
from core.engine.grouping import program_key
from core.experiment import Experiment
from core.experiment.records import COLUMNS, EPOCH, Run, Table
from core.service import Bounds, Event, Laboratory
from core.service.backends import backend
from core.service.machine import workers
from core.service.worker import NATIVE_LOG, quiet_libraries

LOOK_SECONDS = 0.1  # between two looks at whether somebody pressed Ctrl-C
WORTH_SECONDS = 2.0  # of training that a worker must find to be worth loading
WORDS = {
    "queued": "waiting ",
    "trainer": "loading TensorFlow ",
    "program": "compiling ",
    "training": "training ",
    "retrying": "starting again ",
    "done": "done ",
}

Open = Callable[[int], Laboratory]


def own_laboratory(slots: int) -> Laboratory:
    """Of one command, whose user may have all of the machine."""
    return Laboratory(backend=backend(slots), bounds=Bounds(visitor_seconds=math.inf))


class Trained(NamedTuple):
    """What came of it; `interrupted` when somebody pressed Ctrl-C."""

    runs: list[Run]
    interrupted: bool


def train(
    experiments: Sequence[Experiment],
    by: str,
    columns: Sequence[str] = (),
    open_laboratory: Open = own_laboratory,
) -> Trained:
    """Train them all with a progress bar; Ctrl-C ends it and keeps the finished epochs.

    `columns` are measured beside those that every record has.
    Raises `QueueFull` when they are more than a laboratory takes, and `FieldError` for a number of
    workers that is none.
    """
    if by == "keras":
        with interruptible() as interruption, Bar(experiments) as bar:
            return Trained(by_keras(experiments, bar, interruption, columns), interruption.came)
    count = min(slots(experiments), workers())
    with interruptible() as interruption, Bar(experiments) as bar:
        with open_laboratory(count) as laboratory:
            runs = by_workers(experiments, laboratory, bar, interruption, columns)
        return Trained(runs, interruption.came)


def slots(experiments: Sequence[Experiment]) -> int:
    """How many workers are worth their loading: one a program, more where there is much to train.

    >>> slots([Experiment()]), slots([Experiment()] * 1000)
    (1, 4)
    """
    programs = {program_key(experiment) for experiment in experiments}
    training = sum(seconds(experiment, runs=1) for experiment in experiments)
    return max(len(programs), math.ceil(training / WORTH_SECONDS))


def by_workers(
    experiments: Sequence[Experiment],
    laboratory: Laboratory,
    bar: Bar,
    interruption: Interruption,
    columns: Sequence[str] = (),
) -> list[Run]:
    wished: dict[str, Any] = {"columns": (*COLUMNS, *columns)} if columns else {}
    job = laboratory.submit(experiments, **wished)
    heard = 0
    while not interruption.came:
        events = laboratory.wait(job, heard, LOOK_SECONDS)
        heard += len(events)
        bar.advance_to(laboratory.progress(job).done)
        for state in states(events):
            bar.say(words_of(state))
            if state["state"] == "done":
                return laboratory.runs(job)
    laboratory.cancel(job)
    return laboratory.runs(job)


def states(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The states among some events."""
    return [event.header for event in events if event.say == "state"]


def words_of(state: Mapping[str, Any]) -> str:
    """What is being waited for; of loading, what is loaded; of what was interrupted, from where.

    >>> words_of({"state": "loading", "what": "program"})
    'compiling '
    >>> words_of({"state": "retrying", "why": "killed", "from": 120})
    'going on from epoch 120 '
    """
    if state["state"] == "retrying" and "from" in state:
        return f"going on from epoch {state['from']} "
    return WORDS[state.get("what", state["state"])]


def by_keras(
    experiments: Sequence[Experiment],
    bar: Bar,
    interruption: Interruption,
    columns: Sequence[str] = (),
) -> list[Run]:
    bar.say(WORDS["trainer"])
    load_quietly("core.engine.keras_fit")
    done = [0] * len(experiments)

    def count(run: int, records: Table) -> None:
        done[run] = int(records[-1, EPOCH])
        if sum(done) == 1:
            bar.say(WORDS["training"])
        bar.advance_to(sum(done))

    every = (*COLUMNS, *columns)
    return engine.train(experiments, "keras", count, lambda: interruption.came, every)


def load_quietly(module: str) -> None:
    """Load an engine beforehand, and keep what its libraries say meanwhile from the terminal."""
    os.environ.setdefault(NATIVE_LOG, "2")  # errors only
    with quiet_libraries():
        importlib.import_module(module)
