"""Two steps of every optimizer, worked out by hand, in our rules and in the Keras optimizers."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.keras_rules import keras_optimizer
from core.engine.update_rules import RULES
from core.engine.with_keras import keras, tf
from core.experiment.optimizers import Adagrad, Adam, Optimizer, RmsProp, Sgd

# One weight at 1, a rate of 0.1, and a gradient of 0.5, then 0.25. Epsilons are large, so that
# where they stand can be seen.
RATE, WEIGHT, GRADIENTS = 0.1, 1.0, (0.5, 0.25)
CASES: dict[str, tuple[Optimizer, tuple[float, float]]] = {
    # 1 − 0.1 · 0.5; − 0.1 · 0.25
    "sgd": (Sgd(RATE), (0.95, 0.925)),
    # velocity −0.05, then 0.9 · −0.05 − 0.025 = −0.07
    "sgd momentum": (Sgd(RATE, momentum=0.9), (0.95, 0.88)),
    # the same velocities; changes 0.9 · −0.05 − 0.05 = −0.095 and 0.9 · −0.07 − 0.025 = −0.088
    "sgd nesterov": (Sgd(RATE, momentum=0.9, nesterov=True), (0.905, 0.817)),
    # without momentum, Nesterov's look ahead is the plain step
    "sgd nesterov, no momentum": (Sgd(RATE, nesterov=True), (0.95, 0.925)),
    # mean 0.1 · 0.25 = 0.025, then 0.9 · 0.025 + 0.1 · 0.0625 = 0.02875;
    # changes −0.05 / (0.1581139 + 0.01) and −0.025 / (0.1695583 + 0.01)
    "rmsprop of keras 2.3": (RmsProp(RATE, epsilon=0.01), (0.7025827, 0.5633521)),
    # the same means; changes −0.05 / √0.035 and −0.025 / √0.03875
    "rmsprop of keras 3": (
        RmsProp(RATE, epsilon=0.01, epsilon_inside_root=True),
        (0.7327388, 0.6057388),
    ),
    # total 0.25, then 0.3125; changes −0.05 / (0.5 + 0.01) and −0.025 / (0.5590170 + 0.01)
    "adagrad of keras 2.3": (Adagrad(RATE, epsilon=0.01), (0.9019608, 0.8580254)),
    # total 0.1 + 0.25 = 0.35, then 0.4125; changes −0.05 / √0.36 and −0.025 / √0.4225
    "adagrad of keras 3": (
        Adagrad(RATE, initial_accumulator_value=0.1, epsilon=0.01, epsilon_inside_root=True),
        (0.9166667, 0.8782051),
    ),
    # m 0.5 · 0.5 = 0.25 and again 0.25; v 0.25 · 0.25 = 0.0625 and again 0.0625; the rate times
    # √0.25 / 0.5 = 1, then √(1 − 0.5625) / 0.75 = 0.8819171; changes −0.1 · 0.25 / (0.25 + 0.5)
    # and −0.08819171 · 0.25 / 0.75
    "adam": (Adam(RATE, beta_1=0.5, beta_2=0.75, epsilon=0.5), (0.9666667, 0.9372694)),
}


def by_rule(optimizer: Optimizer) -> list[float]:
    rule = RULES[optimizer.kind]
    slots = tuple(tf.constant([start]) for start in rule.slots(optimizer))
    numbers = [tf.constant([number]) for number in rule.numbers(optimizer)]
    weight, weights = tf.constant([WEIGHT]), []
    for gradient, scale in zip(GRADIENTS, rule.scales(optimizer, np.arange(2)), strict=True):
        rate = tf.constant([RATE]) * scale
        change, slots = rule.step(tf.constant([gradient]), slots, rate, *numbers)
        weight += change
        weights.append(float(weight[0]))
    return weights


def by_keras(optimizer: Optimizer) -> list[float]:
    weight, weights = keras.Variable([WEIGHT]), []
    stepper = keras_optimizer(optimizer, optimizer.learning_rate)
    for gradient in GRADIENTS:
        stepper.apply([tf.constant([gradient])], [weight])
        weights.append(float(weight[0]))
    return weights


@pytest.mark.parametrize("steps", [by_rule, by_keras])
@pytest.mark.parametrize("case", CASES)
def test_two_steps_are_as_worked_out_by_hand(case, steps):
    optimizer, expected = CASES[case]
    assert steps(optimizer) == pytest.approx(expected, rel=2e-7, abs=2e-7)
