"""Experiments' optimizers as Keras optimizers, with the two rules that Keras 3 has dropped."""

from __future__ import annotations

from typing import Any

from core.engine.with_keras import keras
from core.experiment.optimizers import Adagrad, Adam, Optimizer, RmsProp, Sgd


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


def keras_optimizer(optimizer: Optimizer, rate: Any) -> Any:
    """The Keras optimizer with this rule and these numbers; `rate` a float or a schedule."""
    match optimizer:
        case Sgd():
            return keras.optimizers.SGD(
                rate, momentum=optimizer.momentum, nesterov=optimizer.nesterov
            )
        case RmsProp():
            kind = keras.optimizers.RMSprop if optimizer.epsilon_inside_root else RmsPropOutside
            return kind(rate, rho=optimizer.rho, epsilon=optimizer.epsilon)
        case Adagrad():
            kind = keras.optimizers.Adagrad if optimizer.epsilon_inside_root else AdagradOutside
            start = optimizer.initial_accumulator_value
            return kind(rate, initial_accumulator_value=start, epsilon=optimizer.epsilon)
        case Adam():
            return keras.optimizers.Adam(
                rate,
                beta_1=optimizer.beta_1,
                beta_2=optimizer.beta_2,
                epsilon=optimizer.epsilon,
            )
