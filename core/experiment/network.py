"""Networks as descriptions; both engines and the exported program build Keras models from them."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from core.experiment.fields import Description, choice, flag, integers, newer, number
from core.experiment.limits import (
    DROPOUT_MAX,
    FILTERS_MAX,
    HIDDEN_LAYERS_MAX,
    L2_MAX,
    UNITS_MAX,
)

ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu")
IMAGE = (8, 8, 1)  # of the digits: rows, columns, channels
KERNEL = 3  # a filter's rows and columns
POOL = 2  # rows and columns that a pooling layer makes one of
BATCH_NORM = {"momentum": 0.99, "epsilon": 0.001}  # Keras's defaults
NOT_LEARNED = ("moving_mean", "moving_variance")

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """A Keras layer: the name of its class and that class's own keyword arguments."""

    kind: str
    arguments: dict[str, Any]  # plain JSON values; a regularizer as {"l2": 0.001}

    def weights(self, before: Shape) -> dict[str, Shape]:
        """The shape of each weight, in Keras's order, of a layer that takes rows of a shape.

        >>> Layer("Dense", {"units": 50}).weights((2,))
        {'kernel': (2, 50), 'bias': (50,)}
        """
        match self.kind:
            case "Dense":
                units = self.arguments["units"]
                return {"kernel": (before[-1], units), "bias": (units,)}
            case "Conv2D":
                filters, size = self.arguments["filters"], self.arguments["kernel_size"]
                return {"kernel": (size, size, before[-1], filters), "bias": (filters,)}
            case "BatchNormalization":
                return dict.fromkeys(("gamma", "beta", *NOT_LEARNED), before[-1:])
        return {}

    def output_shape(self, before: Shape) -> Shape:
        """The shape of a row behind the layer."""
        match self.kind:
            case "Dense":
                return (*before[:-1], self.arguments["units"])
            case "Conv2D":
                return (*before[:-1], self.arguments["filters"])
            case "MaxPooling2D":
                size = self.arguments["pool_size"]
                return (before[0] // size, before[1] // size, before[2])
            case "Reshape":
                return tuple(self.arguments["target_shape"])
            case "Flatten":
                return (prod(before),)
        return before

    def operations(self, before: Shape) -> int:
        """Multiply-adds of one row: each kernel and its bias at every place they are applied."""
        shapes = self.weights(before)
        if self.kind == "BatchNormalization":
            return 2 * prod(before)  # to normal, then to gamma and beta
        if not shapes:
            return 0
        each = prod(shapes["kernel"]) + prod(shapes["bias"])
        return each * prod(before[:-1])


class Network(Description, ABC):
    """What every network shares: hidden layers of one activation, then a softmax over the classes.

    Hidden kernels start as `he_uniform` under relu, as in the tutorial, and otherwise as
    `glorot_uniform`, like the last layer; biases start at 0. With `batch_norm` each hidden layer's
    sums are normalised before the activation; `dropout` is the share of its values that is left out
    while training; `l2` times the sum of all kernels' squares is part of the loss.
    """

    hidden: tuple[int, ...]
    activation: str
    batch_norm: bool
    dropout: float
    l2: float

    def layers(self, features: int, classes: int) -> tuple[Layer, ...]:
        """The Keras layers, in order, behind `keras.Input((features,))`.

        >>> for layer in Dense(dropout=0.5).layers(features=2, classes=3):
        ...     print(layer.kind, layer.arguments)
        Dense {'units': 50, 'activation': 'relu', 'kernel_initializer': 'he_uniform'}
        Dropout {'rate': 0.5}
        Dense {'units': 3, 'activation': 'softmax'}
        """
        start = {"kernel_initializer": "he_uniform"} if self.activation == "relu" else {}
        dense = [
            layer
            for units in self.hidden
            for layer in (
                *self.hidden_layer("Dense", {"units": units}, start),
                *self.dropout_layers(),
            )
        ]
        last = Layer("Dense", {"units": classes, "activation": "softmax", **self.regularizer()})
        return (*self.first_layers(), *dense, last)

    def first_layers(self) -> list[Layer]:
        """What stands before the dense layers."""
        return []

    def hidden_layer(self, kind: str, size: dict[str, Any], start: dict[str, str]) -> list[Layer]:
        """A layer of sums and its activation, with the normalisation between them if any."""
        rest = {**start, **self.regularizer()}
        if not self.batch_norm:
            return [Layer(kind, {**size, "activation": self.activation, **rest})]
        return [
            Layer(kind, {**size, **rest}),
            Layer("BatchNormalization", dict(BATCH_NORM)),
            Layer("Activation", {"activation": self.activation}),
        ]

    def regularizer(self) -> dict[str, Any]:
        return {"kernel_regularizer": {"l2": self.l2}} if self.l2 else {}

    def dropout_layers(self) -> list[Layer]:
        return [Layer("Dropout", {"rate": self.dropout})] if self.dropout else []

    def parameters(self, features: int, classes: int) -> int:
        """How many numbers are learned: kernels, biases, gammas and betas.

        >>> Dense().parameters(features=2, classes=3)
        303
        """
        return sizes(self, features, classes)[0]

    def operations(self, features: int, classes: int) -> int:
        """Multiply-adds that one row takes; without a convolution as many as parameters.

        >>> Dense().operations(features=2, classes=3)
        303
        >>> Conv().parameters(64, 10), Conv().operations(64, 10)
        (5008, 27568)
        """
        return sizes(self, features, classes)[1]


@dataclass(frozen=True)
class Dense(Network):
    """Dense hidden layers."""

    kind = "dense"
    kind_goes_without_saying = True
    hidden: tuple[int, ...] = integers((50,), low=1, high=UNITS_MAX, most=HIDDEN_LAYERS_MAX)
    activation: str = choice("relu", *ACTIVATIONS)
    batch_norm: bool = newer(flag(False))
    dropout: float = newer(number(0.0, low=0.0, high=DROPOUT_MAX, share=True))
    l2: float = newer(number(0.0, low=0.0, high=L2_MAX))


@dataclass(frozen=True)
class Conv(Network):
    """Convolutions over the digits' 8×8 pixels, each followed by a pooling, then dense layers.

    A convolution has 3×3 kernels that start as `he_uniform`, and keeps the size of its image; the
    pooling halves it, so that three of them leave one pixel.
    """

    kind = "conv"
    filters: tuple[int, ...] = integers((8, 16), low=1, high=FILTERS_MAX, most=3)
    hidden: tuple[int, ...] = integers((50,), low=1, high=UNITS_MAX, most=HIDDEN_LAYERS_MAX)
    activation: str = choice("relu", *ACTIVATIONS)
    batch_norm: bool = newer(flag(False))
    dropout: float = newer(number(0.0, low=0.0, high=DROPOUT_MAX, share=True))
    l2: float = newer(number(0.0, low=0.0, high=L2_MAX))

    def first_layers(self) -> list[Layer]:
        layers = [Layer("Reshape", {"target_shape": list(IMAGE)})]
        for filters in self.filters:
            size = {"filters": filters, "kernel_size": KERNEL, "padding": "same"}
            layers += self.hidden_layer("Conv2D", size, {"kernel_initializer": "he_uniform"})
            layers += [Layer("MaxPooling2D", {"pool_size": POOL}), *self.dropout_layers()]
        return [*layers, Layer("Flatten", {})]


@lru_cache(maxsize=1024)
def sizes(network: Network, features: int, classes: int) -> tuple[int, int]:
    """Parameters and operations of a network."""
    parameters = operations = 0
    for layer, before in layers_in_shape(network, features, classes):
        learned = (shape for n, shape in layer.weights(before).items() if n not in NOT_LEARNED)
        parameters += sum(map(prod, learned))
        operations += layer.operations(before)
    return parameters, operations


def layers_in_shape(network: Network, features: int, classes: int) -> Iterator[tuple[Layer, Shape]]:
    """Each layer of a network and the shape of a row before it."""
    before: Shape = (features,)
    for layer in network.layers(features, classes):
        yield layer, before
        before = layer.output_shape(before)


NETWORKS: dict[str, type[Network]] = {cls.kind: cls for cls in (Dense, Conv)}
