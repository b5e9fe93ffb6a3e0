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
        return drop(inputs, self.rate, self.next_seed()) if training else inputs

    def next_seed(self) -> Tensor:
        return tf.cast(tf.math.floormod(self.seed_generator.next(), LARGEST_SEED), tf.int32)


def drop(inputs: Tensor, rate: Tensor, seed: Tensor) -> Tensor:
    """Inputs of which a share is 0 and the others are 1 / (1 − rate) times as large."""
    return tf.nn.experimental.stateless_dropout(inputs, rate, seed, rng_alg="threefry")
