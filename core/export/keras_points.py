"""An experiment's data as the lines that make them in the program that a reader takes home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.experiment.data import (
    CIRCLES_FACTOR,
    DIGITS_BRIGHTEST,
    SPIRAL_INNER,
    SPIRAL_RADIUS,
    SPIRAL_TURNS,
    Blobs,
    Circles,
    Data,
    Digits,
    Moons,
    Spirals,
)


def data_text(data: Data) -> str:
    rows, count = data.train_rows, data.classes
    return (
        f"# The data: the first {rows} rows train, the others test.\n"
        f"{POINTS[type(data)](data)}"
        f"y = keras.utils.to_categorical(y, {count})\n"
        f"x_train, x_test = x[:{rows}], x[{rows}:]\n"
        f"y_train, y_test = y[:{rows}], y[{rows}:]\n"
    )


def blobs(data: Blobs) -> str:
    return (
        "x, y = sklearn.datasets.make_blobs(\n"
        f"    n_samples={data.samples}, centers={data.centers}, n_features=2,"
        f" cluster_std={data.noise}, random_state={data.seed}\n"
        ")\n"
    )


def moons(data: Moons) -> str:
    return (
        "x, y = sklearn.datasets.make_moons("
        f"n_samples={data.samples}, noise={data.noise}, random_state={data.seed})\n"
    )


def circles(data: Circles) -> str:
    return (
        "x, y = sklearn.datasets.make_circles(\n"
        f"    n_samples={data.samples}, noise={data.noise}, factor={CIRCLES_FACTOR},"
        f" random_state={data.seed}\n"
        ")\n"
    )


def spirals(data: Spirals) -> str:
    return (
        f"random = np.random.default_rng({data.seed})\n"
        f"y = np.arange({data.samples}) % {data.arms}\n"
        f"radius = np.sqrt(random.uniform({SPIRAL_INNER}, 1.0, {data.samples}))\n"
        f"angle = {2 * SPIRAL_TURNS:g} * np.pi * radius + 2 * np.pi * y / {data.arms}\n"
        f"x = {SPIRAL_RADIUS} * radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])\n"
        f"x += random.normal(0.0, {data.noise}, x.shape)\n"
        f"order = random.permutation({data.samples})\n"
        "x, y = x[order], y[order]\n"
    )


def digits(data: Digits) -> str:
    return (
        "x, y = sklearn.datasets.load_digits(return_X_y=True)\n"
        f"order = np.random.default_rng({data.seed}).permutation(len(x))\n"
        f"x, y = x[order] / {DIGITS_BRIGHTEST}, y[order]\n"
    )


POINTS: dict[type[Data], Callable[[Any], str]] = {
    Blobs: blobs,
    Moons: moons,
    Circles: circles,
    Spirals: spirals,
    Digits: digits,
}
