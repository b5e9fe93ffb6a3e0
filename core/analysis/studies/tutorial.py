"""The tutorial's seven experiments ("Understand the Impact of Learning Rate", 2019)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from core.analysis.studies.study import Cell, Study
from core.experiment import Experiment
from core.experiment.optimizers import PRESETS, preset
from core.experiment.records import flat
from core.experiment.refusals import FieldError, because
from core.experiment.schedules import Plateau, Rates, TimeDecay

TITLE = "Understand the Impact of Learning Rate on Neural Network Performance"
AUTHOR, SITE = "Jason Brownlee", "Machine Learning Mastery"
ADDRESS = (
    "https://machinelearningmastery.com/"
    "understand-the-dynamics-of-learning-rate-on-deep-learning-neural-networks/"
)
RATES = (1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
MOMENTA = (0.0, 0.5, 0.9, 0.99)
DECAYS = (1e-1, 1e-2, 1e-3, 1e-4)
PATIENCES = (2, 5, 10, 15)
OPTIMIZERS = ("sgd", "rmsprop", "adagrad", "adam")
HELD_RATE = 0.01  # in every experiment but the first and the last
MIN_DELTA = 1e-7  # of the plateau
ON_PAPER_UPDATES = 200

KERAS_2, KERAS_3 = "keras-2.3", "keras-3"


class Difference(NamedTuple):
    """One value that two Keras versions have not in common; None where a version has no such."""

    kind: str
    field: str
    keras_2: Any
    keras_3: Any


def study(name: str, version: str = KERAS_2, base: Experiment | None = None) -> Study:
    """One of the tutorial's experiments, as the code of one Keras version trains it.

    What the experiment neither varies nor holds is as in `base`. Raises `FieldError` for an unknown
    name or version.

    >>> [cell.experiment.optimizer.learning_rate for cell in study("optimizer", "keras-3").cells]
    [0.01, 0.001, 0.001, 0.001]
    """
    if name not in STUDIES:
        raise FieldError("Study", "name", because("choice", options=tuple(STUDIES)), name)
    if version not in PRESETS:
        raise FieldError("Study", "preset", because("choice", options=tuple(PRESETS)), version)
    return STUDIES[name](version, base or Experiment())


def the_data(version: str, base: Experiment) -> Study:
    return Study("data", (Cell((), base),), shows="data", figures=())


def learning_rate(version: str, base: Experiment) -> Study:
    base = base.replace({"optimizer": preset(version, "sgd")})
    return Study("learning-rate", cells(base, "optimizer.learning_rate", RATES))


def momentum(version: str, base: Experiment) -> Study:
    return Study("momentum", cells(at_the_held_rate(version, base), "optimizer.momentum", MOMENTA))


def decay_on_paper(version: str, base: Experiment) -> Study:
    base = at_the_held_rate(version, base).replace({"schedule": TimeDecay()})
    on_paper = cells(base, "schedule.decay", DECAYS)
    return Study("decay-on-paper", on_paper, shows="rates", figures=(("learning_rate",),))


def decay(version: str, base: Experiment) -> Study:
    """Keras 3 warns about the argument `decay` and ignores it, so its four cells are one."""
    base = at_the_held_rate(version, base).replace({"schedule": TimeDecay()})
    effective = {value: 0.0 if version == KERAS_3 else value for value in DECAYS}
    return Study("decay", cells(base, "schedule.decay", DECAYS, effective))


def patience(version: str, base: Experiment) -> Study:
    base = at_the_held_rate(version, base).replace({"schedule": Plateau(min_delta=MIN_DELTA)})
    figures = (("learning_rate",), ("loss",), ("accuracy",))
    return Study("patience", cells(base, "schedule.patience", PATIENCES), figures=figures)


def optimizer(version: str, base: Experiment) -> Study:
    ours = (
        Cell((("optimizer.kind", kind),), base.replace({"optimizer": preset(version, kind)}))
        for kind in OPTIMIZERS
    )
    return Study("optimizer", tuple(ours))


def at_the_held_rate(version: str, base: Experiment) -> Experiment:
    sgd = preset(version, "sgd")
    return base.replace({"optimizer": sgd}).replace({"optimizer.learning_rate": HELD_RATE})


def cells(
    base: Experiment, path: str, values: Iterable[Any], effective: Mapping[Any, Any] | None = None
) -> tuple[Cell, ...]:
    """A cell a value; `effective` says what a value comes to where it is not itself."""
    took = effective or {}
    return tuple(
        Cell(((path, value),), base.replace({path: took.get(value, value)})) for value in values
    )


STUDIES: dict[str, Callable[[str, Experiment], Study]] = {
    "data": the_data,
    "learning-rate": learning_rate,
    "momentum": momentum,
    "decay-on-paper": decay_on_paper,
    "decay": decay,
    "patience": patience,
    "optimizer": optimizer,
}


def rates(experiment: Experiment, updates: int = ON_PAPER_UPDATES) -> Rates:
    """The rate of each of the first updates, (updates,), without any training.

    >>> on_paper = study("decay-on-paper").cells[0].experiment
    >>> rates(on_paper)[[0, 50, 199]].round(5)
    array([0.01   , 0.00167, 0.00048])
    """
    return experiment.rates(np.arange(updates))


def differences() -> list[Difference]:
    """Every default of an optimizer that changed from Keras 2.3 to Keras 3.

    >>> [(one.kind, one.field) for one in differences()][:2]
    [('rmsprop', 'epsilon_inside_root'), ('adagrad', 'learning_rate')]
    """
    found = []
    for kind in OPTIMIZERS:
        two, three = (flat(PRESETS[v][kind].to_dict()) for v in (KERAS_2, KERAS_3))
        fields = dict.fromkeys([*two, *three])
        pairs = (Difference(kind, f, two.get(f), three.get(f)) for f in fields)
        found += [one for one in pairs if one.keras_2 != one.keras_3]
    return found
