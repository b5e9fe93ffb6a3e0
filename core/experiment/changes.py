"""Changes: settings that become others at the start of an epoch, and the stages they make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from core.experiment.field_types import English, Integer, Number, Rule, accept
from core.experiment.fields import meaning, rules
from core.experiment.limits import CHANGES_MAX, EPOCHS_MAX
from core.experiment.numbers import Unreadable
from core.experiment.optimizers import Optimizer
from core.experiment.parts import part, read_json
from core.experiment.refusals import FieldError, Reason, because
from core.experiment.schedules import Plateau, Rates, Schedule, Updates

# The rate is the schedule's, and where a memory starts is used up by the time of a change.
NOT_OF_THE_RULE = ("learning_rate", "initial_accumulator_value")


@dataclass(frozen=True)
class Change:
    """What becomes another setting before an epoch's first update; what is left out stays.

    A schedule is given as a whole, and its count of updates starts at the change. `epochs` is the
    length of the run from then on. Where an optimizer's memory starts has been used up by the time
    of a change: another `initial_accumulator_value` changes nothing.
    """

    epoch: int  # counted from 1
    optimizer: tuple[tuple[str, float], ...] = ()  # its numbers by name
    schedule: Schedule | None = None
    epochs: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Everything that was given, in order, with plain JSON values.

        >>> Change(100, (("learning_rate", 0.001),), epochs=300).to_dict()
        {'epoch': 100, 'optimizer.learning_rate': 0.001, 'epochs': 300}
        """
        numbers = {f"optimizer.{name}": value for name, value in self.optimizer}
        schedule = {} if self.schedule is None else {"schedule": self.schedule.canonical()}
        epochs = {} if self.epochs is None else {"epochs": self.epochs}
        return {"epoch": self.epoch, **numbers, **schedule, **epochs}


class Stage(NamedTuple):
    """A part of a run in which no setting changes; epochs count from 0."""

    first: int  # epoch from which it holds
    schedule_first: int  # epoch at which the schedule's count of updates starts
    epochs: int  # the run's length as far as is known by then
    optimizer: Optimizer
    schedule: Schedule

    @property
    def warm(self) -> int:
        """The epoch at which the schedule's warm-up is over."""
        return self.schedule_first + self.schedule.warmup_epochs

    @property
    def is_watched(self) -> bool:
        """Whether a plateau may cut the rate in a run of any length, if it still has this rate."""
        plateau, rate = self.schedule, self.optimizer.learning_rate
        if not isinstance(plateau, Plateau) or self.first_cut >= EPOCHS_MAX:
            return False
        return bool(np.float32(plateau.min_learning_rate) < np.float32(rate))  # as Keras holds it

    @property
    def first_cut(self) -> float:
        """The epoch, counted from 1, after which a plateau can first cut the rate.

        The first after the warm-up always improves.
        """
        plateau = self.schedule
        return self.warm + 1 + plateau.patience if isinstance(plateau, Plateau) else math.inf

    @property
    def rule(self) -> dict[str, Any]:
        """What an update goes by beside the rate."""
        return {k: v for k, v in self.optimizer.to_dict().items() if k not in NOT_OF_THE_RULE}

    def rates(self, updates: Updates, updates_per_epoch: int) -> Rates:
        """The rate of updates of this stage, counted from the run's first; shape as `updates`."""
        return self.schedule.rates(
            self.optimizer.learning_rate,
            updates - self.schedule_first * updates_per_epoch,
            updates_per_epoch,
            self.epochs - self.schedule_first,
        )


@dataclass(frozen=True)
class Changes(English):
    """A list of changes; as text it is JSON."""

    most: int = CHANGES_MAX

    @property
    def reason(self) -> Reason:
        return because("changes", most=self.most)

    def accept(self, value: Any) -> tuple[Any, ...]:
        """The changes as they are; what each must be depends on the experiment, `read_changes`."""
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise ValueError
        if len(value) > self.most:
            raise ValueError
        return tuple(value)

    def read(self, text: str) -> tuple[Any, ...]:
        try:
            return self.accept(read_json(text))
        except (ValueError, RecursionError):
            raise Unreadable(because("changes_text", most=self.most)) from None


def read_changes(given: Sequence[Any], optimizer: Optimizer) -> tuple[Change, ...]:
    """Changes of a run with this optimizer, in order.

    Raises `FieldError` by the full path, in which changes count from 1, as epochs do.

    >>> from core.experiment.optimizers import Sgd
    >>> read_changes([{"epoch": 5, "optimizer.momentum": 0.9}], Sgd())[0].optimizer
    (('momentum', 0.9),)
    """
    changes: list[Change] = []
    for number, one in enumerate(given, start=1):
        after = changes[-1].epoch if changes else 0
        try:
            changes.append(read_change(one, optimizer, after))
        except FieldError as error:
            raise error.under(f"changes.{number}", "Experiment") from None
    return tuple(changes)


def read_change(given: Any, optimizer: Optimizer, after: int) -> Change:
    """One change, later than the epoch `after`. Raises `FieldError`."""
    if isinstance(given, Change):
        given = given.to_dict()
    numbers = {f"optimizer.{name}": rule for name, rule in numbers_of(optimizer).items()}
    refuse_fixed(given, (*numbers, "schedule", "epochs"))
    if after == EPOCHS_MAX:
        raise FieldError(
            "Change", "epoch", because("after_last_epoch", last=EPOCHS_MAX), given.get("epoch")
        )
    epoch = check("epoch", Integer(after + 1, EPOCHS_MAX), given.get("epoch"))
    if len(given) == 1:
        raise FieldError("Change", "", because("empty_change"), dict(given))
    schedule = part("schedule", given["schedule"]) if "schedule" in given else None
    if not isinstance(schedule, Schedule | None):
        raise FieldError("Change", "schedule", because("no_schedule"), given["schedule"])
    length = Integer(epoch, EPOCHS_MAX)
    return Change(
        epoch,
        tuple(
            (path.removeprefix("optimizer."), check(path, rule, given[path]))
            for path, rule in numbers.items()
            if path in given
        ),
        schedule,
        check("epochs", length, given["epochs"]) if "epochs" in given else None,
    )


def refuse_fixed(given: Any, known: Sequence[str]) -> None:
    """Raise `FieldError` unless a change is a mapping of settings that can change."""
    if not isinstance(given, Mapping):
        raise FieldError("Change", "", because("no_object"), given)
    for name in given:
        if name != "epoch" and name not in known:
            raise FieldError("Change", "", because("cannot_change", known=tuple(known)), name)


def numbers_of(optimizer: Optimizer) -> dict[str, Rule]:
    """What may change of an optimizer: its numbers, not which rule it follows.

    >>> from core.experiment.optimizers import Sgd
    >>> list(numbers_of(Sgd()))
    ['learning_rate', 'momentum', 'weight_decay', 'clipnorm']
    """
    return {name: rule for name, rule in rules(type(optimizer)).items() if isinstance(rule, Number)}


def check(path: str, rule: Rule, value: Any) -> Any:
    """The value as its rule has it, or of text the number that it means. Raises `FieldError`."""
    return accept("Change", path, rule, meaning("Change", path, rule, value))


def stages_of(first: Stage, changes: Sequence[Change]) -> tuple[Stage, ...]:
    """The stages of a run that begins with the first one."""
    stages = [first]
    for change in changes:
        before, epoch = stages[-1], change.epoch - 1
        optimizer: Any = before.optimizer
        stage = before._replace(
            first=epoch,
            optimizer=replace(optimizer, **dict(change.optimizer)),
            epochs=change.epochs or before.epochs,
        )
        if change.schedule is not None:
            stage = stage._replace(schedule=change.schedule, schedule_first=epoch)
        if epoch == before.first:  # changed before the first update: nothing is left of it
            stages.pop()
        stages.append(stage)
    return tuple(stages)


def rates_of(stages: Sequence[Stage], updates: Updates, updates_per_epoch: int) -> Rates:
    """The rate of each update, counted from 0, of a run with these stages; shape as `updates`."""
    firsts = [stage.first for stage in stages]
    numbers = np.searchsorted(firsts, updates // updates_per_epoch, side="right") - 1
    rates = np.empty(updates.shape)
    for number in np.unique(numbers):
        mine = numbers == number
        rates[mine] = stages[number].rates(updates[mine], updates_per_epoch)
    return rates
