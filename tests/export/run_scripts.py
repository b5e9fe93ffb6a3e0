"""Executes exported programs, one after the other, in a process that has TensorFlow.

Reads a JSON list of experiments, and checks of each program that it trains to its last epoch on the
same points, in another order every epoch, and that its rates are those of the schedule.
"""

import json
import sys
from contextlib import redirect_stdout
from io import StringIO

import numpy as np

from core.experiment import Experiment
from core.export.keras_script import keras_script


def check(experiment):
    made = {"__name__": "__main__"}
    with redirect_stdout(StringIO()) as printed:
        exec(compile(keras_script(experiment), "exported", "exec"), made)
    split = experiment.data.load()
    assert np.allclose(made["x_train"], split.x_train)
    assert np.allclose(made["x_test"], split.x_test)
    assert (made["y_train"].argmax(1) == split.y_train).all()
    assert made["model"].count_params() == experiment.model.parameters(
        experiment.data.features, experiment.data.classes
    )
    assert made["history"].epoch[-1] == experiment.epochs - 1
    assert "test accuracy:" in printed.getvalue()
    assert int(made["optimizer"].iterations) == experiment.epochs * experiment.updates_per_epoch
    check_order(made["batches"], np.asarray(made["x_train"]), experiment.batch_size)
    if "learning_rate" in made:
        check_rates(experiment, made["learning_rate"])


def check_order(batches, x_train, batch_size):
    """Every epoch has all rows, in an order of its own."""
    epochs = [[x.numpy() for x, _ in batches] for _ in range(2)]
    assert {len(x) for x in epochs[0][:-1]} <= {min(batch_size, len(x_train))}
    first, second = (np.concatenate(epoch) for epoch in epochs)
    assert not np.array_equal(first, second)
    for epoch in (first, second):
        assert np.array_equal(np.sort(epoch, axis=0), np.sort(x_train, axis=0))


def check_rates(experiment, schedule):
    updates = np.arange(experiment.epochs * experiment.updates_per_epoch)
    ours = experiment.schedule.rates(
        experiment.optimizer.learning_rate,
        updates,
        experiment.updates_per_epoch,
        experiment.epochs,
    )
    assert np.allclose([float(schedule(update)) for update in updates], ours, rtol=1e-5)


if __name__ == "__main__":
    for given in json.load(sys.stdin):
        check(Experiment.from_dict(given))
        print(json.dumps(given))
