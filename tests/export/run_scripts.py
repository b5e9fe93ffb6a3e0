"""Executes exported programs, one after the other, in a process that has TensorFlow.

Reads a JSON list of experiments, and checks of each program that it trains to its last epoch on the
same points without a warning, in another order every epoch, that its model, loss and optimizer are
the experiment's, and that its rates are those of the schedules, or given beside the experiment.
"""

import json
import sys
import warnings
from contextlib import redirect_stdout
from io import StringIO

import numpy as np

from core.engine.with_keras import keras  # loaded before any warning counts
from core.experiment import Experiment
from core.experiment.changes import numbers_of
from core.export.keras_script import keras_script

NOT_SHOWN = (DeprecationWarning, PendingDeprecationWarning)  # to who runs a program


def execute(experiment):
    """What a program has made, and what it printed."""
    made = {"__name__": "__main__"}
    program = compile(keras_script(experiment), "exported", "exec")
    with redirect_stdout(StringIO()) as printed, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(program, made)
    shown = [str(one.message) for one in caught if not issubclass(one.category, NOT_SHOWN)]
    assert shown == []
    return made, printed.getvalue()


def check(experiment, rates):
    made, printed = execute(experiment)
    check_data(experiment, made)
    check_model(experiment, made["model"])
    check_optimizer(experiment, made["optimizer"])
    check_order(made["batches"], np.asarray(made["x_train"]), experiment.batch_size)
    assert made["history"].epoch[-1] == experiment.length - 1
    assert np.isfinite(made["history"].history["loss"]).all()
    assert "test accuracy:" in printed
    np.testing.assert_allclose(made["rates"], rates or rates_of(experiment), rtol=1e-5)
    for epoch, rate in enumerate(made["rates"], start=1):
        assert f"{epoch:5}  {rate:.6g}\n" in printed
    return made["history"].history["loss"]


def check_data(experiment, made):
    split = experiment.data.load()
    assert np.allclose(made["x_train"], split.x_train)
    assert np.allclose(made["x_test"], split.x_test)
    assert (made["y_train"].argmax(1) == split.y_train).all()


def check_model(experiment, model):
    assert sum(weight.size for weight in model.get_weights()) >= experiment.parameters
    learned = sum(weight.numpy().size for weight in model.trainable_weights)
    assert learned == experiment.parameters
    kinds = [layer.kind for layer in experiment.model.layers(*model.input_shape[1:], 10)]
    assert [type(layer).__name__ for layer in model.layers] == kinds
    words = {"cross_entropy": "categorical_crossentropy", "squared_error": "mean_squared_error"}
    assert model.loss == words[experiment.loss]
    assert bool(model.losses) == (experiment.model.l2 > 0)


def check_optimizer(experiment, optimizer):
    """Its class, and every number as it is at the end."""
    ours = [one for one in experiment.stages if one.first < experiment.length][-1].optimizer
    assert type(optimizer).__name__.lower() == ours.kind
    assert isinstance(optimizer, getattr(keras.optimizers, type(optimizer).__name__))
    for name in numbers_of(ours).keys() - {"learning_rate"}:
        assert (getattr(optimizer, name) or 0.0) == getattr(ours, name)
    assert int(optimizer.iterations) == experiment.length * experiment.updates_per_epoch


def check_order(batches, x_train, batch_size):
    """Every epoch has all rows, in an order of its own."""
    epochs = [[x.numpy() for x, _ in batches] for _ in range(2)]
    assert {len(x) for x in epochs[0][:-1]} <= {min(batch_size, len(x_train))}
    first, second = (np.concatenate(epoch) for epoch in epochs)
    assert not np.array_equal(first, second)
    for epoch in (first, second):
        assert np.array_equal(np.sort(epoch, axis=0), np.sort(x_train, axis=0))


def rates_of(experiment):
    """Of every epoch's last update; no plateau cuts a rate in so few epochs."""
    per_epoch = experiment.updates_per_epoch
    return experiment.rates(np.arange(1, experiment.length + 1) * per_epoch - 1)


if __name__ == "__main__":
    for given, rates in json.load(sys.stdin):
        print(json.dumps(check(Experiment.from_dict(given), rates)))
