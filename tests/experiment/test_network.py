"""Networks as descriptions."""

from __future__ import annotations

import pytest

from core.experiment.network import Network


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
def test_parameters_are_kernels_and_biases(hidden, features, classes, parameters):
    network = Network(hidden)
    assert network.sizes(features, classes) == (features, *hidden, classes)
    assert network.parameters(features, classes) == parameters
