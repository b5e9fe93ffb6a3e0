"""Experiments as JSON and as nested values, broken in every way that a seeded draw can think of."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from core.experiment import Experiment
from core.experiment.data import DATA
from core.experiment.optimizers import OPTIMIZERS
from core.experiment.schedules import SCHEDULES

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 0.5, -0.0, 1e-320, 1e308, float("nan"), float("inf"), -float("inf"),
    2**31, 2**63, -(2**63), 10**400, "", "0.01", "nan", "\x00", "\ud800", "é" * 300, "a\nb`c",
    [], [[]], [0], [50] * 9, ["50"], [True], [1e400], {}, {"kind": "adam"}, {"": {}},
)  # fmt: skip
STRANGE_TEXT = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, "9" * 5000, "0" * 40, "1.", "+1",
    "0x10", "1_000", '"\\ud800"', "'a'", "nul", "\ufeff", "{", "}", "[", "]", ",", ":", '"', "\\",
    "[" * 3000, '{"a":' * 3000, "\x00", "\u2028", "//", "1e1e1", '"\\u12"', "٣",
)  # fmt: skip
FOREIGN_NAMES = (
    "lr", "Learning_rate", "", "kind", "fields", "__class__", "optimizer.momentum", "epochs ",
    "\ud800", "x" * 500, "a\nb", "decay", "data",
)  # fmt: skip


def start(draw: random.Random) -> Experiment:
    """A sound experiment of drawn kinds."""
    return Experiment(
        data=draw.choice(sorted(DATA.values(), key=str))(),
        optimizer=draw.choice(sorted(OPTIMIZERS.values(), key=str))(),
        schedule=draw.choice(sorted(SCHEDULES.values(), key=str))(),
        seed=draw.randrange(100),
    )


def truncated(text: str, draw: random.Random) -> str:
    return text[: draw.randrange(len(text) + 1)]


def with_flipped_bytes(text: str, draw: random.Random) -> str:
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(draw.randint(1, 6)):
        if raw:
            raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
    return raw.decode("utf-8", "replace")


def with_a_piece_put_in(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(STRANGE_TEXT) + text[at + draw.randrange(4) :]


def with_a_piece_elsewhere(text: str, draw: random.Random) -> str:
    a, b = sorted(draw.randrange(len(text) + 1) for _ in range(2))
    at = draw.randrange(len(text) + 1)
    return text[:at] + text[a:b] + text[at:]


def with_another_value(text: str, draw: random.Random) -> str:
    """The text of one value replaced by something that JSON may or may not allow."""
    after = [i + 1 for i, character in enumerate(text) if character == ":"]
    if not after:
        return text
    begin = draw.choice(after)
    end = min((i for i in (text.find(",", begin), text.find("}", begin)) if i > 0), default=begin)
    return text[:begin] + draw.choice(STRANGE_TEXT) + text[end:]


TEXT_MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    truncated,
    with_flipped_bytes,
    with_a_piece_put_in,
    with_a_piece_elsewhere,
    with_another_value,
)


def mutilated_texts(count: int, seed: int) -> Iterator[str]:
    """Broken JSON, and JSON of broken experiments."""
    draw = random.Random(seed)
    for nested in mutilated_values(count, seed + 1):
        text = json.dumps(nested) if draw.random() < 0.5 else start(draw).to_json()
        for _ in range(draw.randint(0, 3)):
            text = draw.choice(TEXT_MUTATIONS)(text, draw)
        yield text


def mutilated_values(count: int, seed: int) -> Iterator[Any]:
    """Nested values that were a description of an experiment once."""
    draw = random.Random(seed)
    for _ in range(count):
        nested: Any = start(draw).to_dict()
        for _ in range(draw.randint(1, 4)):
            nested = broken(nested, draw)
        yield nested


def broken(nested: Any, draw: random.Random) -> Any:
    """One place changed, somewhere inside."""
    if not isinstance(nested, dict) or not nested or draw.random() < 0.02:
        return wrapped(nested, draw)
    name = draw.choice(list(nested))
    inside, other = dict(nested), draw.choice(list(nested))
    match draw.randrange(6):
        case 0:
            inside[name] = draw.choice(STRANGE)
        case 1:
            inside[draw.choice(FOREIGN_NAMES)] = inside.pop(name)
        case 2:
            inside[name], inside[other] = inside[other], inside[name]
        case 3:
            inside[name] = wrapped(inside[name], draw)
        case _:
            inside[name] = broken(inside[name], draw)
    return inside


def wrapped(value: Any, draw: random.Random) -> Any:
    """The value gone, as text, or at the bottom of many lists or objects."""
    depth = draw.choice((1, 2, 200))
    match draw.randrange(4):
        case 0:
            return draw.choice(STRANGE)
        case 1:
            return str(value)[:1000]
        case 2:
            for _ in range(depth):
                value = [value]
        case _:
            for _ in range(depth):
                value = {"data": value}
    return value
