"""What in an experiment never does anything: no mistake, but seldom meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.experiment.experiment import Experiment
from core.experiment.refusals import Reason
from core.experiment.schedules import Cosine, Exponential, Plateau, Schedule, Step, TimeDecay

ENGLISH = {
    "never_warm": "The run ends within the warm-up, at a rate of {end} of {rate}: the schedule"
    " never begins.",
    "lowest_not_below": "The rate can never be cut: the lowest rate, {lowest}, is not below the"
    " rate, {rate}.",
    "patience_too_long": "The rate is never cut: the first cut could come after epoch {first}, and"
    " there are {epochs}.",
    "cooldown_of_one": "A cooldown of 1 does nothing: the epoch that ends it is counted.",
    "step_too_late": "The rate never steps down: the first step would come after epoch {first}, and"
    " there are {epochs}.",
    "stays": "The rate stays as it is: {field} is {value}.",
    "nesterov_alone": "Nesterov changes nothing without momentum.",
}
# Of these schedules the field and the value with which the rate stays as it is.
STAYS: dict[type[Schedule], tuple[str, float]] = {
    TimeDecay: ("decay", 0.0),
    Step: ("factor", 1.0),
    Exponential: ("decay_rate", 1.0),
    Cosine: ("final_fraction", 1.0),
}


@dataclass(frozen=True)
class Note(Reason):
    """What is noted, as a code with parameters, and the path of the field that it is about."""

    path: str

    @property
    def english(self) -> str:
        """The sentence."""
        return self.fill(ENGLISH[self.code])


def notes(experiment: Experiment) -> tuple[Note, ...]:
    """Everything that is to be noted of an experiment.

    >>> late = {"schedule.kind": "plateau", "schedule.patience": 30, "epochs": 20}
    >>> [(note.path, note.english) for note in notes(Experiment().replace(late))]
    [('schedule.patience', 'The rate is never cut: the first cut could come after epoch 31, and \
there are 20.')]
    """
    return (*of_schedule(experiment), *of_optimizer(experiment))


def of_schedule(experiment: Experiment) -> Iterator[Note]:
    schedule, epochs = experiment.schedule, experiment.epochs
    rate = experiment.optimizer.learning_rate
    if schedule.warmup_epochs and schedule.warmup_epochs >= epochs:
        end = float(f"{rate * epochs / schedule.warmup_epochs:.2g}")
        yield Note("never_warm", {"end": end, "rate": rate}, "schedule.warmup_epochs")
    elif isinstance(schedule, Plateau):
        yield from of_plateau(schedule, rate, epochs)
    elif isinstance(schedule, Step) and schedule.warmup_epochs + schedule.every_epochs >= epochs:
        first = schedule.warmup_epochs + schedule.every_epochs
        yield Note("step_too_late", {"first": first, "epochs": epochs}, "schedule.every_epochs")
    else:
        yield from of_constants(schedule)


def of_plateau(schedule: Plateau, rate: float, epochs: int) -> Iterator[Note]:
    """The first epoch after the warm-up always improves; `patience` more, and the rate is cut."""
    lowest = schedule.min_learning_rate
    first = schedule.warmup_epochs + 1 + schedule.patience
    if np.float32(lowest) >= np.float32(rate):  # as Keras holds a rate
        limits: Mapping[str, Any] = {"lowest": lowest, "rate": rate}
        yield Note("lowest_not_below", limits, "schedule.min_learning_rate")
    elif first >= epochs:
        yield Note("patience_too_long", {"first": first, "epochs": epochs}, "schedule.patience")
    elif schedule.cooldown == 1:
        yield Note("cooldown_of_one", {}, "schedule.cooldown")


def of_constants(schedule: Schedule) -> Iterator[Note]:
    name, still = STAYS.get(type(schedule), ("", None))
    if name and getattr(schedule, name) == still:
        yield Note("stays", {"field": name, "value": still}, f"schedule.{name}")


def of_optimizer(experiment: Experiment) -> Iterator[Note]:
    optimizer = experiment.optimizer
    if getattr(optimizer, "nesterov", False) and not getattr(optimizer, "momentum", 1.0):
        yield Note("nesterov_alone", {}, "optimizer.nesterov")
