"""The reference engine: plain `model.fit` with Keras's own optimizers, schedules and callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from core.engine.keras_rules import keras_optimizer
from core.engine.keras_schedules import keras_schedule
from core.engine.monitor import LearningRateMonitor, Logs
from core.engine.with_keras import keras, tf
from core.experiment import Experiment
from core.experiment.data import Split
from core.experiment.randomness import batch_order, initial_weights
from core.experiment.records import Outcome, Run, Table, no_records

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


def fit(
    experiment: Experiment,
    on_records: Callable[[Table], None] = lambda records: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Train one experiment; `on_records` gets each epoch's record, (1, COLUMNS), as it ends."""
    split = experiment.data.load()
    rate, changes = keras_schedule(experiment)
    model = keras_model(experiment)
    model.compile(
        keras_optimizer(experiment.optimizer, rate),
        keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    monitor = LearningRateMonitor()
    recorder = Recorder(experiment, monitor, on_records, should_stop)
    model.fit(
        batches(experiment, split),
        steps_per_epoch=experiment.updates_per_epoch,
        epochs=experiment.epochs,
        validation_data=(split.x_test, split.y_test),
        callbacks=[monitor, *changes, recorder],
        shuffle=False,
        verbose=0,
    )
    return Run(experiment, np.concatenate([no_records(), *recorder.records]), recorder.outcome)


def keras_model(experiment: Experiment) -> Any:
    """The network as a Keras model, with the experiment's initial weights."""
    data, network = experiment.data, experiment.model
    layers = keras.layers
    model = keras.Sequential([keras.Input((data.features,))])
    for units in network.hidden:
        model.add(layers.Dense(units, activation=network.activation))
    model.add(layers.Dense(data.classes, activation="softmax"))
    model.set_weights(initial_weights(experiment))
    return model


def batches(experiment: Experiment, split: Split) -> Any:
    """All batches of all epochs, in the drawn order, as one stream."""

    def draw() -> Iterator[tuple[Any, Any]]:
        for epoch in range(experiment.epochs):
            order = batch_order(len(split.x_train), range(epoch, epoch + 1), experiment.seed)[0]
            for start in range(0, len(order), experiment.batch_size):
                rows = order[start : start + experiment.batch_size]
                yield split.x_train[rows], split.y_train[rows]

    features = split.x_train.shape[1]
    signature = (tf.TensorSpec((None, features), tf.float32), tf.TensorSpec((None,), tf.int32))
    return tf.data.Dataset.from_generator(draw, output_signature=signature)


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps a record of each complete epoch, and ends the run where it diverges or is stopped."""

    def __init__(
        self,
        experiment: Experiment,
        monitor: LearningRateMonitor,
        on_records: Callable[[Table], None],
        should_stop: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.per_epoch, self.monitor = experiment.updates_per_epoch, monitor
        self.on_records, self.should_stop = on_records, should_stop
        self.records: list[Table] = []
        self.outcome = Outcome("finished", experiment.epochs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if batch < self.per_epoch - 1:
            self.look()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.outcome.kind == "stopped" or logs is None:
            return
        figures = [logs[name] for name in FIGURES]
        if not np.isfinite([logs["loss"], logs["val_loss"]]).all():
            self.finish(Outcome("diverged", epoch + 1))
            return
        updates = (epoch + 1) * self.per_epoch
        self.records.append(np.array([[epoch + 1, updates, self.monitor.rates[-1], *figures]]))
        self.on_records(self.records[-1])
        if epoch + 1 < self.params["epochs"]:
            self.look()

    def look(self) -> None:
        if self.should_stop():
            self.finish(Outcome("stopped", len(self.records)))

    def finish(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.model.stop_training = True
