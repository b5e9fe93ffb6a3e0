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
    """`keras.layers.Dropout` by ThreeFry, which TensorFlow has in programs compiled by XLA only.

    Its numbers depend on the shape that they are drawn in: a smaller last batch takes the first
    ones of those of a whole batch of `size` rows.
    """

    def __init__(self, rate: float, *, size: int, **arguments: Any) -> None:
        super().__init__(rate, **arguments)
        self._size = size

    @property
    def share(self) -> Tensor:
        """How many of the inputs are dropped."""
        return self.rate

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training:
            return inputs
        seed = tf.cast(tf.math.floormod(self.seed_generator.next(), LARGEST_SEED), tf.int32)
        shape = [self._size, *inputs.shape[1:]]
        chances = tf.random.stateless_uniform(shape, seed, alg="threefry")[: tf.shape(inputs)[0]]
        kept = inputs * (1 / (1 - self.share))
        return tf.where(chances >= self.share, kept, tf.zeros_like(inputs))
