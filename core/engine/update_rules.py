"""The optimizers' update rules, each a pure function as Keras 3 has it.

A rule sees what Keras's `update_step` sees: the gradient of one weight, the weight, its own memory
of it, the run's numbers by name (`learning_rate` is that of this very update), and which update it
is, from 1. It gives the new weight and the new memory. Weight decay and clipping come before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from core.engine.device import tf
from core.experiment.optimizers import MUON_A, MUON_B, MUON_C, MUON_STEPS

Tensor = Any
Shape = tuple[int, ...]
Numbers = dict[str, Tensor]
Memory = dict[str, Tensor]
Starts = dict[str, float]  # of a memory, by name: what it is filled with
Update = tuple[Tensor, Memory]

MUON_SMALL = 1e-7  # beside the norm of what Muon turns
MUON_LOOP = 64  # rows from which on its steps are a loop, and
MUON_PADDED = 50  # from which on it pays to add rows of 0 up to there
MUON_TINY = 10  # rows, of as many columns as `MUON_LOOP`, up to which they are one as well
NADAM_DECAY = 0.96  # of Nadam's momentum schedule (Dozat, 2016)
SCALARS = {"product"}  # memories that are one number a weight; all others have the weight's shape


class UpdateRule(NamedTuple):
    """One kind of optimizer."""

    step: Callable[[Tensor, Tensor, Memory, Numbers, Tensor], Update]
    numbers: Callable[[Any], dict[str, float]]  # of a description, what `step` reads by name
    memory: Callable[[Any, Shape], Starts]  # of a description and a weight's shape


def sgd(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """velocity ← momentum · velocity − rate · gradient; the change, or one step on (Nesterov)."""
    step = n["learning_rate"] * gradient
    velocity = n["momentum"] * memory["velocity"] - step
    ahead = n["momentum"] * velocity - step
    return weight + tf.where(n["nesterov"] > 0, ahead, velocity), {"velocity": velocity}


def rmsprop(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """mean ← rho · mean + (1 − rho) · gradient²; change = −rate · gradient / root.

    The root is √(mean + inside) + outside: epsilon is one of them and the other is 0.
    """
    mean = n["rho"] * memory["mean"] + n["one_minus_rho"] * gradient * gradient
    root = tf.sqrt(mean + n["inside"]) + n["outside"]
    return weight - n["learning_rate"] * gradient / root, {"mean": mean}


def adagrad(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """total ← total + gradient²; change = −rate · gradient / root, as in `rmsprop`."""
    total = memory["total"] + gradient * gradient
    root = tf.sqrt(total + n["inside"]) + n["outside"]
    return weight - n["learning_rate"] * gradient / root, {"total": total}


def adam(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """m and v move towards gradient and gradient²; change = −rate · scale · m / (√v + epsilon).

    The scale is √(1 − beta_2ᵗ) / (1 − beta_1ᵗ).
    """
    m, v = moments(gradient, memory, n)
    first, second = 1 - n["beta_1"] ** update, 1 - n["beta_2"] ** update
    rate = n["learning_rate"] * tf.sqrt(second) / first
    return weight - m * rate / (tf.sqrt(v) + n["epsilon"]), {"m": m, "v": v}


def moments(gradient: Tensor, memory: Memory, n: Numbers) -> tuple[Tensor, Tensor]:
    m = memory["m"] + (gradient - memory["m"]) * n["one_minus_beta_1"]
    v = memory["v"] + (gradient * gradient - memory["v"]) * n["one_minus_beta_2"]
    return m, v


def nadam(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """Adam with the momentum of the next update: see `core.experiment.optimizers.Nadam`."""
    beta, decay = n["beta_1"], tf.constant(NADAM_DECAY)
    now, ahead = (beta * (1 - 0.5 * decay**t) for t in (update, update + 1))
    product = memory["product"] * now
    m, v = moments(gradient, memory, n)
    m_hat = ahead * m / (1 - product * ahead) + (1 - now) * gradient / (1 - product)
    v_hat = v / (1 - n["beta_2"] ** update)
    change = m_hat * n["learning_rate"] / (tf.sqrt(v_hat) + n["epsilon"])
    return weight - change, {"m": m, "v": v, "product": product}


def adamax(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """Adam by the largest gradient: change = −rate / (1 − beta_1ᵗ) · m / (u + epsilon)."""
    m = memory["m"] + (gradient - memory["m"]) * n["one_minus_beta_1"]
    u = tf.maximum(n["beta_2"] * memory["u"], tf.abs(gradient))
    below = (1 - n["beta_1"] ** update) * (u + n["epsilon"])
    return weight - n["learning_rate"] * m / below, {"m": m, "u": u}


def lion(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """change = −rate · sign(beta_1 · m + (1 − beta_1) · gradient); m then follows by beta_2."""
    m = memory["m"]
    way = tf.sign(m * n["beta_1"] + gradient * (1 - n["beta_1"]))
    m = m * n["beta_2"] + gradient * (1 - n["beta_2"])
    return weight - n["learning_rate"] * way, {"m": m}


def muon(gradient: Tensor, weight: Tensor, memory: Memory, n: Numbers, update: Tensor) -> Update:
    """Matrices by `orthogonal` of their momentum, all other weights by Adam."""
    if not is_matrix(weight.shape):
        rate = n["learning_rate"] * n["adam_lr_ratio"]
        return adam(gradient, weight, memory, {**n, "learning_rate": rate}, update)
    m = n["momentum"] * memory["m"] + gradient
    turned = orthogonal(tf.where(n["nesterov"] > 0, gradient + n["momentum"] * m, m))
    scale = n["rms_rate"] * float(max(weight.shape)) ** 0.5
    return weight - n["learning_rate"] * scale * turned, {"m": m}


def is_matrix(shape: Any) -> bool:
    """Whether Muon turns such a weight: dense kernels, and nothing else."""
    return len(shape) == 2


def orthogonal(matrix: Tensor) -> Tensor:
    """Towards the nearest matrix with singular values of one, by five steps of Newton and Schulz.

    Keras's `Muon.zeropower_via_newtonschulz5`. It takes a matrix and the same turned round to
    results that are turned round as well.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = tf.transpose(matrix) if tall else matrix
    x = x / (tf.sqrt(tf.reduce_sum(x * x)) + MUON_SMALL)
    rows, columns = x.shape
    room = MUON_LOOP - rows if MUON_PADDED <= rows < MUON_LOOP <= columns else 0
    x = newton_schulz(tf.pad(x, [[0, room], [0, 0]]) if room else x)[:rows]
    return tf.transpose(x) if tall else x


def newton_schulz(x: Tensor) -> Tensor:
    """All steps; a loop, of which one step is compiled, where that is as fast to run.

    XLA makes one function of a loop over little data, whose products are sixteen times as slow:
    nobody minds that where they are tiny, and from `MUON_LOOP` rows on they are too large for it.
    """

    def step(i: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
        square = x @ tf.transpose(x)
        return i + 1, MUON_A * x + (MUON_B * square + MUON_C * square @ square) @ x

    rows, columns = x.shape
    if rows >= MUON_LOOP or (rows <= MUON_TINY and columns <= MUON_LOOP):
        return tf.while_loop(lambda i, x: i < MUON_STEPS, step, (tf.constant(0), x))[1]
    for i in range(MUON_STEPS):
        _, x = step(i, x)
    return x


def clip(gradients: list[Tensor], most: Tensor) -> list[Tensor]:
    """Each gradient, scaled down to the norm `most` where it is longer; `most` 0 clips nothing.

    The norms are compared all at once: roots and choices of each weight's own take longer to
    compile.
    """
    norms = tf.sqrt(tf.stack([tf.reduce_sum(one * one) for one in gradients]))
    longer, ones = (most > 0) & (norms > most), tf.ones_like(norms)
    times = tf.unstack(tf.where(longer, most, ones))
    over = tf.unstack(tf.where(longer, norms, ones))
    return [one * t / n for one, t, n in zip(gradients, times, over, strict=True)]


def decay(weight: Tensor, kind: str, n: Numbers) -> Tensor:
    """What weight decay leaves of a weight: weight · (1 − weight_decay · rate)."""
    by_adam = kind == "muon" and not is_matrix(weight.shape)
    decay = n["adam_weight_decay" if by_adam else "weight_decay"]
    return weight - weight * decay * n["learning_rate"]


def fields(*names: str) -> Callable[[Any], dict[str, float]]:
    """Numbers that a description holds as they are; of a beta also what it leaves of one.

    Keras works out 1 − beta in double precision before it rounds, and so does this.
    """

    def numbers(optimizer: Any) -> dict[str, float]:
        found = {name: float(getattr(optimizer, name)) for name in names}
        rest = {f"one_minus_{name}": 1 - found[name] for name in names if is_share(name)}
        return found | rest

    return numbers


def is_share(name: str) -> bool:
    return name.startswith("beta") or name == "rho"


def with_epsilon(*names: str) -> Callable[[Any], dict[str, float]]:
    """The same, with epsilon inside the root as in Keras 3, or outside it as in Keras 2.3."""
    rest = fields(*names)

    def numbers(optimizer: Any) -> dict[str, float]:
        inside, epsilon = optimizer.epsilon_inside_root, optimizer.epsilon
        return rest(optimizer) | {
            "inside": epsilon if inside else 0.0,
            "outside": 0.0 if inside else epsilon,
        }

    return numbers


def muon_numbers(optimizer: Any) -> dict[str, float]:
    """Muon's own, and Adam's by the names that its rule reads."""
    own = fields("momentum", "nesterov", "rms_rate", "adam_lr_ratio", "adam_weight_decay")
    one, two = optimizer.adam_beta_1, optimizer.adam_beta_2
    return own(optimizer) | {
        "beta_1": one,
        "beta_2": two,
        "one_minus_beta_1": 1 - one,
        "one_minus_beta_2": 1 - two,
        "epsilon": optimizer.epsilon,
    }


def starting(**starts: float) -> Callable[[Any, Shape], Starts]:
    return lambda optimizer, shape: starts


ADAM_MEMORY = starting(m=0.0, v=0.0)
RULES = {
    "sgd": UpdateRule(sgd, fields("momentum", "nesterov"), starting(velocity=0.0)),
    "rmsprop": UpdateRule(rmsprop, with_epsilon("rho"), starting(mean=0.0)),
    "adagrad": UpdateRule(
        adagrad,
        with_epsilon(),
        lambda optimizer, shape: {"total": optimizer.initial_accumulator_value},
    ),
    "adam": UpdateRule(adam, fields("beta_1", "beta_2", "epsilon"), ADAM_MEMORY),
    "adamw": UpdateRule(adam, fields("beta_1", "beta_2", "epsilon"), ADAM_MEMORY),
    "nadam": UpdateRule(
        nadam, fields("beta_1", "beta_2", "epsilon"), starting(m=0.0, v=0.0, product=1.0)
    ),
    "adamax": UpdateRule(adamax, fields("beta_1", "beta_2", "epsilon"), starting(m=0.0, u=0.0)),
    "lion": UpdateRule(lion, fields("beta_1", "beta_2"), starting(m=0.0)),
    "muon": UpdateRule(
        muon,
        muon_numbers,
        lambda optimizer, shape: {"m": 0.0} if is_matrix(shape) else {"m": 0.0, "v": 0.0},
    ),
}


def rule_numbers(optimizer: Any) -> dict[str, float]:
    """Everything that an update reads by name, the rate of the update aside."""
    rule = RULES[optimizer.kind]
    shared = {"weight_decay": optimizer.weight_decay, "clipnorm": optimizer.clipnorm}
    return rule.numbers(optimizer) | shared
