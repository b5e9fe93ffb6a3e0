"""Every random draw of training: initial weights, batch order, and seeds of dropout.

Both engines take their draws from here, so that one experiment starts the same and sees the same
batches in either. A draw depends on the seed and on what it is for, never on what was drawn before.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

from core.experiment.experiment import Experiment
from core.experiment.network import Layer, Shape

Weights = list[npt.NDArray[np.float32]]
Order = npt.NDArray[np.int32]

WEIGHTS, BATCHES, MASKS = 1, 2, 3  # what a stream of random numbers is for
STARTS = {"bias": 0.0, "gamma": 1.0, "beta": 0.0, "moving_mean": 0.0, "moving_variance": 1.0}


def initial_weights(experiment: Experiment) -> Weights:
    """All weights before the first update, in the order of Keras's `get_weights`.

    Kernels are uniform within `limit`; all others start at Keras's constants.

    >>> [weight.shape for weight in initial_weights(Experiment())]
    [(2, 50), (50,), (50, 3), (3,)]
    """
    data = experiment.data
    rng = np.random.default_rng([WEIGHTS, experiment.seed])
    drawn: Weights = []
    before: Shape = (data.features,)
    for layer in experiment.model.layers(data.features, data.classes):
        for name, shape in layer.weights(before).items():
            if name == "kernel":
                most = limit(layer, shape)
                drawn.append(rng.uniform(-most, most, shape).astype(np.float32))
            else:
                drawn.append(np.full(shape, STARTS[name], np.float32))
        before = layer.output_shape(before)
    return drawn


def limit(layer: Layer, kernel: Shape) -> float:
    """How far from 0 a kernel's first values may lie.

    √(6 / fan in) as `he_uniform` (He et al., 2015), which a relu asks for, otherwise
    √(6 / (fan in + fan out)) as `glorot_uniform` (Glorot and Bengio, 2010), Keras's default. The
    fans count the weights that lead into a value, and out of one.
    """
    field = prod(kernel[:-2])  # places that a filter looks at; 1 of a dense layer
    fans = field * kernel[-2]
    if layer.arguments.get("kernel_initializer") != "he_uniform":
        fans += field * kernel[-1]
    return float(np.sqrt(6.0 / fans))


def batch_order(rows: int, epochs: range, seed: int) -> Order:
    """The rows in the order they are trained on, shuffled for each epoch; (epochs, rows).

    Epochs count from 0. Batches are cut from the front, so the last one may be smaller.
    """
    orders = [epoch_order(rows, epoch, seed) for epoch in epochs]
    return np.stack(orders) if orders else np.empty((0, rows), np.int32)


@lru_cache(maxsize=8192)
def epoch_order(rows: int, epoch: int, seed: int) -> Order:
    """One epoch's order; remembered, because runs that are compared share it."""
    # Words of 32 bits seed as a list of the numbers does, in a fifth less time for all of this.
    words = np.array([BATCHES, seed, epoch], np.uint32)
    order = np.random.default_rng(words).permutation(rows).astype(np.int32)
    order.flags.writeable = False
    return order


def dropout_seed(seed: int, layer: int) -> int:
    """The seed of the generator of one layer's masks; layers are counted from 0.

    >>> dropout_seed(0, 1) == dropout_seed(0, 1), dropout_seed(0, 1) == dropout_seed(0, 3)
    (True, False)
    """
    return int(np.random.default_rng([MASKS, seed, layer]).integers(2**31 - 1))
