"""Networks as descriptions: their layers, and what these learn and compute."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.data import Blobs, Digits, Moons
from core.experiment.limits import PARAMETERS_MAX
from core.experiment.network import NETWORKS, Conv, Dense, Layer
from core.experiment.refusals import FieldError
from tests.experiment.strategies import descriptions

ARGUMENTS = {
    "Dense": {"units", "activation", "kernel_initializer", "kernel_regularizer"},
    "Conv2D": {
        *("filters", "kernel_size", "padding"),
        *("activation", "kernel_initializer", "kernel_regularizer"),
    },
    "BatchNormalization": {"momentum", "epsilon"},
    "Activation": {"activation"},
    "Dropout": {"rate"},
    "Reshape": {"target_shape"},
    "MaxPooling2D": {"pool_size"},
    "Flatten": set(),
}


def kinds(model, features=64, classes=10):
    return [layer.kind for layer in model.layers(features, classes)]


@pytest.mark.parametrize(
    ("hidden", "features", "classes", "parameters"),
    [
        # (2 + 1) · 50 + (50 + 1) · 3 = 150 + 153, the tutorial's
        ((50,), 2, 3, 303),
        # no hidden layer: (2 + 1) · 3
        ((), 2, 3, 9),
        # (64 + 1) · 64 + (64 + 1) · 32 + (32 + 1) · 10 = 4160 + 2080 + 330
        ((64, 32), 64, 10, 6570),
    ],
)
def test_dense_parameters_are_kernels_and_biases_and_each_is_used_once_a_row(
    hidden, features, classes, parameters
):
    network = Dense(hidden)
    assert network.parameters(features, classes) == parameters
    assert network.operations(features, classes) == parameters


def test_a_convolution_is_counted_at_every_place():
    network = Conv((8, 16), (50,))
    # (9 + 1) · 8 + (72 + 1) · 16 + (2 · 2 · 16 + 1) · 50 + (50 + 1) · 10
    assert network.parameters(64, 10) == 80 + 1168 + 3250 + 510
    # 8 × 8 places, then 4 × 4, then one
    assert network.operations(64, 10) == 80 * 64 + 1168 * 16 + 3250 + 510


def test_a_normalised_layer_learns_a_gamma_and_a_beta_a_unit():
    plain, normalised = Dense((50, 20)), Dense((50, 20), batch_norm=True)
    assert normalised.parameters(2, 3) == plain.parameters(2, 3) + 2 * 70
    # of each of 8 · 8 · 4 values two multiply-adds, where one filter has one gamma and one beta
    images = Conv((4,), ()), Conv((4,), (), batch_norm=True)
    assert images[1].parameters(64, 10) - images[0].parameters(64, 10) == 2 * 4
    assert images[1].operations(64, 10) - images[0].operations(64, 10) == 2 * 8 * 8 * 4


def test_the_tutorials_network_is_what_it_was():
    assert Dense().layers(2, 3) == (
        Layer("Dense", {"units": 50, "activation": "relu", "kernel_initializer": "he_uniform"}),
        Layer("Dense", {"units": 3, "activation": "softmax"}),
    )


def test_normalisation_stands_before_the_activation_and_dropout_last():
    assert kinds(Dense((5, 4), batch_norm=True, dropout=0.5)) == [
        *("Dense", "BatchNormalization", "Activation", "Dropout") * 2,
        "Dense",
    ]
    assert kinds(Conv((8,), (5,), batch_norm=True, dropout=0.5)) == [
        *("Reshape", "Conv2D", "BatchNormalization", "Activation", "MaxPooling2D", "Dropout"),
        *("Flatten", "Dense", "BatchNormalization", "Activation", "Dropout", "Dense"),
    ]
    assert kinds(Conv((8,), (5,))) == [
        "Reshape",
        "Conv2D",
        "MaxPooling2D",
        "Flatten",
        *["Dense"] * 2,
    ]


def test_every_kernel_is_regularised_and_nothing_else():
    for model in (
        Dense((5,), batch_norm=True, l2=0.01),
        Conv((8,), (5,), batch_norm=True, l2=0.01),
    ):
        for layer in model.layers(64, 10):
            wanted = {"l2": 0.01} if layer.kind in ("Dense", "Conv2D") else None
            assert layer.arguments.get("kernel_regularizer") == wanted


@given(st.sampled_from(sorted(NETWORKS)).flatmap(lambda kind: descriptions(NETWORKS[kind])))
def test_layers_are_plain_json_with_known_arguments_and_end_in_a_softmax(model):
    layers = model.layers(64, 10)
    assert layers[-1].kind == "Dense"
    assert layers[-1].arguments.items() >= {"units": 10, "activation": "softmax"}.items()
    shape = (64,)
    for layer in layers:
        assert json.loads(json.dumps(layer.arguments)) == layer.arguments
        assert layer.arguments.keys() <= ARGUMENTS[layer.kind]
        shape = layer.output_shape(shape)
        assert all(size >= 1 for size in shape)
    assert shape == (10,)


def test_convolutions_are_for_the_digits_only():
    assert Experiment(Digits(), Conv()).model == Conv()
    for data in (Blobs(), Moons()):
        with pytest.raises(FieldError, match=r"`model\.kind` must be dense for all data"):
            Experiment(data, Conv())


def test_convolutions_are_bounded_by_what_a_row_takes():
    large = Conv((32, 32), ())
    assert large.parameters(64, 10) < PARAMETERS_MAX < large.operations(64, 10)
    with pytest.raises(FieldError, match=r"`model.filters` must be .* multiply-adds a row in all"):
        Experiment(Digits(), large)
