"""Runs of the real engine, trained once for all tests, with the figures before the first update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from core.analysis.attainable import benchmarks
from core.analysis.verdict import Verdict, judge
from core.engine import train
from core.experiment import Experiment
from core.experiment.randomness import initial_weights
from core.experiment.records import Outcome, Run

TUTORIAL = Experiment()


def trained(experiments: Sequence[Experiment]) -> list[Run]:
    """The runs of some experiments; those that are known are not trained again."""
    new = [e for e in dict.fromkeys(experiments) if e not in KNOWN]
    KNOWN.update(zip(new, map(begun, train(new)), strict=True))
    return [KNOWN[experiment] for experiment in experiments]


KNOWN: dict[Experiment, Run] = {}


def begun(run: Run) -> Run:
    """A run with its start, which the engine may have left out."""
    return run if run.start is not None else replace(run, start=before(run.experiment))


@cache
def before(experiment: Experiment) -> np.ndarray:
    """The row of epoch 0, computed from the first weights."""
    data = experiment.data
    split, sizes = data.load(), experiment.model.sizes(data.features, data.classes)
    weights = initial_weights(sizes, experiment.model.activation, experiment.seed)
    figures = []
    for x, y in ((split.x_train, split.y_train), (split.x_test, split.y_test)):
        for number, (kernel, bias) in enumerate(weights):
            x = x @ kernel + bias
            x = np.maximum(x, 0) if number < len(weights) - 1 else x
        logits = x - x.max(axis=1, keepdims=True)
        chances = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        loss = -chances[np.arange(len(y)), y].mean()
        figures += [loss, (chances.argmax(axis=1) == y).mean()]
    return np.array([0, 0, experiment.optimizer.learning_rate, *figures], np.float64)


def shorter(run: Run, epochs: int) -> Run:
    """The run of the same experiment with fewer epochs, if its schedule does not go by them."""
    experiment = run.experiment.replace({"epochs": epochs})
    return replace(
        run,
        experiment=experiment,
        records=run.records[:epochs],
        outcome=Outcome("finished", epochs),
    )


def verdict(run: Run) -> Verdict:
    return judge(run, benchmarks(run.experiment.data))
