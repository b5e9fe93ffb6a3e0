"""The tutorial's callback: the learning rate of every epoch, for any `fit`."""

from __future__ import annotations

from typing import Any

import keras

Logs = dict[str, Any]


class LearningRateMonitor(keras.callbacks.Callback):  # type: ignore[misc]
    """Records in `rates` the rate that each epoch's last update was made with.

    A rate set from outside is read when a batch ends, so that callbacks which set it between
    epochs or before a batch may stand before or behind this one. A `LearningRateSchedule` is read
    when the batch begins, because afterwards it already names the next update's rate.

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
        self.scheduled = False

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.rates = []
        self.scheduled = not isinstance(self.model.optimizer.learning_rate, keras.Variable)

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        if self.scheduled:
            self.rate = float(self.model.optimizer.learning_rate)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if not self.scheduled:
            self.rate = float(self.model.optimizer.learning_rate)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.rates.append(self.rate)
