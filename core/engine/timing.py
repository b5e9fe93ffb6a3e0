"""One process of `core.bench`: `python -m core.engine.timing PART EPOCHS RUNS`.

It gets ready, writes the line "ready" to standard output, waits for a line on standard input, and
then measures its part and writes what it found as a line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from statistics import median
from time import perf_counter
from typing import Any

from core.experiment import Experiment

RATES = tuple(10.0**-power for power in range(8))  # the tutorial's eight
REPEATS = 7
ADVANCE_SECONDS = 0.05  # as in a worker

Report = dict[str, Any]
Prepared = Callable[[], Report]  # measures, once all is ready


def fit(epochs: int, runs: int) -> Prepared:
    """Plain `fit` of the tutorial's run, building and tracing included as in any script."""
    from core.engine import keras_fit

    ends: list[float] = []

    def measure() -> Report:
        started = perf_counter()
        keras_fit.fit(tutorial(epochs), lambda records: ends.append(perf_counter()))
        seconds = perf_counter() - started
        return {"fit_seconds": seconds, "fit_first_epoch_seconds": ends[0] - started}

    return measure


def compiled(epochs: int, runs: int) -> Prepared:
    """One run, and the eight rates, in a worker's way; medians of `REPEATS`."""
    from core.engine.device import device_name

    one = tutorial(epochs)
    eight = [one.replace({"optimizer.learning_rate": rate}) for rate in RATES]
    cold = warm_up(one)

    def measure() -> Report:
        return {
            "device": device_name(),
            "tensorflow": version("tensorflow"),
            "keras": version("keras"),
            "compile_seconds": cold,
            "one_seconds": median(seconds([one]) for _ in range(REPEATS)),
            "eight_seconds": median(seconds(eight) for _ in range(REPEATS)),
        }

    return measure


def sweep(epochs: int, runs: int) -> Prepared:
    """This process's share of a sweep over rates and seeds."""
    from core.engine.grouping import LANES

    one = tutorial(epochs)
    experiments = [
        one.replace({"optimizer.learning_rate": RATES[run % len(RATES)], "seed": run // len(RATES)})
        for run in range(runs)
    ]
    warm_up(one)

    def measure() -> Report:
        for first in range(0, runs, LANES):
            seconds(experiments[first : first + LANES])
        return {}

    return measure


def tutorial(epochs: int) -> Experiment:
    return Experiment().replace({"epochs": epochs})


def warm_up(experiment: Experiment) -> float:
    """Seconds that the first program took to trace and compile; a run then settles the speed."""
    from core.engine.compiled import warm

    started = perf_counter()
    warm(experiment, len(RATES))
    cold = perf_counter() - started
    seconds([experiment])
    return cold


def seconds(experiments: Sequence[Experiment]) -> float:
    """What a worker needs from taking the runs to their last record."""
    from core.engine.compiled import Session

    started = perf_counter()
    session = Session(experiments)
    while not session.done:
        session.advance(ADVANCE_SECONDS)
    return perf_counter() - started


PARTS = {"fit": fit, "compiled": compiled, "sweep": sweep}


def main(part: str, epochs: str, runs: str) -> None:
    measure = PARTS[part](int(epochs), int(runs))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(measure()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
