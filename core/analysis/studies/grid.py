"""A study of one's own: one or two fields of an experiment by list, line or logarithm.

As text, values are a list or a range:

    optimizer.learning_rate=0.1,0.01    these values
    model.hidden=50; 64,32; none        lists of layers, parted by semicolons
    optimizer.learning_rate=1e-4:1:9    9 values in equal ratios, as both ends are above 0
    optimizer.momentum=0:0.9:4          4 values in equal steps, as one end is not
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from core.analysis.studies.cost import check_size
from core.analysis.studies.study import Cell, Study
from core.experiment import Experiment
from core.experiment.changes import Changes
from core.experiment.field_types import Integer, Integers, Number, Rule, accept
from core.experiment.limits import AXIS_VALUES_MAX
from core.experiment.numbers import (
    between,
    has_leading_zero,
    items,
    looks_decimal,
    pieces,
    with_points,
)
from core.experiment.refusals import FieldError, Typed, because
from core.experiment.settings import read, rule, split

NAME = "own"
AXES_MAX = 2
COUNT = Integer(1, AXIS_VALUES_MAX)
DIGITS = 6  # of a computed value, so that it can be read: 0.001, not 0.0010000000000000002


@dataclass(frozen=True)
class Axis:
    """A field that is varied, and the values it takes."""

    path: str
    values: tuple[Any, ...]


def axis_of(base: Experiment, setting: str) -> Axis:
    """An axis as text, path=values. Raises `FieldError`.

    >>> axis_of(Experiment(), "optimizer.momentum=0:0.9:4")
    Axis(path='optimizer.momentum', values=(0.0, 0.3, 0.6, 0.9))
    """
    path, text = split(setting)
    holds_number = isinstance(rule(base, path), Number | Integer)
    is_range = holds_number and len(between(":", text)) > 1
    return (axis_of_range if is_range else axis_of_list)(base, path, text)


def axis_of_list(base: Experiment, path: str, text: str) -> Axis:
    """Values as somebody lists them: "0.1, 0.01", "adam rmsprop"; lists of layers by semicolons.

    A comma always separates; where commas must be decimal ones, they are refused. Raises
    `FieldError`.

    >>> axis_of_list(Experiment(), "model.hidden", "50; 64,32").values
    ((50,), (64, 32))
    """
    wanted = rule(base, path)
    if isinstance(wanted, Changes):
        raise FieldError("Study", path, because("one_value"), Typed(text))
    words = between(";", text) if isinstance(wanted, Integers) else items(text)
    if not 1 <= len(words) <= AXIS_VALUES_MAX:
        reason = because("other_count_of_values", most=AXIS_VALUES_MAX, count=len(words))
        raise FieldError("Study", path, reason, Typed(text))
    if isinstance(wanted, Number | Integer):
        refuse_other_separators(base, path, wanted, text)
    return axis(path, (read(base, path, word.strip()) for word in words))


def refuse_other_separators(base: Experiment, path: str, rule: Number | Integer, text: str) -> None:
    """Raise `FieldError` for a list whose commas may be decimal ones, and for semicolons.

    >>> axis_of_list(Experiment(), "optimizer.learning_rate", "0,1; 0,01")
    Traceback (most recent call last):
        ...
    core.experiment.refusals.FieldError: Experiment: `optimizer.learning_rate` must be numbers \
with points, and commas between them (did you mean 0.1, 0.01?), got "0,1; 0,01".
    """
    parted = pieces(text) if len(between(";", text)) > 1 else None
    if isinstance(rule, Integer):
        for piece in filter(has_leading_zero, pieces(text)):
            read(base, path, piece)  # "1,000" has two readings and neither is a list
    listed = items(text)
    meant = parted if isinstance(rule, Integer) else with_points(text) or parted
    if meant is None or not all(is_read(rule, item) for item in meant):
        return
    if looks_decimal(text) or not all(is_read(rule, item) for item in listed):
        reason = because("decimal_commas", meant=tuple(meant))
        raise FieldError("Experiment", path, reason, Typed(text), rule)


def is_read(rule: Rule, text: str) -> bool:
    try:
        rule.read(text)
    except ValueError:
        return False
    return True


def axis_of_range(base: Experiment, path: str, text: str) -> Axis:
    """A range of numbers as somebody writes it, LOW:HIGH:N. Raises `FieldError`.

    In equal ratios where both ends are above 0, else in equal steps.

    >>> axis_of_range(Experiment(), "optimizer.learning_rate", "1e-3:1:4").values
    (0.001, 0.01, 0.1, 1.0)
    """
    parts = between(":", text)
    if len(parts) != 3:
        raise FieldError("Study", path, because("values_or_range"), Typed(text))
    first, last = (read(base, path, part) for part in parts[:2])
    if isinstance(first, str) or isinstance(last, str):  # a field may take a word, too
        raise FieldError("Study", path, because("two_numbers"), Typed(text))
    try:
        count = COUNT.read(parts[2])
    except ValueError:
        reason = because("count_of_values", most=AXIS_VALUES_MAX)
        raise FieldError("Study", path, reason, Typed(parts[2].strip())) from None
    return (logarithmic if min(first, last) > 0 else linear)(base, path, first, last, count)


def linear(base: Experiment, path: str, first: float, last: float, count: int) -> Axis:
    """Equal steps from `first` to `last`; of a whole-numbered field rounded, without repeats.

    Raises `FieldError`.

    >>> linear(Experiment(), "optimizer.momentum", 0, 0.9, 4).values
    (0.0, 0.3, 0.6, 0.9)
    """
    return axis_of_steps(base, path, (first, last), count, np.linspace)


def logarithmic(base: Experiment, path: str, first: float, last: float, count: int) -> Axis:
    """Equal ratios from `first` to `last`, both above 0. Raises `FieldError`.

    >>> logarithmic(Experiment(), "optimizer.learning_rate", 1e-3, 1, 4).values
    (0.001, 0.01, 0.1, 1.0)
    """
    if not min(first, last) > 0:
        raise FieldError("Study", path, because("ends_above_0"), [first, last])
    return axis_of_steps(base, path, (first, last), count, np.geomspace)


def axis_of_steps(
    base: Experiment,
    path: str,
    ends: tuple[float, float],
    count: int,
    spacing: Callable[[float, float, int], Iterable[Any]],
) -> Axis:
    wanted = rule(base, path)
    if not isinstance(wanted, Number | Integer):
        raise FieldError("Study", path, because("no_single_number"), path)
    check_count(path, count)
    for end in ends:
        whole = isinstance(wanted, Integer) and math.isfinite(end)
        accept("Study", path, wanted, round(end) if whole else end)
    first, last = map(float, ends)
    values = [float(f"{value:.{DIGITS}g}") for value in spacing(first, last, count)]
    return axis(path, (round(v) for v in values) if isinstance(wanted, Integer) else values)


def axis(path: str, values: Iterable[Any]) -> Axis:
    return Axis(path, tuple(dict.fromkeys(values)))


def check_count(path: str, count: int) -> None:
    if not (isinstance(count, int) and 1 <= count <= AXIS_VALUES_MAX):
        raise FieldError("Study", path, because("count_of_values", most=AXIS_VALUES_MAX), count)


def grid(base: Experiment, axes: Sequence[Axis], seeds: int = 1) -> Study:
    """Every combination of the values of one or two axes, the first axis outermost.

    Raises `FieldError`: also when one combination is no experiment, and when they are too many for
    so many seeds.

    >>> rate = logarithmic(Experiment(), "optimizer.learning_rate", 1e-3, 0.1, 3)
    >>> own = grid(Experiment(), [rate, axis_of_list(Experiment(), "optimizer.momentum", "0, 0.9")])
    >>> own.cells[1].label
    'learning_rate=0.001 momentum=0.9'
    """
    paths = [axis.path for axis in axes]
    if not 1 <= len(paths) <= AXES_MAX or len(set(paths)) < len(paths):
        raise FieldError("Study", "fields", because("count_of_fields"), paths)
    for path in paths:
        if rule(base, path) and path == "seed":
            raise FieldError("Study", "fields", because("seed_varied"), path)
    check_size(base, {axis.path: axis.values for axis in axes}, seeds)
    combinations = product(*(axis.values for axis in axes))
    return Study(NAME, tuple(cell(base, paths, values) for values in combinations))


def cell(base: Experiment, paths: Sequence[str], values: Sequence[Any]) -> Cell:
    pairs = tuple(zip(paths, values, strict=True))
    return Cell(pairs, base.replace(dict(pairs)))
