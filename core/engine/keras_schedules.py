"""Experiments' schedules as Keras has them: a rate, a `LearningRateSchedule`, or callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.keras_rules import set_numbers
from core.engine.with_keras import keras
from core.experiment import Experiment
from core.experiment.changes import Stage
from core.experiment.optimizers import with_velocity
from core.experiment.schedules import Constant, Cosine, Exponential, Plateau, Step, TimeDecay

Rate = Any  # a float or a LearningRateSchedule
Logs = dict[str, Any]


class WarmUp(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The rate climbs, rate · (update + 1) / updates, then another schedule begins."""

    def __init__(self, rate: float, updates: int, after: Callable[[Any], Any]) -> None:
        self.rate, self.updates, self.after = rate, updates, after

    def __call__(self, step: Any) -> Any:
        step = keras.ops.cast(step, "float32")
        climbing = self.rate * (step + 1) / self.updates
        after = self.after(keras.ops.maximum(step - self.updates, 0))
        return keras.ops.where(step < self.updates, climbing, after)


class PlateauAfterWarmUp(keras.callbacks.ReduceLROnPlateau):  # type: ignore[misc]
    """`ReduceLROnPlateau` that does not look at the first epochs."""

    def __init__(self, epochs: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.epochs = epochs

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if epoch >= self.epochs:
            super().on_epoch_end(epoch, logs)


class Stages(keras.callbacks.Callback):  # type: ignore[misc]
    """Sets the rate before every update and, at a change, the optimizer's other numbers.

    For schedules that Keras has as callbacks, and for runs with changes. The numbers of a Keras
    optimizer are constants of the traced training step, so a change has it traced anew; slots,
    batches and the plateau's memory go on as they are, because it is all one `fit`.
    """

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment, self.per_epoch = experiment, experiment.updates_per_epoch
        self.stage = experiment.stages[0]
        self.law = keras_law(self.stage, self.per_epoch)
        self.plateau = keras_plateau(self.stage)
        self.update = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.watch()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        for stage in self.experiment.stages:
            if stage.first == epoch > 0:
                self.enter(stage)

    def enter(self, stage: Stage) -> None:
        """At the start of a stage: only what changes is touched."""
        before, self.stage = self.stage, stage
        self.law = keras_law(stage, self.per_epoch)
        optimizer = self.model.optimizer
        if stage.schedule_first != before.schedule_first:
            self.plateau = keras_plateau(stage)
            self.watch()
        if self.plateau and stage.optimizer.learning_rate != before.optimizer.learning_rate:
            optimizer.learning_rate = stage.optimizer.learning_rate
        set_numbers(optimizer, with_velocity(stage.optimizer))
        self.model.make_train_function(force=True)

    def watch(self) -> None:
        if self.plateau:
            self.plateau.set_model(self.model)
            self.plateau.on_train_begin()
            self.model.optimizer.learning_rate = self.stage.optimizer.learning_rate

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        since = self.update - self.stage.schedule_first * self.per_epoch
        warm = self.stage.schedule.warmup_epochs * self.per_epoch
        if not self.plateau or since < warm:
            self.model.optimizer.learning_rate = float(self.law(since))
        elif since == warm > 0:  # the watch goes on from the full rate
            self.model.optimizer.learning_rate = self.stage.optimizer.learning_rate
        self.update += 1

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.plateau:
            self.plateau.on_epoch_end(epoch, logs)


def keras_schedule(experiment: Experiment) -> tuple[Rate, list[Any]]:
    """What the optimizer takes for a rate, and the callbacks that change it."""
    first = experiment.stages[0]
    if len(experiment.stages) > 1 or isinstance(first.schedule, Step | Plateau):
        return first.optimizer.learning_rate, [Stages(experiment)]
    if isinstance(first.schedule, Constant) and not first.schedule.warmup_epochs:
        return first.optimizer.learning_rate, []
    return keras_law(first, experiment.updates_per_epoch), []


def keras_law(stage: Stage, updates_per_epoch: int) -> Any:
    """A stage's schedule as a function of the updates since the schedule began."""
    warm = stage.schedule.warmup_epochs * updates_per_epoch
    law = law_after_warm_up(stage, updates_per_epoch)
    return WarmUp(stage.optimizer.learning_rate, warm, law) if warm else law


def law_after_warm_up(stage: Stage, updates_per_epoch: int) -> Any:
    """One of Keras's schedules; a plateau's law is the rate that has not been cut."""
    schedule, rate = stage.schedule, stage.optimizer.learning_rate
    laws = keras.optimizers.schedules
    match schedule:
        case TimeDecay():
            return laws.InverseTimeDecay(rate, 1, schedule.decay)
        case Step():
            every = schedule.every_epochs * updates_per_epoch
            return laws.ExponentialDecay(rate, every, schedule.factor, staircase=True)
        case Exponential():
            every = schedule.every_epochs * updates_per_epoch
            return laws.ExponentialDecay(rate, every, schedule.decay_rate)
        case Cosine():
            epochs = max(stage.epochs - stage.schedule_first - schedule.warmup_epochs, 1)
            return laws.CosineDecay(rate, epochs * updates_per_epoch, alpha=schedule.final_fraction)
        case _:
            return lambda update: rate


def keras_plateau(stage: Stage) -> Any:
    """The callback of a stage whose schedule is a plateau; otherwise None."""
    schedule = stage.schedule
    if not isinstance(schedule, Plateau):
        return None
    return PlateauAfterWarmUp(
        stage.schedule_first + schedule.warmup_epochs,
        monitor=schedule.monitor,
        factor=schedule.factor,
        patience=schedule.patience,
        mode="max" if schedule.monitor.endswith("accuracy") else "min",
        min_delta=schedule.min_delta,
        cooldown=schedule.cooldown,
        min_lr=schedule.min_learning_rate,
    )
