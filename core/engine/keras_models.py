"""The description's network as a Keras model: for both engines, and for whoever takes it home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.engine.with_keras import keras
from core.experiment import Experiment
from core.experiment.network import Layer
from core.experiment.randomness import dropout_seed, initial_weights

MakesLayer = Callable[..., Any]


def keras_model(experiment: Experiment, dropout: MakesLayer = keras.layers.Dropout) -> Any:
    """A `keras.Sequential` that ends in its softmax, with the experiment's initial weights.

    `dropout` makes its layers of that kind.

    >>> keras_model(Experiment()).count_params()
    303
    """
    data = experiment.data
    layers = experiment.model.layers(data.features, data.classes)
    model = sequential(layers, data.features, experiment.seed, dropout)
    model.set_weights(initial_weights(experiment))
    return model


def sequential(layers: Sequence[Layer], features: int, seed: int, dropout: MakesLayer) -> Any:
    model = keras.Sequential([keras.Input((features,))])
    for place, layer in enumerate(layers):
        if layer.kind == "Dropout":
            model.add(dropout(**layer.arguments, seed=dropout_seed(seed, place)))
        else:
            model.add(keras_layer(layer))
    return model


def keras_layer(layer: Layer) -> Any:
    """One layer of `keras.layers` that draws nothing at random."""
    arguments = dict(layer.arguments)
    if penalty := arguments.get("kernel_regularizer"):
        arguments["kernel_regularizer"] = keras.regularizers.L2(**penalty)
    return getattr(keras.layers, layer.kind)(**arguments)
