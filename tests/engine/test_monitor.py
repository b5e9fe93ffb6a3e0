"""The rate callback in plain fits, in any place among the callbacks."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.monitor import LearningRateMonitor
from core.engine.with_keras import keras

# Keras's own callbacks read variables in a way that NumPy 2 is about to refuse.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

X, Y = np.linspace(-1, 1, 12, dtype=np.float32)[:, None], np.zeros((12, 1), np.float32)


def fit(rate, callbacks, epochs=4, model=None, at_once=1, **options):
    """Train by SGD with so many batches in one execution; `options` are the optimizer's."""
    model = model or keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    if not model.compiled:
        optimizer = keras.optimizers.SGD(rate, **options)
        model.compile(optimizer, "mse", steps_per_execution=at_once)
    model.fit(X, Y, batch_size=4, epochs=epochs, callbacks=callbacks, verbose=0)  # 3 batches
    return model


def halve(epoch: int, rate: float) -> float:
    return rate / 2 if epoch else rate


@pytest.mark.parametrize("place", [0, 1])
def test_a_scheduler_is_followed_from_before_and_from_behind(place):
    monitor = LearningRateMonitor()
    callbacks = [keras.callbacks.LearningRateScheduler(halve)]
    callbacks.insert(place, monitor)
    fit(0.5, callbacks)
    assert monitor.rates == [0.5, 0.25, 0.125, 0.0625]


@pytest.mark.parametrize("place", [0, 1])
def test_a_cut_at_an_epochs_end_counts_from_the_next_epoch_on(place):
    monitor = LearningRateMonitor()
    never_better = keras.callbacks.ReduceLROnPlateau("loss", 0.5, 1, min_delta=1e9)
    callbacks = [never_better]
    callbacks.insert(place, monitor)
    fit(0.5, callbacks)
    assert monitor.rates == [0.5, 0.5, 0.25, 0.125]


def falling():
    return keras.optimizers.schedules.InverseTimeDecay(0.5, 1, 1.0)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_a_schedule_is_read_at_the_epochs_last_update(at_once):
    monitor = LearningRateMonitor()
    fit(falling(), [monitor], epochs=2, at_once=at_once)
    assert monitor.rates == pytest.approx([0.5 / 3, 0.5 / 6])  # updates 2 and 5


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("place", [0, 1])
def test_a_schedule_put_in_at_an_epochs_end_is_not_that_epochs(place, at_once):
    monitor = LearningRateMonitor()
    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: exchange())]
    callbacks.insert(place, monitor)
    model = fit(0.25, [], epochs=1, at_once=at_once)

    def exchange():
        model.optimizer.learning_rate = falling()

    fit(0.25, callbacks, epochs=1, model=model)
    assert monitor.rates == [0.25]


def test_where_gradients_are_gathered_it_is_the_rate_that_they_were_applied_with():
    monitor = LearningRateMonitor()
    fit(falling(), [monitor], epochs=2, gradient_accumulation_steps=2)
    assert monitor.rates == pytest.approx([0.5 / 2, 0.5 / 6])  # with batches 1 and 5


@pytest.mark.parametrize("rate", [0.25, falling()], ids=["number", "schedule"])
def test_an_optimizer_that_scales_the_loss_is_seen_through(rate):
    monitor = LearningRateMonitor()
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    inner = keras.optimizers.SGD(rate)
    model.compile(keras.optimizers.LossScaleOptimizer(inner, initial_scale=2.0), "mse")
    fit(rate, [monitor], epochs=1, model=model)
    assert monitor.rates == pytest.approx([0.25 if rate == 0.25 else 0.5 / 3])


def test_a_second_fit_starts_a_new_list():
    monitor = LearningRateMonitor()
    model = fit(0.5, [monitor], epochs=3)
    fit(0.5, [monitor], epochs=1, model=model)
    assert monitor.rates == [0.5]
