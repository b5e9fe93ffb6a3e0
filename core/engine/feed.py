"""What goes into a program: experiments, one a lane, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine import plateau
from core.engine.device import tf
from core.engine.snapshot import Snapshot, in_order
from core.engine.tensors import DataTensors, Learning, Tables
from core.engine.traced_model import Parts
from core.engine.update_rules import RULES, SCALARS, Memory, rule_numbers
from core.experiment import Experiment
from core.experiment.changes import Stage
from core.experiment.data import Data, one_hot
from core.experiment.network import Network
from core.experiment.randomness import batch_order, initial_weights

ROWS_KEPT = 16  # data on the device for the next run: at most 8 MB each on a processor
ORDERS_KEPT = 64  # orders of batches of one call, half a megabyte each for 500 rows
ORDER_BYTES_MAX = 2**20  # larger ones are not kept

Array = npt.NDArray[Any]


def side_by_side(lanes: Sequence[Any]) -> Any:
    """The same structure of arrays for each lane as one structure, with the lanes first."""
    if len(lanes) == 1:
        return lanes[0]
    return tf.nest.map_structure(lambda *arrays: np.stack(arrays), *lanes)


def arrays_of(structure: Any) -> Any:
    """The same structure of tensors, or of arrays, as NumPy's arrays."""
    return tf.nest.map_structure(lambda a: tf.convert_to_tensor(a).numpy(), structure)


def one_lane(structure: Any, lane: int, lanes: int) -> Any:
    """What `side_by_side` has put together, of one lane."""
    return tf.nest.map_structure(lambda a: a[lane], structure) if lanes > 1 else structure


@lru_cache(maxsize=ROWS_KEPT)
def rows(lanes: tuple[Data, ...]) -> DataTensors:
    made: DataTensors = tf.nest.map_structure(
        tf.constant, side_by_side([rows_of(one) for one in lanes])
    )
    return made


def rows_of(data: Data) -> DataTensors:
    split = data.load()
    return DataTensors(
        x_train=split.x_train,
        y_train=one_hot(split.y_train, split.classes),
        x_test=np.ascontiguousarray(split.x_test.T),
        y_test=np.ascontiguousarray(one_hot(split.y_test, split.classes).T),
    )


def first_state(experiment: Experiment) -> Learning:
    """Before the first update."""
    weights, others = Parts(experiment).split(initial_weights(experiment))
    return Learning(
        weights,
        others,
        [first_memory(experiment, weight.shape) for weight in weights],
        np.array(plateau.UNWATCHED, np.float64),
    )


def first_memory(experiment: Experiment, shape: tuple[int, ...]) -> Memory:
    optimizer = experiment.optimizer
    starts = RULES[optimizer.kind].memory(optimizer, shape)
    return {
        name: np.full(() if name in SCALARS else shape, start, np.float32)
        for name, start in starts.items()
    }


def snapshot_of(experiment: Experiment, state: Learning, epoch: int) -> Snapshot:
    """A run's state, as arrays, after so many epochs."""
    all_weights = Parts(experiment).join(state.weights, state.others)
    arrays = {f"weight.{n}": array for n, array in enumerate(all_weights)}
    generators = [array for array in state.others if array.dtype == np.int64]
    arrays |= {f"generator.{n}": array for n, array in enumerate(generators)}
    for n, memory in enumerate(state.memory):
        turned = n == len(state.memory) - 2  # the last kernel's
        arrays |= {f"memory.{n}.{k}": a.T if turned else a for k, a in memory.items()}
    return Snapshot(epoch, arrays | {"watched": state.watched})


def state_of(experiment: Experiment, snapshot: Snapshot) -> Learning:
    """The state that a snapshot was taken of."""
    weights, others = Parts(experiment).split(snapshot.weights)
    generators = iter(in_order(snapshot.arrays, "generator"))
    others = [next(generators) if one.dtype == np.int64 else one for one in others]
    names = [list(first_memory(experiment, weight.shape)) for weight in weights]
    return Learning(weights, others, memory_of(snapshot, names), snapshot.arrays["watched"])


def memory_of(snapshot: Snapshot, names: Sequence[Sequence[str]]) -> list[Memory]:
    """The optimizer's memories of these names of each weight, the last kernel's turned round."""
    memory = []
    for n, ours in enumerate(names):
        held = {name: snapshot.arrays[f"memory.{n}.{name}"] for name in ours}
        turned = n == len(names) - 2
        memory.append({name: one.T if turned else one for name, one in held.items()})
    return memory


def number_names(experiment: Experiment) -> tuple[str, ...]:
    return tuple(stage_numbers(experiment.model, experiment.stages[0]))


def stage_numbers(model: Network, stage: Stage) -> dict[str, float]:
    """Everything that an update reads by name, in a stage of a run."""
    return rule_numbers(stage.optimizer) | {"dropout": model.dropout, "l2": model.l2}


def tables(experiment: Experiment, epochs: range, room: int) -> Tables:
    """What one run needs for some epochs, counted from 0; empty room behind them."""
    per_epoch = experiment.updates_per_epoch
    updates = np.arange(epochs.start * per_epoch, epochs.stop * per_epoch)
    rates = np.zeros((room, per_epoch), np.float32)
    rates[: len(epochs)] = experiment.rates(updates).reshape(-1, per_epoch)
    return Tables(
        order(experiment.data.train_rows, epochs, experiment.seed, room),
        rates,
        numbers(experiment, epochs, room),
        with_room(plateau.watches(experiment, epochs), room),
    )


def numbers(experiment: Experiment, epochs: range, room: int) -> npt.NDArray[np.float32]:
    """The numbers of each epoch, (room, numbers)."""
    table = np.zeros((room, len(number_names(experiment))), np.float32)
    for stage in experiment.stages:  # each writes over what those before it left
        place = max(stage.first - epochs.start, 0)
        table[place : len(epochs)] = list(stage_numbers(experiment.model, stage).values())
    return table


def order(rows: int, epochs: range, seed: int, room: int) -> Any:
    """The rows in the order they are trained on, (room, rows)."""
    small = 4 * rows * room <= ORDER_BYTES_MAX
    return (kept_order if small else order_with_room)(rows, epochs, seed, room)


def order_with_room(rows: int, epochs: range, seed: int, room: int) -> npt.NDArray[np.int32]:
    return with_room(batch_order(rows, epochs, seed), room)


@lru_cache(maxsize=ORDERS_KEPT)
def kept_order(rows: int, epochs: range, seed: int, room: int) -> npt.NDArray[np.int32]:
    """The same, remembered, because runs that are compared share it."""
    made = order_with_room(rows, epochs, seed, room)
    made.flags.writeable = False
    return made


def with_room(table: Array, room: int) -> Array:
    """The table with rows of 0 behind it, so that there are `room` of them."""
    whole = np.zeros((room, *table.shape[1:]), table.dtype)
    whole[: len(table)] = table
    return whole
