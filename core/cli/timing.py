"""One process of `core.cli.bench`: `python -m core.cli.timing PART EPOCHS RUNS PROCESSES PLACE`.

It gets ready, writes the line "ready" to standard output, waits for a line on standard input, and
then measures its part and writes what it found as a line of JSON. PLACE, from 0, says which of the
PROCESSES that share a part it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from core.experiment import Experiment

RATES = tuple(10.0**-power for power in range(8))  # the tutorial's eight
REPEATS = 7
ADVANCE_SECONDS = 0.05  # as in a worker

Report = dict[str, Any]
Prepared = Callable[[], Report]  # measures, once all is ready


class Part(NamedTuple):
    """What one process measures: so many epochs, every `processes`th of the runs from `place`."""

    epochs: int
    runs: int
    processes: int
    place: int

    def of(self, experiments: Sequence[Experiment]) -> Sequence[Experiment]:
        return experiments[self.place :: self.processes]


def fit(share: Part) -> Prepared:
    """Plain `fit` of the tutorial's run, building and tracing included as in any script."""
    from core.engine.keras_fit import compiled_model, fit_model
    from core.engine.with_keras import keras

    run = tutorial(share.epochs)
    split = run.data.load()
    ends: list[float] = []
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(perf_counter()))

    def measure() -> Report:
        started = perf_counter()
        model, callbacks = compiled_model(run)
        fit_model(model, run, split, [*callbacks, clock])
        return {
            "fit_seconds": perf_counter() - started,
            "fit_first_epoch_seconds": ends[0] - started,
        }

    return measure


def one(share: Part) -> Prepared:
    """One run in a worker's way; the median of `REPEATS`."""
    from core.engine.device import device_name

    run = tutorial(share.epochs)
    cold = warm_up(run)

    def measure() -> Report:
        return {
            "device": device_name(),
            "tensorflow": version("tensorflow"),
            "keras": version("keras"),
            "compile_seconds": cold,
            "one_seconds": median(seconds([run]) for _ in range(REPEATS)),
        }

    return measure


def eight(share: Part) -> Prepared:
    """This process's share of the eight rates; the median of `REPEATS`."""
    run = tutorial(share.epochs)
    rates = share.of([run.replace({"optimizer.learning_rate": rate}) for rate in RATES])
    warm_up(run)
    return lambda: {"eight_seconds": median(seconds(rates) for _ in range(REPEATS))}


def sweep(share: Part) -> Prepared:
    """This process's share of a sweep over rates and seeds."""
    from core.engine.grouping import LANES

    run = tutorial(share.epochs)
    experiments = share.of(
        [
            run.replace({"optimizer.learning_rate": RATES[n % len(RATES)], "seed": n // len(RATES)})
            for n in range(share.runs)
        ]
    )
    warm_up(run)

    def measure() -> Report:
        for first in range(0, len(experiments), LANES):
            seconds(experiments[first : first + LANES])
        return {}

    return measure


def tutorial(epochs: int) -> Experiment:
    return Experiment().replace({"epochs": epochs})


def warm_up(experiment: Experiment) -> float:
    """Seconds that the first program took to trace and compile; a run then settles the speed."""
    from core.engine.compiled import warm

    started = perf_counter()
    warm(experiment)
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


PARTS = {"fit": fit, "one": one, "eight": eight, "sweep": sweep}


def main(part: str, *share: str) -> None:
    measure = PARTS[part](Part(*map(int, share)))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(measure()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
