"""Fields that know what they must be, for frozen descriptions that are checked at birth.

>>> @dataclasses.dataclass(frozen=True)
... class Pendulum(Description):
...     length: float = number(1.0, low=0.0, high=10.0, above=True)
>>> Pendulum(length=2).length
2.0
>>> Pendulum(length=-1)
Traceback (most recent call last):
    ...
core.experiment.refusals.FieldError: Pendulum: `length` must be a number above 0 and at most 10, \
got -1.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self

from core.experiment.field_types import (
    Choice,
    Flag,
    Integer,
    Integers,
    Number,
    Rule,
    accept,
    read,
)
from core.experiment.refusals import FieldError, JsonNumber, because


class Description:
    """A frozen dataclass whose fields carry a rule; it is checked when it is made.

    Raises `FieldError` for the first field that refuses its value.
    """

    kind: ClassVar[str] = ""
    kind_goes_without_saying: ClassVar[bool] = False  # as it did in the first edition

    def __post_init__(self) -> None:
        for name, rule in rules(type(self)).items():
            value = accept(type(self).__name__, name, rule, getattr(self, name))
            object.__setattr__(self, name, value)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """From a mapping; a field left out takes its default, an unknown one is refused by name."""
        known = rules(cls)
        refuse_unknown(cls.__name__, given, ("kind", *known) if cls.kind else tuple(known))
        fields = {name: value for name, value in given.items() if name != "kind"}
        return cls(**with_numbers(cls, fields))

    def to_dict(self) -> dict[str, Any]:
        """Every field, in order, with plain JSON values; `kind` first where there is one."""
        values = {name: plain_json(getattr(self, name)) for name in rules(type(self))}
        return {"kind": self.kind, **values} if self.kind else values

    def canonical(self) -> dict[str, Any]:
        """The fields that tell this description apart, as `to_dict` has them.

        A field that the first edition did not have is left out where it stands at its default, so
        that what was written before it existed means the same, and has the same key.
        """
        usual = newer_defaults(type(self))
        return {k: v for k, v in self.to_dict().items() if k not in usual or v != usual[k]}


def number(
    default: float, *, low: float, high: float, above: bool = False, share: bool = False
) -> Any:
    """A dataclass field that holds a finite number."""
    return dataclasses.field(default=default, metadata={"rule": Number(low, high, above, share)})


def integer(default: int, *, low: int, high: int) -> Any:
    """A dataclass field that holds a whole number."""
    return dataclasses.field(default=default, metadata={"rule": Integer(low, high)})


def choice(default: str, *options: str) -> Any:
    """A dataclass field that holds one of a few names."""
    return dataclasses.field(default=default, metadata={"rule": Choice(options)})


def flag(default: bool) -> Any:
    """A dataclass field that is true or false."""
    return dataclasses.field(default=default, metadata={"rule": Flag()})


def integers(default: tuple[int, ...], *, low: int, high: int, most: int) -> Any:
    """A dataclass field that holds a short list of whole numbers."""
    return dataclasses.field(default=default, metadata={"rule": Integers(low, high, most)})


def newer(field: Any) -> Any:
    """The same field, marked as one that the first edition did not have."""
    metadata = {**field.metadata, "newer": True}
    return dataclasses.field(default=field.default, metadata=metadata)


def newer_defaults(cls: Any) -> Mapping[str, Any]:
    """What stands in each field that the first edition did not have, unless something else does."""
    return _newer_defaults(cls)


@lru_cache
def _newer_defaults(cls: Any) -> Mapping[str, Any]:
    newer = (field for field in dataclasses.fields(cls) if "newer" in field.metadata)
    defaults = {field.name: plain_json(field.default) for field in newer}
    return defaults | ({"kind": cls.kind} if cls.kind_goes_without_saying else {})


def rules(cls: Any) -> Mapping[str, Rule]:
    """The rule of each field that has one, in the order of the fields."""
    return _rules(cls)


@lru_cache
def _rules(cls: Any) -> Mapping[str, Rule]:
    fields = dataclasses.fields(cls)
    return {f.name: f.metadata["rule"] for f in fields if "rule" in f.metadata}


def with_numbers(cls: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields in which what was written as text is the number, or the list, that it means.

    Text without a digit is left to a field of one number. Raises `FieldError`.
    """
    known, owner = rules(cls), cls.__name__
    return {name: meaning(owner, name, known.get(name), value) for name, value in given.items()}


def meaning(owner: str, path: str, rule: Rule | None, value: Any) -> Any:
    """A value, or of text the number or the list that it means. Raises `FieldError`.

    >>> layers = Integers(1, 256, most=8)
    >>> meaning("Dense", "hidden", layers, "64,32"), meaning("Dense", "hidden", layers, ["64"])
    ((64, 32), [64])
    """
    if rule is None or isinstance(rule, Choice | Flag):
        return value
    if isinstance(rule, Number) and isinstance(value, JsonNumber):
        return read(owner, path, rule, value.text)  # 1e-400, which is not 0
    if isinstance(rule, Integers) and isinstance(value, list):
        return entries(rule, value)
    is_counted = isinstance(rule, Number | Integer)
    is_read = isinstance(value, str) and (not is_counted or any(map(str.isdecimal, value)))
    return read(owner, path, rule, value) if is_read else value


def entries(rule: Integers, values: list[Any]) -> list[Any]:
    """The entries of a list as numbers; as they are where a text among them is none."""
    try:
        return [rule.one.read(one) if isinstance(one, str) else one for one in values]
    except ValueError:
        return values


def refuse_unknown(owner: str, given: Any, known: Sequence[str]) -> None:
    """Raise `FieldError` unless `given` is a mapping that has known fields only."""
    if not isinstance(given, Mapping):
        raise FieldError(owner, "fields", because("no_object"), given)
    for name in given:
        if name not in known:
            reason = because("unknown_field", known=tuple(known))
            raise FieldError(owner, str(name), reason, name)


def plain_json(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, float | int | str):
        return value
    return [plain_json(v) for v in value] if isinstance(value, tuple) else value.to_dict()
