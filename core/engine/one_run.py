"""What a program does with one run, from the start of an epoch to its end.

No array has an axis for lanes here: a program with several goes through these functions by
`tf.vectorized_map`.
"""

from __future__ import annotations

from typing import Any

from core.engine import plateau
from core.engine.device import tf
from core.engine.grouping import ProgramKey
from core.engine.losses import LOSSES, hits
from core.engine.tensors import DataTensors, Epoch, Learning
from core.engine.traced_model import TracedModel
from core.engine.update_rules import RULES, Memory, clip, decay

Tensor = Any


class OneRun:
    """Its model and its rules are those of a key; `names` are those of its numbers."""

    def __init__(self, key: ProgramKey, names: tuple[str, ...]) -> None:
        self.key, self.names = key, names
        self.model, self.loss = TracedModel(key), LOSSES[key.loss]

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
        weights, memory = steps(self.key, gradients, state.weights, state.memory, n, count)
        score = tf.stack([loss * rows, hits(logits, targets)])
        return Learning(weights, others, memory, state.watched), score

    def named(self, numbers: Tensor) -> dict[str, Tensor]:
        return dict(zip(self.names, tf.unstack(numbers), strict=True))

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


def steps(
    key: ProgramKey,
    gradients: list[Tensor],
    weights: list[Tensor],
    memory: list[Memory],
    n: dict[str, Tensor],
    count: Tensor,
) -> tuple[list[Tensor], list[Memory]]:
    """The update of every weight, in Keras's order: clip, decay, then the rule."""
    if key.clips:
        gradients = clip(gradients, n["clipnorm"])
    if key.decays:
        weights = [decay(weight, key.optimizer, n) for weight in weights]
    rule = RULES[key.optimizer]
    updates = [rule.step(*one, n, count) for one in zip(gradients, weights, memory, strict=True)]
    return [weight for weight, _ in updates], [kept for _, kept in updates]
