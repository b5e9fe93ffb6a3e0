"""The compiled plateau against Keras's own callback, cut by cut."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.engine import plateau, train
from core.engine.keras_fit import fit
from core.engine.keras_schedules import keras_plateau
from core.engine.with_keras import keras, tf
from core.experiment import Experiment
from tests.engine.problems import SMALL

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
    callback = keras_plateau(one.stages[0])
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    rates = []
    for epoch, row in enumerate(monitors):
        callback.on_epoch_end(epoch, dict(zip(plateau.MONITORS, map(float, row), strict=True)))
        rates.append(float(optimizer.learning_rate))
    return rates


@tf.function(jit_compile=True)
def live_through(fields, before, epoch, monitors):
    """What is remembered after an epoch."""
    watch = plateau.Watch(*tf.unstack(fields))
    started = plateau.begin(watch, plateau.Watched(*tf.unstack(before)))
    return tf.stack(plateau.look(watch, started, epoch, monitors))


@pytest.mark.parametrize("name", PLATEAUS)
def test_every_cut_is_made_as_keras_makes_it(name):
    one, monitors = experiment(name), figures(seed=5)
    watches = plateau.watches(one, range(EPOCHS))
    state = tf.constant(plateau.UNWATCHED, tf.float64)
    rates = []
    for epoch, row in enumerate(monitors):
        state = live_through(
            tf.constant(watches[epoch]), state, tf.constant(epoch), tf.constant(row, tf.float64)
        )
        rates.append(float(state[0]))
    expected = by_keras(one, monitors)
    assert len(set(expected)) > 1
    assert rates == expected


def test_a_rate_that_is_cut_for_long_ends_at_zero_on_the_same_epoch_as_in_fit():
    plateau_ = {"kind": "plateau", "patience": 1, "min_delta": 1.0}
    one = SMALL.replace({"schedule": plateau_, "optimizer.learning_rate": 1e-7, "epochs": 42})
    rates = train([one])[0].column("learning_rate")
    assert rates[-1] == 0 < rates[-4]
    np.testing.assert_allclose(rates, fit(one).column("learning_rate"), 1e-6)


def test_a_run_without_a_plateau_is_never_watched():
    assert (plateau.watches(SMALL, range(5))[:, 0] == plateau.NEVER).all()


def test_what_a_watch_is_in_an_epoch_does_not_depend_on_where_a_call_begins():
    """Calls cut a run anywhere, also at a change and just before one."""
    one = SMALL.replace(
        {
            "changes": [
                {"epoch": 4, "schedule": {"kind": "plateau", "warmup_epochs": 2}},
                {"epoch": 9, "optimizer.learning_rate": 0.1},
                {"epoch": 10, "schedule": {"kind": "constant"}},
            ]
        }
    )
    whole = plateau.watches(one, range(20))
    for cut in range(1, 20):
        parts = plateau.watches(one, range(cut)), plateau.watches(one, range(cut, 20))
        np.testing.assert_array_equal(np.concatenate(parts), whole)
