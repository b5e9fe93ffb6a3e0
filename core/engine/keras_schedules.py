"""Experiments' schedules as Keras has them: a rate, a `LearningRateSchedule` or a callback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.with_keras import keras
from core.experiment import Experiment
from core.experiment.schedules import Constant, Cosine, Exponential, Plateau, Step, TimeDecay

Rate = Any  # a float or a LearningRateSchedule


class WarmUp(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The rate climbs, rate · (update + 1) / updates, then another schedule begins."""

    def __init__(self, rate: float, updates: int, after: Callable[[Any], Any]) -> None:
        self.rate, self.updates, self.after = rate, updates, after

    def __call__(self, step: Any) -> Any:
        step = keras.ops.cast(step, "float32")
        climbing = self.rate * (step + 1) / self.updates
        after = self.after(keras.ops.maximum(step - self.updates, 0))
        return keras.ops.where(step < self.updates, climbing, after)

    def get_config(self) -> dict[str, Any]:
        return {"rate": self.rate, "updates": self.updates, "after": self.after}


class WarmUpByHand(keras.callbacks.Callback):  # type: ignore[misc]
    """The same climb for an optimizer whose rate other callbacks set afterwards."""

    def __init__(self, rate: float, updates: int) -> None:
        super().__init__()
        self.rate, self.updates, self.update = rate, updates, 0

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.update += 1
        if self.update <= self.updates:
            self.model.optimizer.learning_rate = self.rate * self.update / self.updates


class PlateauAfterWarmUp(keras.callbacks.ReduceLROnPlateau):  # type: ignore[misc]
    """`ReduceLROnPlateau` that does not look at the first epochs."""

    def __init__(self, epochs: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.epochs = epochs

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if epoch >= self.epochs:
            super().on_epoch_end(epoch, logs)


def keras_schedule(experiment: Experiment) -> tuple[Rate, list[Any]]:
    """What the optimizer takes for a rate, and the callbacks that change it."""
    schedule, rate = experiment.schedule, experiment.optimizer.learning_rate
    warm = schedule.warmup_epochs * experiment.updates_per_epoch
    if not isinstance(schedule, Step | Plateau):
        law = keras_law(experiment)
        if warm:
            return WarmUp(rate, warm, law), []
        return (rate if isinstance(schedule, Constant) else law), []
    after = step(schedule, rate) if isinstance(schedule, Step) else plateau(schedule)
    return rate, [WarmUpByHand(rate, warm), after] if warm else [after]


def keras_law(experiment: Experiment) -> Any:
    """The schedule as a function of the update number, without its warm-up."""
    schedule, rate = experiment.schedule, experiment.optimizer.learning_rate
    per_epoch = experiment.updates_per_epoch
    laws = keras.optimizers.schedules
    match schedule:
        case TimeDecay():
            return laws.InverseTimeDecay(rate, 1, schedule.decay)
        case Exponential():
            every = schedule.every_epochs * per_epoch
            return laws.ExponentialDecay(rate, every, schedule.decay_rate)
        case Cosine():
            epochs = max(experiment.epochs - schedule.warmup_epochs, 1)
            return laws.CosineDecay(rate, epochs * per_epoch, alpha=schedule.final_fraction)
        case _:
            return lambda update: rate


def step(schedule: Step, rate: float) -> Any:
    """The callback that multiplies the rate every so many epochs after the warm-up."""

    def at(epoch: int, _: float) -> float:
        drops = max(epoch - schedule.warmup_epochs, 0) // schedule.every_epochs
        return rate * schedule.factor**drops

    return keras.callbacks.LearningRateScheduler(at)


def plateau(schedule: Plateau) -> Any:
    settings = {
        "monitor": schedule.monitor,
        "factor": schedule.factor,
        "patience": schedule.patience,
        "mode": "max" if schedule.monitor.endswith("accuracy") else "min",
        "min_delta": schedule.min_delta,
        "cooldown": schedule.cooldown,
        "min_lr": schedule.min_learning_rate,
    }
    if schedule.warmup_epochs:
        return PlateauAfterWarmUp(schedule.warmup_epochs, **settings)
    return keras.callbacks.ReduceLROnPlateau(**settings)
