"""The compiled program: some epochs of a run, or of several side by side, in one call.

Everything that distinguishes two runs of one `ProgramKey` is an input, so a new value never
compiles; neither does another number of epochs. With one lane no array has an axis for it; with
several every array of a run has the lanes first, and each step is Keras's own function of one run,
vectorized over them (`tf.vectorized_map`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from core.engine import plateau
from core.engine.device import on_gpu, tf
from core.engine.grouping import LANES, ProgramKey
from core.engine.one_run import OneRun
from core.engine.tensors import DataTensors, Epoch, Learning, Tables

Tensor = Any

CALL_EPOCHS_MAX = 256  # in one call: the tables of a call hold so many
CALL_UPDATES_MAX = 4096  # or about so many updates, where an epoch has many
FIGURES = ("learning_rate", *plateau.MONITORS)  # what a call returns of every epoch


def lanes_of_programs() -> int:
    """How many runs one program trains.

    One on a processor: its share of the cache is then its own, and what it computes cannot depend
    on its neighbours. Many on a GPU, where starting the many small kernels costs and their width
    does not.
    """
    return LANES if on_gpu() else 1


def epochs_per_call(key: ProgramKey) -> int:
    """The most epochs that one call of a program trains."""
    return max(1, min(CALL_EPOCHS_MAX, CALL_UPDATES_MAX // key.updates_per_epoch))


@cache
def program(key: ProgramKey, lanes: int, names: tuple[str, ...], per_update: bool) -> Program:
    """The program of a key, for so many lanes; `per_update` returns each update's loss as well."""
    return Program(key, lanes, names, per_update)


class Program:
    """Traced and compiled at its first call."""

    def __init__(
        self, key: ProgramKey, lanes: int, names: tuple[str, ...], per_update: bool
    ) -> None:
        self.key, self.lanes, self.per_update = key, lanes, per_update
        self.traces = 0  # how often it was traced, for those who watch that nothing compiles
        self.epoch_seconds = 0.0  # what an epoch took lately
        self.one_run = OneRun(key, names)
        self.concrete: Any = None
        self.lock = Lock()

    def __call__(
        self, state: Learning, rows: DataTensors, tables: Tables, span: Tensor
    ) -> tuple[Learning, Tensor, Tensor]:
        """The new state, the figures (epochs, FIGURES) and the losses (epochs, updates).

        `span` is the number of the first epoch, from 0, and how many to train; what lies behind
        these in the results is empty. Losses are empty without `per_update`.
        """
        arguments = state, rows, tables, span
        flat = tf.nest.flatten(arguments)
        with self.lock:
            self.concrete = self.concrete or self.trace(arguments, flat)
        figures, losses, *after = self.concrete(*flat)  # flat: nested it takes twice as long
        return tf.nest.pack_sequence_as(state, after), figures, losses

    def trace(self, arguments: Any, flat: list[Any]) -> Any:
        @tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
        def run(*flat: Tensor) -> list[Tensor]:
            self.traces += 1
            training = Training(self, *tf.nest.pack_sequence_as(arguments, flat)[1:])
            results = training.run(tf.nest.pack_sequence_as(arguments, flat)[0])
            return list(tf.nest.flatten(results))

        tensors = map(tf.convert_to_tensor, flat)
        return run.get_concrete_function(*(tf.TensorSpec(t.shape, t.dtype) for t in tensors))


def reshaped(tensor: Tensor) -> Tensor:
    """The same again, in a way that hides from TensorFlow which loop it comes from.

    Else TensorFlow asks of each variable whether the loop leaves it alone, and builds the loop's
    body anew for each: up to a second before XLA starts.
    """
    return tf.reshape(tensor, tensor.shape)


class Training:
    """The inside of a program."""

    def __init__(self, program: Program, rows: DataTensors, tables: Tables, span: Tensor) -> None:
        self.key, self.lanes, self.per_update = program.key, program.lanes, program.per_update
        self.rows, self.tables, self.span = rows, tables, span
        self.one_run = program.one_run

    def run(self, state: Learning) -> tuple[Tensor, Tensor, Learning]:
        room, updates = epochs_per_call(self.key), self.key.updates_per_epoch
        figures = self.empty(room, len(FIGURES))
        losses = self.empty(room, updates if self.per_update else 0)

        def step(epoch: Tensor, state: Learning, figures: Tensor, losses: Tensor) -> Any:
            state, more, by_update = self.epoch(epoch, state)
            figures = tf.tensor_scatter_nd_update(figures, [[epoch]], more[None])
            if self.per_update:
                losses = tf.tensor_scatter_nd_update(losses, [[epoch]], by_update[None])
            return epoch + 1, state, figures, losses

        _, state, figures, losses = tf.while_loop(
            lambda epoch, *_: epoch < self.span[1],
            step,
            (tf.constant(0), state, figures, losses),
        )
        return self.lanes_first(figures), self.lanes_first(losses), state

    def empty(self, room: int, width: int) -> Tensor:
        lanes = [self.lanes] if self.lanes > 1 else []
        return tf.zeros([room, *lanes, width], tf.float64)

    def lanes_first(self, table: Tensor) -> Tensor:
        return tf.transpose(table, [1, 0, 2]) if self.lanes > 1 else table

    def by_lane(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of one run as a function of all lanes."""
        if self.lanes == 1:
            return function
        return lambda *arguments: tf.vectorized_map(lambda one: function(*one), arguments)

    def at(self, table: Tensor, place: Any) -> Tensor:
        """A row of a table, or of each lane's."""
        return table[:, place] if self.lanes > 1 else table[place]

    def epoch(self, epoch: Tensor, state: Learning) -> tuple[Learning, Tensor, Tensor]:
        """One epoch, counted from 0 within the call; its figures, and its losses by update."""
        now = Epoch(*(self.at(table, epoch) for table in self.tables))
        first = (self.span[0] + epoch) * self.key.updates_per_epoch
        watched, rates = self.by_lane(self.one_run.begin)(state.watched, now, self.number(epoch))
        state = state._replace(watched=watched)
        full, last = self.by_lane(self.one_run.batches)(self.rows, now.order)
        one_update = self.by_lane(self.one_run.update)
        losses = self.at_updates()

        def step(i: Tensor, state: Learning, score: Tensor, losses: Tensor) -> Any:
            x, y = (self.at(part, i) for part in full)
            count = self.shared(tf.cast(first + i + 1, tf.float32))
            state, more = one_update(state, x, y, self.at(rates, i), now.numbers, count)
            return i + 1, state, score + more, self.noted(losses, i, more)

        batches = self.key.updates_per_epoch if self.key.padding else self.key.full_batches
        score = tf.zeros([self.lanes, 2] if self.lanes > 1 else [2])
        _, state, score, losses = tf.while_loop(
            lambda i, *_: i < batches, step, (tf.constant(0), state, score, losses)
        )
        state = tf.nest.map_structure(reshaped, state)
        if batches < self.key.updates_per_epoch:  # the smaller last batch is a body of its own
            count = self.shared(tf.cast(first + batches + 1, tf.float32))
            rate = self.at(rates, batches)
            state, more = one_update(state, *last, rate, now.numbers, count)
            score, losses = score + more, self.noted(losses, batches, more)
        state, figures = self.by_lane(self.one_run.finish)(
            state, score, self.rows, now, self.number(epoch)
        )
        return state, figures, losses

    def number(self, epoch: Tensor) -> Tensor:
        """The number of an epoch in the run, from 0; for each lane."""
        return self.shared(self.span[0] + epoch)

    def shared(self, number: Tensor) -> Tensor:
        return tf.fill([self.lanes], number) if self.lanes > 1 else number

    def at_updates(self) -> Tensor:
        width = self.key.updates_per_epoch if self.per_update else 0
        return tf.zeros([self.lanes, width] if self.lanes > 1 else [width], tf.float64)

    def noted(self, losses: Tensor, i: Any, score: Tensor) -> Tensor:
        """The losses with that of one more update."""
        if not self.per_update:
            return losses
        rows = tf.minimum(self.key.batch_size, self.key.train_rows - i * self.key.batch_size)
        loss = tf.cast(score[..., 0] / tf.cast(rows, tf.float32), tf.float64)
        here = tf.range(self.key.updates_per_epoch) == i
        return tf.where(here, loss[..., None], losses)
