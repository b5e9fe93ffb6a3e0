"""The compiled program: some epochs of several runs in one call.

Everything that distinguishes two runs of one `ProgramKey` is an input, so a new value never
compiles; neither does another number of epochs.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from core.engine import plateau
from core.engine.device import tf
from core.engine.grouping import ProgramKey
from core.engine.network import Batch, Layers, Score, gradient, predict, turned
from core.engine.update_rules import RULES, Numbers, Slots

Tensor = Any

EPOCHS_MAX = 64  # in one call: the tables of a call hold so many
UPDATES_MAX = 4096  # or about so many updates, where an epoch has many
FIGURES = ("learning_rate", *plateau.MONITORS)  # what a call returns of every epoch

traces = [0]  # how often a program was traced, for those who watch that nothing compiles


class Rows(NamedTuple):
    """The data of every lane."""

    x_train: Tensor  # (lanes, rows, features)
    y_train: Tensor  # one-hot, (lanes, rows, classes)
    x_test: Tensor  # in columns, (lanes, features, rows)
    y_test: Tensor  # one-hot, in columns, (lanes, classes, rows)


class Held(NamedTuple):
    """What training does not change."""

    rows: Rows
    numbers: Numbers  # of the optimizer; each (lanes,)
    watch: plateau.Watch


class State(NamedTuple):
    """What training changes."""

    layers: Layers
    slots: list[tuple[Slots, Slots]]  # a layer's kernel's, its bias's
    watched: plateau.Watched


class Tables(NamedTuple):
    """What the host has worked out for the epochs of a call."""

    order: Tensor  # rows in the order they are trained on, (lanes, epochs, rows)
    rates: Tensor  # (updates, lanes)
    scales: Tensor  # what the rates are multiplied by, (updates, lanes)


def epochs_per_call(key: ProgramKey) -> int:
    """The most epochs that one call of a program trains."""
    return max(1, min(EPOCHS_MAX, UPDATES_MAX // key.updates_per_epoch))


@cache
def program(key: ProgramKey, lanes: int) -> Any:
    """The program for so many lanes; traced and compiled when first called.

    Takes (state, held, tables, first epoch, epochs), returns the new state and the figures,
    (`epochs_per_call`, lanes, FIGURES), of which the first `epochs` are filled.
    """

    @tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
    def train(
        state: State, held: Held, tables: Tables, first: Tensor, epochs: Tensor
    ) -> tuple[State, Tensor]:
        traces[0] += 1
        trainer = Trainer(key, held, tables, first)

        def step(epoch: Tensor, state: State, table: Tensor) -> tuple[Tensor, State, Tensor]:
            state, figures = trainer.epoch(epoch, state)
            return epoch + 1, state, tf.tensor_scatter_nd_update(table, [[epoch]], figures[None])

        table = tf.zeros([epochs_per_call(key), lanes, len(FIGURES)], tf.float64)
        _, state, table = tf.while_loop(
            lambda epoch, *_: epoch < epochs, step, (tf.constant(0), state, table)
        )
        return state, table

    return train


class Trainer(NamedTuple):
    """The inside of one program."""

    key: ProgramKey
    held: Held
    tables: Tables
    first: Tensor  # the number of the call's first epoch, from 0

    def epoch(self, epoch: Tensor, state: State) -> tuple[State, Tensor]:
        """One epoch of all lanes, counted from 0 within the call; its figures (lanes, FIGURES)."""
        count, rest = divmod(self.key.train_rows, self.key.batch_size)
        order = self.tables.order[:, epoch]
        whole, last = self.batches(order, count)
        rates = self.rates(epoch, state.watched)

        def step(i: Tensor, state: State, score: Tensor) -> tuple[Tensor, State, Tensor]:
            batch = Batch(*(part[:, i] for part in whole))
            state, more = self.update(state, batch, rates[i])
            return i + 1, state, score + more

        score = tf.zeros([2, order.shape[0]])
        _, state, score = tf.while_loop(
            lambda i, *_: i < count, step, (tf.constant(0), state, score)
        )
        if rest:
            state, more = self.update(state, last, rates[count])
            score += more
        return self.finish(epoch, state, score)

    def batches(self, order: Tensor, count: int) -> tuple[Batch, Batch]:
        """The rows in order: whole batches, (lanes, batches, …), and the smaller last one."""
        x = tf.gather(self.held.rows.x_train, order, batch_dims=1)
        y = tf.gather(self.held.rows.y_train, order, batch_dims=1)
        cut = count * self.key.batch_size
        x_whole, y_whole = (
            tf.reshape(a[:, :cut], [a.shape[0], count, self.key.batch_size, a.shape[2]])
            for a in (x, y)
        )
        whole = Batch(x_whole, turned(x_whole), turned(y_whole))
        return whole, Batch(x[:, cut:], turned(x[:, cut:]), turned(y[:, cut:]))

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
        numbers = {name: tf.reshape(n, shape) for name, n in self.held.numbers.items()}
        rule = RULES[self.key.optimizer]
        change, slots = rule.step(gradient, slots, tf.reshape(rate, shape), numbers)
        return weight + change, slots

    def rates(self, epoch: Tensor, watched: plateau.Watched) -> Tensor:
        """The epoch's rates from the table, or what a watch has made of them; (updates, lanes)."""
        count = self.key.updates_per_epoch
        rates, scales = (
            tf.slice(table, [epoch * count, 0], [count, table.shape[1]])
            for table in (self.tables.rates, self.tables.scales)
        )
        cut = self.first + epoch >= self.held.watch.start
        return tf.where(cut, tf.cast(watched.rate, tf.float32), rates) * scales

    def finish(self, epoch: Tensor, state: State, score: Tensor) -> tuple[State, Tensor]:
        """Validate, gather the epoch's figures, and let the watches look at them."""
        rows = self.held.rows
        validation = predict(state.layers, self.key.activation, rows.x_test, rows.y_test)
        figures = [*tf.unstack(score / self.key.train_rows), *means(validation, self.key.test_rows)]
        monitors = tf.cast(tf.stack(figures, 1), tf.float64)
        watched = plateau.look(self.held.watch, state.watched, self.first + epoch, monitors)
        rate = state.watched.rate[:, None]
        return state._replace(watched=watched), tf.concat([rate, monitors], 1)


def means(score: Score, rows: int) -> tuple[Tensor, Tensor]:
    return score.loss / rows, score.hits / rows
