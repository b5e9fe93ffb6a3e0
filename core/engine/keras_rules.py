"""Experiments' optimizers as Keras optimizers, with the two rules that Keras 3 has dropped."""

from __future__ import annotations

from typing import Any

from core.engine.with_keras import keras
from core.experiment.optimizers import KERAS_CLASSES, Optimizer

OURS = {"kind", "learning_rate", "epsilon_inside_root"}  # fields that are no argument of Keras's


class RmsPropOutside(keras.optimizers.RMSprop):  # type: ignore[misc]
    """RMSprop with epsilon outside the root (Keras 2.3.1, `keras/optimizers.py`)."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        mean = self._velocities[self._get_variable_index(variable)]
        mean.assign(self.rho * mean + (1 - self.rho) * keras.ops.square(gradient))
        variable.assign_sub(learning_rate * gradient / (keras.ops.sqrt(mean) + self.epsilon))


class AdagradOutside(keras.optimizers.Adagrad):  # type: ignore[misc]
    """Adagrad with epsilon outside the root (Keras 2.3.1, `keras/optimizers.py`)."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        total = self._accumulators[self._get_variable_index(variable)]
        total.assign_add(keras.ops.square(gradient))
        variable.assign_sub(learning_rate * gradient / (keras.ops.sqrt(total) + self.epsilon))


OUTSIDE = {"rmsprop": RmsPropOutside, "adagrad": AdagradOutside}


def keras_optimizer(optimizer: Optimizer, rate: Any) -> Any:
    """The Keras optimizer with this rule and these numbers; `rate` a float or a schedule."""
    named = optimizer.to_dict()
    kind = getattr(keras.optimizers, KERAS_CLASSES[optimizer.kind])
    if not named.get("epsilon_inside_root", True):
        kind = OUTSIDE[optimizer.kind]
    return kind(rate, **{name: value for name, value in named.items() if name not in OURS})


def set_numbers(optimizer: Any, wanted: Optimizer) -> None:
    """Give a Keras optimizer the numbers of a description, the rate aside."""
    for name, value in wanted.to_dict().items():
        if name not in OURS:
            setattr(optimizer, name, value)
