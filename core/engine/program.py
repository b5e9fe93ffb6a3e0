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
from typing import Any, NamedTuple

from core.engine import plateau
from core.engine.device import on_gpu, tf
from core.engine.grouping import LANES, ProgramKey
from core.engine.losses import LOSSES, hits
from core.engine.traced_model import TracedModel
from core.engine.update_rules import RULES, Memory, clip, decay

Tensor = Any

CALL_EPOCHS_MAX = 256  # in one call: the tables of a call hold so many
CALL_UPDATES_MAX = 4096  # or about so many updates, where an epoch has many
FIGURES = ("learning_rate", *plateau.MONITORS)  # what a call returns of every epoch


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
        self.key, self.lanes, self.names, self.per_update = key, lanes, names, per_update
        self.traces = 0  # how often it was traced, for those who watch that nothing compiles
        self.epoch_seconds = 0.0  # what an epoch took lately
        self.model = TracedModel(key)
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
        self.key, self.lanes, self.names = program.key, program.lanes, program.names
        self.per_update = program.per_update
        self.rows, self.tables, self.span = rows, tables, span
        self.model = program.model
        self.loss = LOSSES[program.key.loss]

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
        watched, rates = self.by_lane(self.begin)(state.watched, now, self.number(epoch))
        state = state._replace(watched=watched)
        full, last = self.by_lane(self.batches)(self.rows, now.order)
        one_update = self.by_lane(self.update)
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
        state, figures = self.by_lane(self.finish)(state, score, self.rows, now, self.number(epoch))
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

    # What follows is about one run: no array has an axis for lanes.

    def begin(self, watched: Tensor, now: Epoch, number: Tensor) -> tuple[Tensor, Tensor]:
        """At the start of an epoch: what the watch remembers, and the rate of each update."""
        watch = plateau.Watch(*tf.unstack(now.watch))
        before = plateau.begin(watch, plateau.Watched(*tf.unstack(watched)))
        cut = tf.cast(before.rate, tf.float32)
        rates = tf.where(plateau.is_watching(watch, number), cut, now.rates)
        return tf.stack(before), rates

    def batches(self, rows: DataTensors, order: Tensor) -> tuple[Any, Any]:
        """The rows in order: full batches, (batches, rows, …), and the last, smaller one.

        What fills that up, where the key pads, has no class.
        """
        size, full = self.key.batch_size, self.key.full_batches
        x, y = tf.gather(rows.x_train, order), tf.gather(rows.y_train, order)
        if self.key.padding:
            full = self.key.updates_per_epoch
            x, y = (tf.pad(a, [[0, self.key.padding], [0, 0]]) for a in (x, y))
        whole = tuple(tf.reshape(a[: full * size], [full, size, a.shape[1]]) for a in (x, y))
        return whole, (x[full * size :], y[full * size :])

    def update(
        self, state: Learning, x: Tensor, y: Tensor, rate: Tensor, numbers: Tensor, count: Tensor
    ) -> tuple[Learning, Tensor]:
        """One update; the batch's loss times its rows and its hits, before it."""
        n = self.named(numbers) | {"learning_rate": rate}
        targets = tf.transpose(y)
        present = tf.reduce_sum(y, 1) if self.key.padding else None
        rows = tf.reduce_sum(present) if self.key.padding else float(x.shape[0])
        with tf.GradientTape() as tape:
            tape.watch(state.weights)
            logits, others = self.model.logits(state.weights, state.others, x, n, present)
            losses = self.loss(logits, targets)
            if self.key.padding:
                losses *= present
            mean = tf.reduce_sum(losses) * (1 / rows)
            loss = mean + self.model.penalty(state.weights, n) if self.key.has_l2 else mean
        gradients = tape.gradient(loss, state.weights)
        weights, memory = self.steps(gradients, state.weights, state.memory, n, count)
        score = tf.stack([loss * rows, hits(logits, targets)])
        return Learning(weights, others, memory, state.watched), score

    def named(self, numbers: Tensor) -> dict[str, Tensor]:
        return dict(zip(self.names, tf.unstack(numbers), strict=True))

    def steps(
        self,
        gradients: list[Tensor],
        weights: list[Tensor],
        memory: list[Memory],
        n: dict[str, Tensor],
        count: Tensor,
    ) -> tuple[list[Tensor], list[Memory]]:
        """The update of every weight, in Keras's order: clip, decay, then the rule."""
        if self.key.clips:
            gradients = clip(gradients, n["clipnorm"])
        if self.key.decays:
            weights = [decay(weight, self.key.optimizer, n) for weight in weights]
        rule = RULES[self.key.optimizer]
        updates = [
            rule.step(*one, n, count) for one in zip(gradients, weights, memory, strict=True)
        ]
        return [weight for weight, _ in updates], [kept for _, kept in updates]

    def finish(
        self, state: Learning, score: Tensor, rows: DataTensors, now: Epoch, number: Tensor
    ) -> tuple[Learning, Tensor]:
        """Validate, gather the epoch's figures, and let the watch look at them."""
        n = self.named(now.numbers)
        logits = self.model.validated(state.weights, state.others, rows.x_test)
        loss = tf.reduce_sum(self.loss(logits, rows.y_test)) / self.key.test_rows
        if self.key.has_l2:
            loss += self.model.penalty(state.weights, n)
        hit = hits(logits, rows.y_test) / self.key.test_rows
        trained = score / self.key.train_rows
        monitors = tf.cast(tf.stack([trained[0], trained[1], loss, hit]), tf.float64)
        watch = plateau.Watch(*tf.unstack(now.watch))
        before = plateau.Watched(*tf.unstack(state.watched))
        after = plateau.look(watch, before, number, monitors)
        figures = tf.concat([before.rate[None], monitors], 0)
        return state._replace(watched=tf.stack(after)), figures
