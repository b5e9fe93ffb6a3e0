"""The compiled program: some epochs of several runs in one call.

Everything that distinguishes two runs of one `ProgramKey` is an input, so a new value never
compiles; neither does another number of epochs. Every array has the lanes first, one lane a run.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from core.engine import plateau
from core.engine.device import on_gpu, tf
from core.engine.grouping import LANES, ProgramKey
from core.engine.network import Batch, Layers, Score, gradient, predict, turned
from core.engine.update_rules import RULES, Slots

Tensor = Any

EPOCHS_MAX = 256  # in one call: the tables of a call hold so many
UPDATES_MAX = 4096  # or about so many updates, where an epoch has many
FIGURES = ("learning_rate", *plateau.MONITORS)  # what a call returns of every epoch


class Rows(NamedTuple):
    """The data; y is one-hot."""

    x_train: Tensor  # (lanes, rows, features)
    y_train: Tensor  # (lanes, rows, classes)
    x_test: Tensor  # in columns, (lanes, features, rows)
    y_test: Tensor  # in columns, (lanes, classes, rows)


class Held(NamedTuple):
    """What training does not change."""

    rows: Rows
    numbers: Tensor  # of the optimizer, (lanes, numbers)
    watch: Tensor  # (lanes, fields of a Watch)


class State(NamedTuple):
    """What training changes."""

    layers: Layers
    slots: list[tuple[Slots, Slots]]  # a layer's kernel's, its bias's
    watched: Tensor  # (lanes, fields of a Watched)


class Tables(NamedTuple):
    """What the host has worked out for the epochs of a call."""

    order: Tensor  # rows in the order they are trained on, (lanes, epochs, batches · batch size)
    rates: Tensor  # (lanes, updates)
    scales: Tensor  # what the rates are multiplied by, (lanes, updates)
    span: Tensor  # number of the first epoch, from 0, and how many to train


def shares_of(key: ProgramKey) -> npt.NDArray[np.float32]:
    """Of each row in its batch's mean, (batches, batch size); a smaller last batch ends in zeros.

    >>> shares_of(ProgramKey(5, 5, (2, 2), "relu", "sgd", batch_size=4)).tolist()
    [[0.25, 0.25, 0.25, 0.25], [1.0, 0.0, 0.0, 0.0]]
    """
    last = key.train_rows - (key.updates_per_epoch - 1) * key.batch_size
    sizes = np.full((key.updates_per_epoch, 1), key.batch_size)
    sizes[-1] = last
    return np.where(np.arange(key.batch_size) < sizes, 1 / sizes, 0).astype(np.float32)


def lanes_of_programs() -> int:
    """How many runs one program trains.

    One on a processor: its share of the cache is then its own, and what it computes cannot depend
    on its neighbours. Many on a GPU, where starting the many small kernels costs and their width
    does not.
    """
    return LANES if on_gpu() else 1


def epochs_per_call(key: ProgramKey) -> int:
    """The most epochs that one call of a program trains."""
    return max(1, min(EPOCHS_MAX, UPDATES_MAX // key.updates_per_epoch))


@cache
def program(key: ProgramKey, lanes: int) -> Program:
    """The program of all experiments with this key, so many at once."""
    return Program(key, lanes)


class Program:
    """Trains some epochs of its lanes; compiled by its first call."""

    def __init__(self, key: ProgramKey, lanes: int) -> None:
        self.key, self.lanes = key, lanes
        self.traces = 0  # how often it was traced, for those who watch that nothing compiles
        self.epoch_seconds = 0.0  # what an epoch took lately
        self.concrete: Any = None
        self.lock = Lock()

    def __call__(self, state: State, held: Held, tables: Tables) -> tuple[State, Tensor]:
        """The new state, and the figures (lanes, epochs, FIGURES), as many as were trained."""
        arguments = state, held, tables
        flat = tf.nest.flatten(arguments)
        with self.lock:
            self.concrete = self.concrete or self.trace(arguments, flat)
        figures, *after = self.concrete(*flat)  # flat, because nested it takes twice as long
        return tf.nest.pack_sequence_as(state, after), figures

    def trace(self, arguments: tuple[State, Held, Tables], flat: list[Tensor]) -> Any:
        @tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
        def run(*flat: Tensor) -> list[Tensor]:
            self.traces += 1
            state, figures = train(self.key, *tf.nest.pack_sequence_as(arguments, flat))
            return [figures, *tf.nest.flatten(state)]

        return run.get_concrete_function(*(tf.TensorSpec(one.shape, one.dtype) for one in flat))


def train(key: ProgramKey, state: State, held: Held, tables: Tables) -> tuple[State, Tensor]:
    trainer = Trainer(key, held, tables)
    lanes = tables.order.shape[0]

    def step(epoch: Tensor, state: State, table: Tensor) -> tuple[Tensor, State, Tensor]:
        state, figures = trainer.epoch(epoch, state)
        return epoch + 1, state, tf.tensor_scatter_nd_update(table, [[epoch]], figures[None])

    table = tf.zeros([epochs_per_call(key), lanes, len(FIGURES)], tf.float64)
    _, state, table = tf.while_loop(
        lambda epoch, *_: epoch < tables.span[1], step, (tf.constant(0), state, table)
    )
    return state, tf.transpose(table, [1, 0, 2])


class Trainer(NamedTuple):
    """The inside of one program."""

    key: ProgramKey
    held: Held
    tables: Tables

    def epoch(self, epoch: Tensor, state: State) -> tuple[State, Tensor]:
        """One epoch of all lanes, counted from 0 within the call; its figures (lanes, FIGURES)."""
        count = self.key.updates_per_epoch
        batches = self.batches(self.tables.order[:, epoch])
        shares = tf.constant(shares_of(self.key))
        rates = self.rates(epoch, state)

        def step(i: Tensor, state: State, score: Tensor) -> tuple[Tensor, State, Tensor]:
            x, x_columns, y = (part[:, i] for part in batches)
            batch = Batch(x, x_columns, y, shares[i])
            state, more = self.update(state, batch, rates[:, i])
            return i + 1, state, score + more

        score = tf.zeros([2, rates.shape[0]])
        _, state, score = tf.while_loop(
            lambda i, *_: i < count, step, (tf.constant(0), state, score)
        )
        return self.finish(epoch, state, score)

    def batches(self, order: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The rows in order as x, x in columns and y in columns; (lanes, batches, …)."""
        count, size = self.key.updates_per_epoch, self.key.batch_size
        x = tf.gather(self.held.rows.x_train, order, batch_dims=1)
        y = tf.gather(self.held.rows.y_train, order, batch_dims=1)
        x, y = (tf.reshape(a, [a.shape[0], count, size, a.shape[2]]) for a in (x, y))
        return x, turned(x), turned(y)

    def update(self, state: State, batch: Batch, rate: Tensor) -> tuple[State, Tensor]:
        """One update of all lanes; loss and hits of the batch before it, (2, lanes)."""
        gradients, score = gradient(state.layers, self.key.activation, batch)
        layers, slots = [], []
        for layer in zip(state.layers, gradients, state.slots, strict=True):
            stepped = [self.step(*part, rate) for part in zip(*layer, strict=True)]
            layers.append((stepped[0][0], stepped[1][0]))
            slots.append((stepped[0][1], stepped[1][1]))
        return State(layers, slots, state.watched), tf.stack([score.loss, score.hits])

    def step(
        self, weight: Tensor, gradient: Tensor, slots: Slots, rate: Tensor
    ) -> tuple[Tensor, Slots]:
        shape = [-1] + [1] * (len(weight.shape) - 1)
        rule = RULES[self.key.optimizer]
        numbers = [tf.reshape(n, shape) for n in tf.unstack(self.held.numbers, axis=1)]
        change, slots = rule.step(gradient, slots, tf.reshape(rate, shape), *numbers)
        return weight + change, slots

    def rates(self, epoch: Tensor, state: State) -> Tensor:
        """The epoch's rates from the table, or what a watch has made of them; (lanes, updates)."""
        watch, watched = self.watches(state)
        count = self.key.updates_per_epoch
        rates, scales = (
            tf.slice(table, [0, epoch * count], [table.shape[0], count])
            for table in (self.tables.rates, self.tables.scales)
        )
        cut = tf.cast(self.tables.span[0] + epoch, tf.float64) >= watch.start
        return tf.where(cut[:, None], tf.cast(watched.rate, tf.float32)[:, None], rates) * scales

    def finish(self, epoch: Tensor, state: State, score: Tensor) -> tuple[State, Tensor]:
        """Validate, gather the epoch's figures, and let the watches look at them."""
        rows = self.held.rows
        validation = predict(state.layers, self.key.activation, rows.x_test, rows.y_test)
        figures = [*tf.unstack(score / self.key.train_rows), *means(validation, self.key.test_rows)]
        monitors = tf.cast(tf.stack(figures, 1), tf.float64)
        watch, before = self.watches(state)
        number = self.tables.span[0] + epoch
        after = plateau.look(watch, before, number, monitors)
        figures = tf.concat([before.rate[:, None], monitors], 1)
        return state._replace(watched=tf.stack(after, 1)), figures

    def watches(self, state: State) -> tuple[plateau.Watch, plateau.Watched]:
        return (
            plateau.Watch(*tf.unstack(self.held.watch, axis=1)),
            plateau.Watched(*tf.unstack(state.watched, axis=1)),
        )


def means(score: Score, rows: int) -> tuple[Tensor, Tensor]:
    return score.loss / rows, score.hits / rows
