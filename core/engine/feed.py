"""What goes into a program: experiments, one a lane, as arrays with the lanes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine import plateau
from core.engine.device import tf
from core.engine.grouping import ProgramKey
from core.engine.network import Layers
from core.engine.program import Held, Rows, State, Tables, epochs_per_call
from core.engine.update_rules import RULES, Slots
from core.experiment import Experiment
from core.experiment.data import Data
from core.experiment.randomness import batch_order, initial_weights

ROWS_KEPT = 16  # data on the device for the next run: at most 8 MB each on a processor


def stacked(lanes: Iterable[Any], dtype: Any = np.float32) -> Any:
    """A constant with the lanes first."""
    return tf.constant(np.stack([np.asarray(lane, dtype) for lane in lanes]))


def held(key: ProgramKey, lanes: Sequence[Experiment]) -> Held:
    return Held(
        rows=rows(tuple(one.data for one in lanes)),
        numbers=stacked(RULES[key.optimizer].numbers(one.optimizer) for one in lanes),
        watch=stacked((plateau.watch(one) for one in lanes), np.float64),
    )


@lru_cache(maxsize=ROWS_KEPT)
def rows(lanes: tuple[Data, ...]) -> Rows:
    splits = [data.load() for data in lanes]
    return Rows(
        x_train=stacked(split.x_train for split in splits),
        y_train=stacked(one_hot(split.y_train, split.classes) for split in splits),
        x_test=stacked(split.x_test.T for split in splits),
        y_test=stacked(one_hot(split.y_test, split.classes).T for split in splits),
    )


def one_hot(labels: npt.NDArray[np.int32], classes: int) -> npt.NDArray[np.float32]:
    return np.eye(classes, dtype=np.float32)[labels]


def first_state(key: ProgramKey, lanes: Sequence[Experiment]) -> State:
    """Before the first update; the last kernel is turned round, as `network` has it."""
    weights = [initial_weights(one) for one in lanes]
    drawn = [list(zip(one[::2], one[1::2], strict=True)) for one in weights]
    starts = [RULES[key.optimizer].slots(one.optimizer) for one in lanes]
    layers: Layers = []
    memories: list[tuple[Slots, Slots]] = []
    for depth, layer in enumerate(zip(*drawn, strict=True)):
        last = depth == len(key.sizes) - 2
        kernel = stacked(kernel.T if last else kernel for kernel, _ in layer)
        bias = stacked(bias for _, bias in layer)
        layers.append((kernel, bias))
        memories.append((slots(kernel, starts), slots(bias, starts)))
    return State(layers, memories, stacked(map(plateau.unwatched, lanes), np.float64))


def slots(weight: Any, starts: Sequence[tuple[float, ...]]) -> Slots:
    """An optimizer's memories of one weight, each lane's filled with its start."""
    shape = weight.shape[1:]
    return tuple(
        stacked(np.full(shape, start) for start in lanes) for lanes in zip(*starts, strict=True)
    )


def tables(
    key: ProgramKey, lanes: Sequence[Experiment], driven: Sequence[float | None], epochs: range
) -> Tables:
    """Order, rates and scales of some epochs, counted from 0; empty room behind them."""
    room = epochs_per_call(key)
    first, last = (epoch * key.updates_per_epoch for epoch in (epochs.start, epochs.stop))
    updates = np.arange(first, last)
    order = np.zeros((len(lanes), room, key.updates_per_epoch * key.batch_size), np.int32)
    rates, scales = np.zeros((2, len(lanes), room * key.updates_per_epoch), np.float32)
    for lane, one in enumerate(lanes):
        order[lane, : len(epochs), : key.train_rows] = batch_order(key.train_rows, epochs, one.seed)
        rates[lane, : len(updates)] = lane_rates(one, driven[lane], updates)
        scales[lane, : len(updates)] = RULES[key.optimizer].scales(one.optimizer, updates)
    return Tables(order, rates, scales, np.array([epochs.start, len(epochs)], np.int32))


def lane_rates(
    experiment: Experiment, driven: float | None, updates: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The schedule's rates, or the one set by hand."""
    if driven is not None:
        return np.full(updates.shape, driven)
    return experiment.rates(updates)
