"""Every random draw of training: initial weights and batch order.

Both engines take their draws from here, so that one experiment starts the same and sees the same
batches in either. A draw depends on the seed and on what it is for, never on what was drawn before.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Weights = list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]
Order = npt.NDArray[np.int32]

WEIGHTS, BATCHES = 1, 2  # what a stream of random numbers is for


def initial_weights(sizes: tuple[int, ...], activation: str, seed: int) -> Weights:
    """A (kernel, bias) pair a layer: kernels (units before, units), biases (units,), all zero.

    Uniform within ±√(6 / fan in) in front of a relu (`he_uniform`; He et al., 2015), otherwise
    within ±√(6 / (fan in + fan out)) (`glorot_uniform`; Glorot and Bengio, 2010).

    >>> [kernel.shape for kernel, bias in initial_weights((2, 50, 3), "relu", seed=0)]
    [(2, 50), (50, 3)]
    """
    rng = np.random.default_rng([WEIGHTS, seed])
    weights: Weights = []
    for layer, (before, units) in enumerate(pairwise(sizes)):
        hidden = layer < len(sizes) - 2
        fans = before if hidden and activation == "relu" else before + units
        limit = np.sqrt(6.0 / fans)
        kernel = rng.uniform(-limit, limit, (before, units)).astype(np.float32)
        weights.append((kernel, np.zeros(units, np.float32)))
    return weights


def batch_order(rows: int, epochs: range, seed: int) -> Order:
    """The rows in the order they are trained on, shuffled for each epoch; (epochs, rows).

    Epochs count from 0. Batches are cut from the front, so the last one may be smaller.
    """
    orders = [epoch_order(rows, epoch, seed) for epoch in epochs]
    return np.stack(orders) if orders else np.empty((0, rows), np.int32)


@lru_cache(maxsize=8192)
def epoch_order(rows: int, epoch: int, seed: int) -> Order:
    """One epoch's order; remembered, because runs that are compared share it."""
    order = np.random.default_rng([BATCHES, seed, epoch]).permutation(rows).astype(np.int32)
    order.flags.writeable = False
    return order
