"""What goes through a program: data, what is learned, and the tables of a call's epochs."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.engine.update_rules import Memory

Tensor = Any


class DataTensors(NamedTuple):
    """The data; y is one-hot."""

    x_train: Tensor  # (rows, features)
    y_train: Tensor  # (rows, classes)
    x_test: Tensor  # in columns, (features, rows)
    y_test: Tensor  # in columns, (classes, rows)


class Learning(NamedTuple):
    """What training changes."""

    weights: list[Tensor]  # in Keras's order, the last kernel turned round
    others: list[Tensor]  # what the model carries beside them
    memory: list[Memory]  # the optimizer's, of each weight
    watched: Tensor  # (fields of a Watched,)


class Tables(NamedTuple):
    """What the host has worked out for the epochs of a call."""

    order: Tensor  # rows in the order they are trained on, (epochs, rows)
    rates: Tensor  # (epochs, updates)
    numbers: Tensor  # of optimizer and model, by `names`; (epochs, numbers)
    watch: Tensor  # (epochs, fields of a Watch)


class Epoch(NamedTuple):
    """One epoch of a call's tables, of one run."""

    order: Tensor
    rates: Tensor
    numbers: Tensor
    watch: Tensor
