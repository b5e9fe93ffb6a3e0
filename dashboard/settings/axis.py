"""One field that a study of one's own varies, as a visitor sets it and as a link carries it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any

from core.analysis.studies import Axis, axis_of_list, linear, logarithmic
from core.experiment import Experiment
from core.experiment.data import Digits
from core.experiment.field_types import Choice, Flag, Integer, Integers, Number, Rule, read
from core.experiment.limits import AXIS_VALUES_MAX
from core.experiment.numbers import between
from core.experiment.refusals import FieldError, Typed, because
from core.experiment.settings import paths
from dashboard.settings.experiment import CHOOSES, link_text, name_of, path_of

AXES_MAX = 2
LISTED, LINEAR, LOGARITHMIC = SPACINGS = ("list", "linear", "log")
COUNT = Integer(1, AXIS_VALUES_MAX)
END = Number(-1e9, 1e9)  # of a range, before its field has a say
HINTS = ("ambiguous_number", "separators", "per_cent")  # codes that say what is wrong with a number
PAIRS_KEPT = 1024  # of two fields, whether they go together
# What is worth trying first; any other field starts from the values it may have.
USUAL = {
    "learning_rate": "log:0.001:1:7",
    "momentum": "list:0, 0.5, 0.9, 0.99",
    "decay": "log:1e-5:0.1:5",
    "patience": "list:2, 5, 10, 15",
    "hidden": "list:10; 50; 50,50",
    "noise": "linear:1:3:5",
    "train_fraction": "linear:0.1:0.9:5",
    "rho": "list:0.5, 0.9, 0.99",
    "beta_1": "list:0.1, 0.5, 0.9, 0.99",
    "beta_2": "list:0.9, 0.99, 0.999",
    "factor": "list:0.1, 0.3, 0.5",
    "final_fraction": "linear:0:0.5:6",
    "decay_rate": "list:0.1, 0.5, 0.9",
    "epsilon": "log:1e-9:1e-3:7",
    "weight_decay": "list:0, 1e-4, 1e-3, 0.01, 0.1",
    "adam_weight_decay": "list:0, 1e-4, 1e-3, 0.01, 0.1",
    "clipnorm": "list:0, 0.1, 1, 10",
    "l2": "list:0, 1e-4, 1e-3, 0.01",
    "dropout": "list:0, 0.1, 0.3, 0.5",
    "filters": "list:8; 8,16; 16,32",
    "min_delta": "log:1e-7:0.01:6",
    "initial_accumulator_value": "list:0, 0.1, 1",
    "min_learning_rate": "list:0, 1e-5, 1e-3",
    "epochs": "list:50, 100, 200, 400",
    "batch_size": "list:1, 8, 32, 128, 500",
    "samples": "list:100, 300, 1000, 3000",
    "every_epochs": "list:10, 25, 50, 100",
    "warmup_epochs": "list:0, 5, 20, 50",
    "cooldown": "list:0, 5, 10",
    "centers": "list:2, 3, 5",
    "arms": "list:2, 3, 5",
    "data_seed": "list:2, 3, 4, 5",
}


@dataclass(frozen=True)
class VariedField:
    """A field by its path, and values as a list or as a range of either kind.

    >>> VariedField.from_text("learning_rate:log:0.001:1:4", Experiment()).axis(Experiment()).values
    (0.001, 0.01, 0.1, 1.0)
    """

    path: str
    spacing: str = LISTED
    values: str = ""
    first: float = 0.0
    last: float = 1.0
    count: int = 5

    def axis(self, base: Experiment) -> Axis:
        """What it comes to on an experiment that has the field. Raises `FieldError`."""
        if self.spacing == LISTED:
            return axis_of_list(base, self.path, self.values)
        spaced = linear if self.spacing == LINEAR else logarithmic
        return spaced(base, self.path, self.first, self.last, self.count)

    def to_text(self) -> str:
        if self.spacing == LISTED:
            return f"{self.path}:{self.spacing}:{self.values}"
        return f"{self.path}:{self.spacing}:{self.first!r}:{self.last!r}:{self.count}"

    @classmethod
    def from_text(cls, text: str, base: Experiment) -> VariedField:
        """Raises `FieldError`, also for a field that such an experiment does not have."""
        name, _, rest = text.partition(":")
        path = path_of(name)
        spacing, _, values = rest.partition(":")
        if path not in fields(base) or spacing not in SPACINGS:
            raise FieldError("Study", "vary", because("axis"), Typed(text))
        if spacing == LISTED:
            return cls(path, LISTED, values)
        return cls(path, LISTED).with_range(spacing, values, text)

    @classmethod
    def usual(cls, path: str, base: Experiment) -> VariedField:
        """A field with values that are worth trying first."""
        return cls.from_text(f"{path}:{USUAL.get(name_of(path)) or possible(path, base)}", base)

    def with_range(self, spacing: str, values: str, text: str) -> VariedField:
        rules: tuple[Rule, ...] = (END, END, COUNT)
        ends = zip(rules, (between(":", values) + [""] * 3)[:3], strict=True)
        try:
            first, last, count = (read("Study", "vary", rule, word) for rule, word in ends)
        except FieldError as error:
            if error.code in HINTS:
                raise
            reason = because("range", most=AXIS_VALUES_MAX)
            raise FieldError("Study", "vary", reason, Typed(text)) from None
        return dataclasses.replace(self, spacing=spacing, first=first, last=last, count=count)


def fields(base: Experiment) -> tuple[str, ...]:
    """The paths that a study may vary; the seed is every study's.

    Of networks other than dense ones there are any only for the digits.
    """
    left_out = {"seed", "changes"} | ({"model.kind"} if base.data.kind != Digits.kind else set())
    return tuple(dict.fromkeys([*(p for p in paths(base) if p not in left_out), *CHOOSES]))


def rule_of(path: str, base: Experiment) -> Rule:
    """What a field that may be varied must be."""
    return paths(bringing([path], base))[path]


def bringing(varied: Sequence[str], base: Experiment) -> Experiment:
    """The experiment with the schedule that a varied field belongs to."""
    for path in varied:
        if path in CHOOSES and base.schedule.kind != CHOOSES[path]:
            base = base.replace({"schedule.kind": CHOOSES[path]})
    return base


def possible(path: str, base: Experiment) -> str:
    """A list of all that a field may be, where that is little; else what it is."""
    match rule_of(path, base):
        case Choice(options):
            return f"{LISTED}:{', '.join(options)}"
        case Flag():
            return f"{LISTED}:false, true"
        case _:
            value: Any = bringing([path], base).get(path)
            return f"{LISTED}:{link_text(value)}"


def on_base(asked: Sequence[VariedField], base: Experiment) -> tuple[Experiment, list[Axis]]:
    """The base with the schedule that its axes bring, and the axes on it.

    Raises `FieldError`, also for fields that cannot be varied together.
    """
    varied = [one.path for one in asked]
    if len(set(varied)) < len(varied):
        raise FieldError("Study", "fields", because("same_field_twice"), varied)
    base = bringing(varied, base)
    if any(path not in paths(base) for path in varied):
        raise FieldError("Study", "fields", because("fields_apart"), varied)
    axes = [one.axis(base) for one in asked]
    if not all(keeps(one, other, base) for one, other in permutations(axes, 2)):
        raise FieldError("Study", "fields", because("fields_apart"), varied)
    return base, axes


def keeps(one: Axis, other: Axis, base: Experiment) -> bool:
    """Whether the field of the other axis is there at each value of the one."""
    if not one.path.endswith(".kind"):
        return True
    return all(other.path in paths(base.replace({one.path: kind})) for kind in one.values)


@lru_cache(maxsize=PAIRS_KEPT)
def go_together(one: VariedField, other: VariedField, base: Experiment) -> bool:
    """Whether a grid can vary both; a value that a field cannot have is another matter."""
    try:
        on_base((one, other), base)
    except FieldError as error:
        return error.path != "fields"
    return True


def is_number(path: str, base: Experiment) -> bool:
    """Whether ranges make sense for a field."""
    return isinstance(rule_of(path, base), Number | Integer)


def is_layers(path: str, base: Experiment) -> bool:
    return isinstance(rule_of(path, base), Integers)


DEFAULT_AXES = (VariedField.usual("learning_rate", Experiment()),)
