"""Networks as descriptions; the engines build the real Keras models from them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from core.experiment.fields import Description, choice, integers
from core.experiment.limits import HIDDEN_LAYERS_MAX, UNITS_MAX

ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu")


@dataclass(frozen=True)
class Network(Description):
    """Dense hidden layers of one activation, then a softmax over the classes.

    Hidden kernels start as `he_uniform` under relu, as in the tutorial, and otherwise as
    `glorot_uniform`, like the last layer; biases start at 0.

    >>> Network().parameters(features=2, classes=3)
    303
    """

    hidden: tuple[int, ...] = integers((50,), low=1, high=UNITS_MAX, most=HIDDEN_LAYERS_MAX)
    activation: str = choice("relu", *ACTIVATIONS)

    def sizes(self, features: int, classes: int) -> tuple[int, ...]:
        """Units of every layer from the inputs to the classes."""
        return (features, *self.hidden, classes)

    def parameters(self, features: int, classes: int) -> int:
        """How many numbers are learned: kernels and biases."""
        sizes = self.sizes(features, classes)
        return sum((before + 1) * after for before, after in pairwise(sizes))
