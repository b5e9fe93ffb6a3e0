"""What in an experiment never does anything: no mistake, but seldom meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

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
    "change_too_late": "The change before epoch {epoch} never comes: there are {epochs} epochs.",
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
    return (
        *of_schedule(last_schedule(experiment)),
        *of_optimizer(experiment),
        *of_changes(experiment),
    )


class LastSchedule(NamedTuple):
    """A schedule and while it holds: its path, its epochs of the run, the rates it starts from."""

    schedule: Schedule
    path: str
    first: int  # counted from 0
    end: int  # the run's length
    rates: list[float]

    def note(self, code: str, parameters: Mapping[str, Any], name: str) -> Note:
        return Note(code, parameters, f"{self.path}.{name}")


def last_schedule(experiment: Experiment) -> LastSchedule:
    """The schedule at the end of the run; one before it was meant to end when it did."""
    stages = experiment.reached_stages
    first, path = stages[-1].schedule_first, "schedule"
    for number, change in enumerate(experiment.changes):
        if change.schedule is not None and change.epoch - 1 == first:
            path = f"changes.{number}.schedule"
    rates = [one.optimizer.learning_rate for one in stages if one.schedule_first == first]
    return LastSchedule(stages[-1].schedule, path, first, experiment.length, rates)


def of_schedule(of: LastSchedule) -> Iterator[Note]:
    schedule, epochs = of.schedule, of.end - of.first
    if schedule.warmup_epochs and schedule.warmup_epochs >= epochs:
        rate = of.rates[-1]
        end = float(f"{rate * epochs / schedule.warmup_epochs:.2g}")
        yield of.note("never_warm", {"end": end, "rate": rate}, "warmup_epochs")
    elif isinstance(schedule, Plateau):
        yield from of_plateau(schedule, of)
    elif isinstance(schedule, Step) and schedule.warmup_epochs + schedule.every_epochs >= epochs:
        first = of.first + schedule.warmup_epochs + schedule.every_epochs
        yield of.note("step_too_late", {"first": first, "epochs": of.end}, "every_epochs")
    else:
        yield from of_constants(of)


def of_plateau(schedule: Plateau, of: LastSchedule) -> Iterator[Note]:
    """The first epoch after the warm-up always improves; `patience` more, and the rate is cut."""
    lowest, rate = schedule.min_learning_rate, max(of.rates)
    first = of.first + schedule.warmup_epochs + 1 + schedule.patience
    if np.float32(lowest) >= np.float32(rate):  # as Keras holds a rate
        yield of.note("lowest_not_below", {"lowest": lowest, "rate": rate}, "min_learning_rate")
    elif first >= of.end:
        yield of.note("patience_too_long", {"first": first, "epochs": of.end}, "patience")
    elif schedule.cooldown == 1:
        yield of.note("cooldown_of_one", {}, "cooldown")


def of_constants(of: LastSchedule) -> Iterator[Note]:
    name, still = STAYS.get(type(of.schedule), ("", None))
    if name and getattr(of.schedule, name) == still:
        yield of.note("stays", {"field": name, "value": still}, name)


def of_optimizer(experiment: Experiment) -> Iterator[Note]:
    optimizers = [stage.optimizer for stage in experiment.reached_stages]
    is_nesterov = getattr(experiment.optimizer, "nesterov", False)
    if is_nesterov and not any(getattr(one, "momentum", 1.0) for one in optimizers):
        yield Note("nesterov_alone", {}, "optimizer.nesterov")


def of_changes(experiment: Experiment) -> Iterator[Note]:
    for number, change in enumerate(experiment.changes):
        if change.epoch > experiment.length:
            late = {"epoch": change.epoch, "epochs": experiment.length}
            yield Note("change_too_late", late, f"changes.{number}.epoch")
