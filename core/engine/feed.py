"""What goes into a program: experiments, one a lane, as arrays with the lanes first."""

from __future__ import annotations

from collections.abc import Sequence
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
from core.randomness import batch_order, initial_weights


def stacked(lanes: Sequence[Any]) -> Any:
    """One named tuple of constants, lanes first, from a named tuple of arrays a lane."""
    return type(lanes[0])(*(constant(parts) for parts in zip(*lanes, strict=True)))


def constant(lanes: Sequence[Any]) -> Any:
    return tf.constant(np.stack(lanes))


def held(key: ProgramKey, lanes: Sequence[Experiment]) -> Held:
    numbers = [RULES[key.optimizer].numbers(one.optimizer) for one in lanes]
    return Held(
        rows=rows(lanes),
        numbers={name: constant([np.float32(n[name]) for n in numbers]) for name in numbers[0]},
        watch=stacked([plateau.watch(one) for one in lanes]),
    )


def rows(lanes: Sequence[Experiment]) -> Rows:
    splits = [one.data.load() for one in lanes]
    return Rows(
        x_train=constant([split.x_train for split in splits]),
        y_train=constant([one_hot(split.y_train, split.classes) for split in splits]),
        x_test=constant([split.x_test.T for split in splits]),
        y_test=constant([one_hot(split.y_test, split.classes).T for split in splits]),
    )


def one_hot(labels: npt.NDArray[np.int32], classes: int) -> npt.NDArray[np.float32]:
    return np.eye(classes, dtype=np.float32)[labels]


def first_state(key: ProgramKey, lanes: Sequence[Experiment]) -> State:
    layers = first_layers(key, lanes)
    starts = [RULES[key.optimizer].slots(one.optimizer) for one in lanes]
    return State(
        layers=layers,
        slots=[(slots(kernel, starts), slots(bias, starts)) for kernel, bias in layers],
        watched=stacked([plateau.unwatched(one.optimizer.learning_rate) for one in lanes]),
    )


def first_layers(key: ProgramKey, lanes: Sequence[Experiment]) -> Layers:
    """The drawn weights; the last kernel is turned round, as `network` has it."""
    drawn = [initial_weights(key.sizes, key.activation, one.seed) for one in lanes]
    layers = [
        (constant([kernel for kernel, _ in layer]), constant([bias for _, bias in layer]))
        for layer in zip(*drawn, strict=True)
    ]
    kernel, bias = layers[-1]
    return [*layers[:-1], (tf.transpose(kernel, [0, 2, 1]), bias)]


def slots(weight: Any, starts: Sequence[tuple[float, ...]]) -> Slots:
    """An optimizer's memories of one weight, each lane's filled with its start."""
    shape = [-1] + [1] * (len(weight.shape) - 1)
    filled = np.array(starts, np.float32).T  # (memories, lanes)
    return tuple(tf.zeros_like(weight) + tf.reshape(fill, shape) for fill in filled)


def tables(
    key: ProgramKey, lanes: Sequence[Experiment], driven: Sequence[float | None], epochs: range
) -> Tables:
    """Order, rates and scales of some epochs, counted from 0; empty rows behind them."""
    room = epochs_per_call(key)
    updates = np.arange(epochs.start, epochs.stop)[:, None] * key.updates_per_epoch
    updates = (updates + np.arange(key.updates_per_epoch)).ravel()
    order = np.zeros((len(lanes), room, key.train_rows), np.int32)
    rates, scales = np.zeros((2, room * key.updates_per_epoch, len(lanes)), np.float32)
    for lane, one in enumerate(lanes):
        order[lane, : len(epochs)] = batch_order(key.train_rows, epochs, one.seed)
        rates[: len(updates), lane] = lane_rates(one, driven[lane], updates)
        scales[: len(updates), lane] = RULES[key.optimizer].scales(one.optimizer, updates)
    return Tables(order, rates, scales)


def lane_rates(
    experiment: Experiment, driven: float | None, updates: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The schedule's rates, or the one set by hand."""
    if driven is not None:
        return np.full(updates.shape, driven)
    return experiment.schedule.rates(
        experiment.optimizer.learning_rate,
        updates,
        experiment.updates_per_epoch,
        experiment.epochs,
    )
