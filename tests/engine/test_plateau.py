"""The compiled plateau against Keras's own callback, cut by cut."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.engine import plateau, train
from core.engine.keras_fit import fit
from core.engine.keras_schedules import keras_schedule
from core.engine.with_keras import keras, tf
from core.experiment import Experiment

# Keras's own callbacks read variables in a way that NumPy 2 is about to refuse.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

EPOCHS = 80
PLATEAUS = {
    "defaults": {},
    "patient": {"patience": 5, "min_delta": 1e-7},
    "hasty": {"patience": 1, "min_delta": 0.05, "factor": 0.7},
    "cooling": {"patience": 2, "min_delta": 0.02, "cooldown": 3, "factor": 0.5},
    "bounded": {"patience": 1, "min_delta": 0.1, "factor": 0.3, "min_learning_rate": 1e-4},
    "on accuracy": {"monitor": "val_accuracy", "patience": 2, "cooldown": 1, "factor": 0.5},
    "on training loss": {"monitor": "loss", "patience": 3, "factor": 0.5},
    "warmed up": {"patience": 2, "factor": 0.5, "warmup_epochs": 6},
    "down to zero": {"patience": 1, "min_delta": 1.0, "factor": 0.1},
}


def experiment(name: str) -> Experiment:
    schedule = {"kind": "plateau", **PLATEAUS[name]}
    return Experiment().replace({"schedule": schedule, "optimizer.learning_rate": 0.01})


def figures(seed: int) -> np.ndarray:
    """MONITORS by epoch, noisy and falling (losses) or rising (accuracies), as single precision."""
    rng = np.random.default_rng(seed)
    fall = np.exp(-np.arange(EPOCHS)[:, None] / 15) + rng.normal(0, 0.02, (EPOCHS, 4))
    return np.where([True, False, True, False], fall, 1 - fall).astype(np.float32)


def by_keras(one: Experiment, monitors: np.ndarray) -> list[float]:
    """The rate after each epoch, from `ReduceLROnPlateau` on a model that never trains."""
    optimizer = keras.optimizers.SGD(one.optimizer.learning_rate)
    callback = keras_schedule(one)[1][-1]
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    rates = []
    for epoch, row in enumerate(monitors):
        callback.on_epoch_end(epoch, dict(zip(plateau.MONITORS, map(float, row), strict=True)))
        rates.append(float(optimizer.learning_rate))
    return rates


@tf.function(jit_compile=True)
def look(watch, before, epoch, monitors):
    after = plateau.look(
        plateau.Watch(*tf.unstack(watch, axis=1)),
        plateau.Watched(*tf.unstack(before, axis=1)),
        epoch,
        monitors,
    )
    return tf.stack(after, 1)


@pytest.mark.parametrize("name", PLATEAUS)
def test_every_cut_is_made_as_keras_makes_it(name):
    one, monitors = experiment(name), figures(seed=5)
    watch = tf.constant([plateau.watch(one)])
    state = tf.constant([plateau.unwatched(one)])
    rates = []
    for epoch, row in enumerate(monitors):
        state = look(watch, state, tf.constant(epoch), tf.constant(row[None], tf.float64))
        rates.append(float(state[0, 0]))
    expected = by_keras(one, monitors)
    assert len(set(expected)) > 1
    assert rates == expected


def test_a_rate_that_is_cut_for_long_ends_at_zero_on_the_same_epoch_as_in_fit():
    one = Experiment.from_dict(
        {
            "data": {"samples": 40},
            "model": {"hidden": [3]},
            "schedule": {"kind": "plateau", "patience": 1, "min_delta": 1.0},
            "epochs": 60,
            "batch_size": 20,
        }
    )
    rates = train([one])[0].column("learning_rate")
    assert rates[-1] == 0
    np.testing.assert_allclose(rates, fit(one).column("learning_rate"), 1e-6)


def test_a_run_without_a_plateau_is_never_watched():
    assert plateau.watch(Experiment())[0] == plateau.NEVER
