"""Every optimizer's update against Keras's own of the installed version, and two steps by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core.engine.feed import first_memory, number_names, stage_numbers
from core.engine.grouping import program_key
from core.engine.keras_rules import keras_optimizer
from core.engine.one_run import steps
from core.engine.update_rules import orthogonal
from core.engine.with_keras import keras, tf
from core.experiment import Experiment
from core.experiment.field_types import Flag, Number
from core.experiment.fields import rules
from core.experiment.optimizers import OPTIMIZERS, Adagrad, Adam, Optimizer, RmsProp, Sgd

SHAPES = {"wide": (3, 5), "tall": (6, 2), "bias": (4,), "filters": (3, 3, 1, 2)}
STEPS = 4


def others(optimizer: Optimizer) -> Optimizer:
    """All its numbers moved, so that each of them is seen to be read; epsilon so far that it is."""
    moved = {
        name: 0.3 if value < 1e-3 else 0.7 * value
        for name, rule in rules(type(optimizer)).items()
        if isinstance(rule, Number)
        for value in [getattr(optimizer, name)]
    }
    return replace(optimizer, **moved)


def flags(optimizer: Optimizer) -> list[str]:
    return [name for name, rule in rules(type(optimizer)).items() if isinstance(rule, Flag)]


def variants() -> dict[str, Optimizer]:
    """Of every kind the defaults and other numbers, with each flag off and on."""
    found = {}
    for kind, cls in OPTIMIZERS.items():
        for label, one in (("defaults", cls()), ("others", others(cls()))):
            for values in product((False, True), repeat=len(flags(one))):
                on = dict(zip(flags(one), values, strict=True))
                named = [name for name, value in on.items() if value]
                found[" ".join([kind, label, *named])] = replace(one, **on)
    return found


VARIANTS = variants()
DECAYS = (0.0, 0.05)
CLIPS = (0.0, 0.4)  # shorter than some of the gradients below, and longer than others


def gradients() -> list[list[np.ndarray]]:
    """Of each step and weight; of lengths from 0.04 to 4, and one that is 0 throughout."""
    rng = np.random.default_rng(3)
    scales = (1.0, 0.1, 0.01, 0.0)
    return [
        [rng.normal(0, scales[(step + place) % 4], shape) for place, shape in enumerate(WEIGHTS)]
        for step in range(STEPS)
    ]


WEIGHTS = list(SHAPES.values())
START = [np.random.default_rng(4).normal(0, 1, shape) for shape in WEIGHTS]
GRADIENTS = gradients()


def by_rule(optimizer: Optimizer, start, gradients) -> list[list[np.ndarray]]:
    """The weights after each step, by what a program does to each of them."""
    one = Experiment(optimizer=optimizer)
    values = stage_numbers(one.model, one.stages[0]) | {"learning_rate": optimizer.learning_rate}
    assert set(values) == {*number_names(one), "learning_rate"}
    numbers = {name: tf.constant(value, tf.float32) for name, value in values.items()}
    weights = [tf.constant(weight, tf.float32) for weight in start]
    memory = [first_memory(one, weight.shape) for weight in start]
    key = program_key(one)
    after = []
    for count, step in enumerate(gradients, 1):
        weights, memory = steps(
            key,
            [tf.constant(gradient, tf.float32) for gradient in step],
            weights,
            memory,
            numbers,
            tf.constant(count, tf.float32),
        )
        after.append([weight.numpy() for weight in weights])
    return after


def by_keras(optimizer: Optimizer, start, gradients) -> list[list[np.ndarray]]:
    stepper = keras_optimizer(optimizer, optimizer.learning_rate)
    weights = [keras.Variable(weight, dtype="float32") for weight in start]
    after = []
    for step in gradients:
        stepper.apply([tf.constant(gradient, tf.float32) for gradient in step], weights)
        after.append([weight.numpy() for weight in weights])
    return after


@pytest.mark.combinations("row", list(product(VARIANTS, DECAYS, CLIPS)))
def test_every_step_of_every_optimizer_is_that_of_keras(row):
    variant, weight_decay, clipnorm = row
    optimizer = replace(VARIANTS[variant], weight_decay=weight_decay, clipnorm=clipnorm)
    ours, keras_ = by_rule(optimizer, START, GRADIENTS), by_keras(optimizer, START, GRADIENTS)
    for step, (one, other) in enumerate(zip(ours, keras_, strict=True)):
        for shape, mine, its in zip(SHAPES, one, other, strict=True):
            name = f"{shape}, step {step}"
            np.testing.assert_allclose(mine, its, rtol=1e-6, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_decay_clipping_and_other_numbers_make_other_steps(kind):
    """Else the test above might compare what none of them takes part in."""
    plain = replace(OPTIMIZERS[kind](), weight_decay=0.0)
    last = by_rule(plain, START, GRADIENTS)[-1]
    for other in (
        replace(plain, weight_decay=DECAYS[1]),
        replace(plain, clipnorm=CLIPS[1]),
        others(plain),
    ):
        moved = by_rule(other, START, GRADIENTS)[-1]
        assert max(np.abs(a - b).max() for a, b in zip(moved, last, strict=True)) > 1e-5


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_where_nothing_is_to_decay_or_to_clip_a_program_that_could_takes_the_same_steps(kind):
    """A program that decays and clips in one stage is given zeros in the others."""
    plain = replace(OPTIMIZERS[kind](), weight_decay=0.0)
    one = Experiment(optimizer=plain)
    key = program_key(one)
    values = stage_numbers(one.model, one.stages[0])
    values |= dict.fromkeys([name for name in values if "weight_decay" in name], 0.0)
    numbers = {name: tf.constant(value, tf.float32) for name, value in values.items()}
    numbers["learning_rate"] = tf.constant(0.1)
    without, able = (
        steps(
            key._replace(decays=able, clips=able),
            [tf.constant(gradient, tf.float32) for gradient in GRADIENTS[0]],
            [tf.constant(start, tf.float32) for start in START],
            [first_memory(one, shape) for shape in WEIGHTS],
            numbers,
            tf.constant(1.0),
        )[0]
        for able in (False, True)
    )
    for one_weight, other in zip(without, able, strict=True):
        np.testing.assert_array_equal(one_weight, other)


def test_muon_turns_a_matrix_as_it_turns_the_transposed_one():
    """The last kernel is kept turned round, and nothing comes of that."""
    matrix = tf.constant(START[0], tf.float32)
    turned = tf.transpose(orthogonal(tf.transpose(matrix)))
    np.testing.assert_allclose(orthogonal(matrix), turned, rtol=1e-6, atol=1e-6)


# One weight at 1, a rate of 0.1, and a gradient of 0.5, then 0.25. Epsilons are large, so that
# where they stand can be seen.
RATE, BY_HAND = 0.1, ([np.array([1.0])], [[np.array([0.5])], [np.array([0.25])]])
CASES: dict[str, tuple[Optimizer, tuple[float, float]]] = {
    # 1 − 0.1 · 0.5; − 0.1 · 0.25
    "sgd": (Sgd(RATE), (0.95, 0.925)),
    # velocity −0.05, then 0.9 · −0.05 − 0.025 = −0.07
    "sgd momentum": (Sgd(RATE, momentum=0.9), (0.95, 0.88)),
    # the same velocities; changes 0.9 · −0.05 − 0.05 = −0.095 and 0.9 · −0.07 − 0.025 = −0.088
    "sgd nesterov": (Sgd(RATE, momentum=0.9, nesterov=True), (0.905, 0.817)),
    # without momentum, Nesterov's look ahead is the plain step
    "sgd nesterov, no momentum": (Sgd(RATE, nesterov=True), (0.95, 0.925)),
    # the weight loses 0.1 · 0.5 of itself before each step: 0.95 − 0.05; 0.9 · 0.95 − 0.025
    "sgd decayed": (Sgd(RATE, weight_decay=0.5), (0.9, 0.83)),
    # the first gradient is scaled down to 0.3, the second is short enough
    "sgd clipped": (Sgd(RATE, clipnorm=0.3), (0.97, 0.945)),
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


@pytest.mark.parametrize("steps", [by_rule, by_keras])
@pytest.mark.parametrize("case", CASES)
def test_two_steps_are_as_worked_out_by_hand(case, steps):
    optimizer, expected = CASES[case]
    after = [float(weights[0][0]) for weights in steps(optimizer, *BY_HAND)]
    assert after == pytest.approx(expected, rel=2e-7, abs=2e-7)
