"""The layers of a description as Keras builds them: the weights fit, and so do the counts."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.data import Blobs, Digits
from core.experiment.network import NOT_LEARNED, Conv, Dense
from core.experiment.randomness import initial_weights

MODELS = [
    (Blobs(), Dense()),
    (Blobs(), Dense((8, 4), "tanh", batch_norm=True, dropout=0.5, l2=0.01)),
    (Digits(), Dense((), l2=0.01)),
    (Digits(), Conv()),
    (Digits(), Conv((4, 8, 16), (), "gelu", batch_norm=True, dropout=0.1, l2=0.001)),
]


def built(experiment):
    from core.engine.with_keras import keras

    data = experiment.data
    model = keras.Sequential([keras.Input((data.features,))])
    for layer in experiment.model.layers(data.features, data.classes):
        arguments = dict(layer.arguments)
        if regularizer := arguments.pop("kernel_regularizer", None):
            arguments["kernel_regularizer"] = keras.regularizers.L2(**regularizer)
        model.add(getattr(keras.layers, layer.kind)(**arguments))
    return model


@pytest.mark.parametrize(("data", "model"), MODELS)
def test_keras_builds_what_the_description_counts(data, model):
    experiment = Experiment(data, model)
    made = built(experiment)
    drawn = initial_weights(experiment)
    assert [weight.shape for weight in drawn] == [weight.shape for weight in made.get_weights()]
    made.set_weights(drawn)
    learned = [weight for weight in made.weights if weight.name not in NOT_LEARNED]
    assert sum(weight.numpy().size for weight in learned) == experiment.parameters
    assert made.output_shape == (None, data.classes)
    for layer, ours in zip(made.layers, model.layers(data.features, data.classes), strict=True):
        before = tuple(layer.input.shape[1:])
        assert ours.output_shape(before) == tuple(layer.output.shape[1:])
        assert [weight.name for weight in layer.weights] == list(ours.weights(before))
