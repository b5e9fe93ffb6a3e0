"""TensorFlow traces each network once, and warns nobody of it."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from core.engine import train
from core.engine.device import tf
from core.engine.looking import Look, look
from core.engine.traced import Traced
from core.experiment.records import COLUMNS
from tests.engine.problems import SMALL

NETWORKS = [SMALL.replace({"model.hidden": [units], "epochs": 1}) for units in range(3, 11)]


@pytest.fixture
def warnings():
    """What TensorFlow's logger is told meanwhile."""
    heard: list[logging.LogRecord] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = heard.append
    tf.get_logger().addHandler(handler)
    yield heard
    tf.get_logger().removeHandler(handler)


def test_many_networks_are_trained_measured_and_looked_into_without_a_warning(warnings):
    columns = ("measured_loss", "gradient_norm", "sharpness")
    runs = [run for one in NETWORKS for run in train([one], columns=(*COLUMNS, *columns))]
    assert all(np.isfinite(run.records).all() for run in runs)
    for one in NETWORKS:
        for rows in (1, 2):
            list(look(one, Look("predictions", [0], np.zeros((rows, 2), np.float32))))
    assert [record.getMessage() for record in warnings] == []


def test_a_shape_is_traced_once_however_often_it_is_called():
    traces = []

    def total(pair):
        traces.append(pair)
        return pair[0] + tf.reduce_sum(pair[1])

    traced = Traced(total)
    for rows in (2, 3, 2, 3, 2):
        assert float(traced((np.float32(1), [np.ones(rows, np.float32)]))) == 1 + rows
    assert len(traces) == 2
