"""The tutorial's callback: the learning rate of every epoch, for any `fit`."""

from __future__ import annotations

from typing import Any

import keras

Logs = dict[str, Any]


class LearningRateMonitor(keras.callbacks.Callback):  # type: ignore[misc]
    """Records in `rates` the rate that each epoch's last update was made with.

    It is read whenever a batch, or an execution of several, ends: so callbacks which set the rate
    between epochs or before a batch may stand before or behind this one.

    >>> monitor = LearningRateMonitor()
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(0.25), "mse")
    >>> one = keras.ops.ones((1, 1))
    >>> history = model.fit(one, one, epochs=2, verbose=0, callbacks=[monitor])
    >>> monitor.rates
    [0.25, 0.25]
    """

    def __init__(self) -> None:
        super().__init__()
        self.rates: list[float] = []
        self.rate = float("nan")

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.rates = []

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.rate = last_rate(self.model.optimizer)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.rates.append(self.rate)


def last_rate(optimizer: Any) -> float:
    """The rate of the update that was made last; a schedule itself already names the next one's.

    A schedule counts batches, also where an update is made only every so many of them.

    >>> sgd = keras.optimizers.SGD(keras.optimizers.schedules.InverseTimeDecay(0.5, 1, 1.0))
    >>> _ = sgd.iterations.assign(3)
    >>> f"{last_rate(sgd):.4f}, then {float(sgd.learning_rate):.4f}"
    '0.1667, then 0.1250'
    """
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of one that scales the loss
    law = optimizer._learning_rate  # Keras shows a schedule only by its present value
    if not isinstance(law, keras.optimizers.schedules.LearningRateSchedule):
        return float(optimizer.learning_rate)
    batches = int(optimizer._iterations)
    batches -= batches % (optimizer.gradient_accumulation_steps or 1)
    return float(law(keras.ops.convert_to_tensor(max(batches - 1, 0))))
