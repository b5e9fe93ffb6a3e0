"""Dropout as both engines draw it: Keras's layer, its random numbers by ThreeFry.

XLA's usual generator on a processor, Philox, takes twenty times as long, because its products of 64
bits become no vector code: of 1,600 numbers 31 µs, which would be most of a tutorial's update. Both
generators: Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

from typing import Any

from core.engine.with_keras import keras, tf

Tensor = Any

LARGEST_SEED = 2**31 - 1  # TensorFlow's stateless draws take 32 bits


class ThreefryDropout(keras.layers.Dropout):  # type: ignore[misc]
    """`keras.layers.Dropout` by ThreeFry, which TensorFlow has in programs compiled by XLA only."""

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        return self.drop(inputs, self.rate) if training else inputs

    def drop(self, inputs: Tensor, rate: Tensor) -> Tensor:
        """Inputs of which a share is 0 and the others are 1 / (1 − rate) times as large."""
        seed = tf.cast(tf.math.floormod(self.seed_generator.next(), LARGEST_SEED), tf.int32)
        return tf.nn.experimental.stateless_dropout(inputs, rate, seed, rng_alg="threefry")


class RunNumbers:
    """What the layers of a traced model read while they are traced; Keras leaves it as it is."""

    def __init__(self) -> None:
        self.dropout: Tensor = None


class DropoutByTensor(ThreefryDropout):
    """The same with a rate that is a number of the run."""

    def __init__(self, numbers: RunNumbers) -> None:
        super().__init__(0.5, seed=0)
        self._run = numbers

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        return self.drop(inputs, self._run.dropout) if training else inputs
