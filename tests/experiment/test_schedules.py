"""Every schedule against plain loops over its published formula, and the bounds of all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment.schedules import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    Plateau,
    Schedule,
    Step,
    TimeDecay,
)
from tests.experiment.strategies import any_of, descriptions

RATES = st.floats(1e-7, 10.0)
EPOCHS = st.integers(1, 60)
UPDATES_PER_EPOCH = st.integers(1, 30)


def without_warmup(cls):
    return descriptions(cls).map(lambda made: cls(**{**made.__dict__, "warmup_epochs": 0}))


def all_rates(schedule: Schedule, rate: float, per_epoch: int, epochs: int) -> list[float]:
    return schedule.rates(rate, np.arange(per_epoch * epochs), per_epoch, epochs).tolist()


def check(schedule, rate, per_epoch, epochs, formula):
    """`formula(update)` is the rate, whole runs long."""
    expected = [formula(update) for update in range(per_epoch * epochs)]
    got = all_rates(schedule, rate, per_epoch, epochs)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-300)


@given(RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_constant(rate, per_epoch, epochs):
    check(Constant(), rate, per_epoch, epochs, lambda update: rate)


@given(without_warmup(TimeDecay), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_time_decay(schedule, rate, per_epoch, epochs):
    """Keras 2.3.1, SGD.get_updates: lr · (1 / (1 + decay · iterations))."""

    def formula(update):
        return rate * (1.0 / (1.0 + schedule.decay * update))

    check(schedule, rate, per_epoch, epochs, formula)


@given(without_warmup(Step), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_step(schedule, rate, per_epoch, epochs):
    def formula(update):
        epoch = update // per_epoch
        return rate * schedule.factor ** (epoch // schedule.every_epochs)

    check(schedule, rate, per_epoch, epochs, formula)


@given(without_warmup(Exponential), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_exponential(schedule, rate, per_epoch, epochs):
    """Keras 3, ExponentialDecay: initial · decay_rate ^ (step / decay_steps)."""
    decay_steps = schedule.every_epochs * per_epoch

    def formula(step):
        return rate * schedule.decay_rate ** (step / decay_steps)

    check(schedule, rate, per_epoch, epochs, formula)


@given(without_warmup(Cosine), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_cosine(schedule, rate, per_epoch, epochs):
    """Keras 3, CosineDecay: ((1 − alpha) · ½ (1 + cos(π · step / decay_steps)) + alpha)."""
    alpha, decay_steps = schedule.final_fraction, per_epoch * epochs

    def formula(step):
        cosine_decay = 0.5 * (1 + math.cos(math.pi * min(step, decay_steps) / decay_steps))
        return rate * ((1 - alpha) * cosine_decay + alpha)

    expected = [formula(step) for step in range(decay_steps)]
    got = all_rates(schedule, rate, per_epoch, epochs)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12 * rate)


@given(without_warmup(Plateau), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_plateau_is_constant_until_an_engine_cuts_it(schedule, rate, per_epoch, epochs):
    check(schedule, rate, per_epoch, epochs, lambda update: rate)


@given(any_of(SCHEDULES), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_every_rate_is_finite_and_between_zero_and_the_first(schedule, rate, per_epoch, epochs):
    rates = np.array(all_rates(schedule, rate, per_epoch, epochs))
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    assert (rates <= rate).all()


@given(any_of(SCHEDULES), RATES, UPDATES_PER_EPOCH, EPOCHS)
def test_without_its_climb_a_rate_never_rises(schedule, rate, per_epoch, epochs):
    rates = np.array(all_rates(schedule, rate, per_epoch, epochs))
    assert (np.diff(rates[schedule.warmup_epochs * per_epoch :]) <= 0).all()


@given(any_of(SCHEDULES), RATES, UPDATES_PER_EPOCH, st.integers(2, 60), st.data())
def test_warmup_climbs_in_a_line_and_then_the_schedule_begins(
    schedule, rate, per_epoch, epochs, draw
):
    warm_epochs = draw.draw(st.integers(1, epochs - 1))
    warm = type(schedule)(**{**schedule.__dict__, "warmup_epochs": warm_epochs})
    cold = type(schedule)(**{**schedule.__dict__, "warmup_epochs": 0})
    rates = all_rates(warm, rate, per_epoch, epochs)
    climb = warm_epochs * per_epoch
    line = [rate * (update + 1) / climb for update in range(climb)]
    np.testing.assert_allclose(rates[:climb], line, rtol=1e-12)
    assert rates[climb:] == all_rates(cold, rate, per_epoch, epochs - warm_epochs)


@given(st.integers(1, 50), EPOCHS, UPDATES_PER_EPOCH)
def test_a_warmup_longer_than_the_run_is_cut_off(more, epochs, per_epoch):
    schedule = Cosine(warmup_epochs=epochs + more)
    rates = all_rates(schedule, 1.0, per_epoch, epochs)
    climb = (epochs + more) * per_epoch
    np.testing.assert_allclose(rates, [(u + 1) / climb for u in range(per_epoch * epochs)])


@given(any_of(SCHEDULES), RATES, UPDATES_PER_EPOCH, EPOCHS, st.data())
def test_any_updates_can_be_asked_for_in_any_shape(schedule, rate, per_epoch, epochs, draw):
    whole = schedule.rates(rate, np.arange(per_epoch * epochs), per_epoch, epochs)
    some = draw.draw(st.lists(st.integers(0, per_epoch * epochs - 1), max_size=10))
    updates = np.array([some, some], np.int64)
    part = schedule.rates(rate, updates, per_epoch, epochs)
    assert part.shape == updates.shape
    np.testing.assert_array_equal(part, whole[updates])


@pytest.mark.parametrize(
    ("decay", "updates", "rate"),
    [
        (0.1, 3199, 3.12e-05),  # the last of 200 epochs of 16 updates
        (0.1, 50, 0.0017),  # "an order of magnitude" is off: a factor of 6
        (0.1, 199, 0.00048),  # the last of 200 updates, the tutorial reads 0.0004
        (1e-4, 3199, 0.0076),
    ],
)
def test_the_tutorials_decays_end_where_they_were_measured(decay, updates, rate):
    got = TimeDecay(decay).rates(0.01, np.array([updates]), 16, 200).item()
    assert got == pytest.approx(rate, rel=0.02)


def test_known_values():
    # halves after every second epoch of three updates
    halved = [1.0] * 6 + [0.5] * 6 + [0.25] * 3
    assert all_rates(Step(0.5, every_epochs=2), 1.0, 3, 5) == halved
    # one factor of 0.1 an epoch of two updates: √0.1 an update
    np.testing.assert_allclose(
        all_rates(Exponential(0.1, every_epochs=1), 1.0, 2, 2), [1, 0.1**0.5, 0.1, 0.1**1.5]
    )
    # a quarter of the half wave: ½ (1 + cos 45°) = 0.853553
    np.testing.assert_allclose(
        all_rates(Cosine(), 1.0, 1, 4), [1, 0.853553390593, 0.5, 0.146446609407]
    )
