"""The reference engine: plain `model.fit` with Keras's own optimizers, schedules and callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from core.engine.columns import check_extra
from core.engine.dropout import ThreefryDropout
from core.engine.keras_models import keras_model
from core.engine.keras_rules import keras_optimizer
from core.engine.keras_schedules import keras_schedule
from core.engine.losses import KERAS_LOSSES
from core.engine.measures import extra_figures
from core.engine.monitor import LearningRateMonitor, Logs
from core.engine.snapshot import Snapshot
from core.engine.with_keras import keras, tf
from core.experiment import Experiment
from core.experiment.data import Split, one_hot
from core.experiment.optimizers import with_velocity
from core.experiment.randomness import batch_order
from core.experiment.records import COLUMNS, Columns, Outcome, Run, Table, no_records

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


def fit(
    experiment: Experiment,
    on_records: Callable[[Table], None] = lambda records: None,
    should_stop: Callable[[], bool] = lambda: False,
    columns: Columns = COLUMNS,
) -> Run:
    """Train one experiment; `on_records` gets each epoch's record, (1, columns), as it ends.

    The first is that of epoch 0. `should_stop` is asked after every batch but the run's last;
    after the last of an epoch once that epoch is recorded.
    """
    check_extra(columns)
    split = experiment.data.load()
    model, callbacks = compiled_model(experiment)
    monitor = LearningRateMonitor()
    recorder = Recorder(experiment, columns, monitor, on_records, should_stop)
    recorder.set_model(model)
    recorder.note(first_row(experiment, model, split))
    fit_model(model, experiment, split, [*callbacks, monitor, recorder])
    rows = np.concatenate([no_records(columns), *recorder.records])
    return Run.from_rows(experiment, rows, recorder.outcome, columns)


def compiled_model(experiment: Experiment) -> tuple[Any, list[Any]]:
    """The model, ready for `fit`, and the callbacks that change its rate.

    With dropout the training step is compiled by XLA: so both engines draw the same masks.
    """
    rate, callbacks = keras_schedule(experiment)
    optimizer = experiment.stages[0].optimizer
    if len(experiment.stages) > 1:
        optimizer = with_velocity(optimizer)
    model = keras_model(experiment, partial(ThreefryDropout, size=experiment.batch_size))
    model.compile(
        keras_optimizer(optimizer, rate),
        getattr(keras.losses, KERAS_LOSSES[experiment.loss])(),
        metrics=["accuracy"],
        jit_compile=experiment.model.dropout > 0,
    )
    return model, callbacks


def fit_model(model: Any, experiment: Experiment, split: Split, callbacks: list[Any]) -> None:
    """Keras's `fit`, on the batches that both engines draw."""
    model.fit(
        batches(experiment, split),
        steps_per_epoch=experiment.updates_per_epoch,
        epochs=experiment.length,
        validation_data=(split.x_test, one_hot(split.y_test, split.classes)),
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )


def first_row(experiment: Experiment, model: Any, split: Split) -> list[float]:
    """The row of epoch 0: what Keras measures before the first update."""
    rate = float(np.float32(experiment.rates(np.array([0]))[0]))
    figures: list[float] = []
    for x, y in ((split.x_train, split.y_train), (split.x_test, split.y_test)):
        figures += model.evaluate(x, one_hot(y, split.classes), batch_size=len(x), verbose=0)
    return [0, 0, rate, *figures]


def batches(experiment: Experiment, split: Split) -> Any:
    """All batches of all epochs, in the drawn order, as one stream."""
    targets = one_hot(split.y_train, split.classes)

    def draw() -> Iterator[tuple[Any, Any]]:
        for epoch in range(experiment.length):
            order = batch_order(len(split.x_train), range(epoch, epoch + 1), experiment.seed)[0]
            for start in range(0, len(order), experiment.batch_size):
                rows = order[start : start + experiment.batch_size]
                yield split.x_train[rows], targets[rows]

    features = split.x_train.shape[1]
    signature = (
        tf.TensorSpec((None, features), tf.float32),
        tf.TensorSpec((None, split.classes), tf.float32),
    )
    return tf.data.Dataset.from_generator(draw, output_signature=signature)


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps a record of each complete epoch, and ends the run where it diverges or is stopped."""

    def __init__(
        self,
        experiment: Experiment,
        columns: Columns,
        monitor: LearningRateMonitor,
        on_records: Callable[[Table], None],
        should_stop: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.experiment, self.extra = experiment, columns[len(COLUMNS) :]
        self.per_epoch, self.monitor = experiment.updates_per_epoch, monitor
        self.on_records, self.should_stop = on_records, should_stop
        self.records: list[Table] = []
        self.outcome = Outcome("finished", experiment.length)

    def note(self, row: list[float]) -> None:
        """Keep a row and tell of it, with the extra columns as things stand."""
        more = extra_figures(self.extra, self.experiment, self.snapshot(int(row[0])))
        self.records.append(np.array([[*row, *more]], np.float64))
        self.on_records(self.records[-1])

    def snapshot(self, epoch: int) -> Snapshot:
        """The weights, and of Adam's memory what a probe looks at."""
        arrays = {f"weight.{n}": array for n, array in enumerate(self.model.get_weights())}
        for name, slots in (("m", "_momentums"), ("v", "_velocities")):
            for n, slot in enumerate(getattr(self.model.optimizer, slots, None) or []):
                arrays[f"memory.{n}.{name}"] = np.asarray(slot)
        return Snapshot(epoch, arrays)

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
        self.note([epoch + 1, (epoch + 1) * self.per_epoch, self.monitor.rates[-1], *figures])
        if epoch + 1 < self.params["epochs"]:
            self.look()

    def look(self) -> None:
        if self.should_stop():
            self.finish(Outcome("stopped", len(self.records) - 1))

    def finish(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.model.stop_training = True
