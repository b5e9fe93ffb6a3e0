"""Fields that know what they must be, for frozen descriptions that are checked at birth.

>>> @dataclass(frozen=True)
... class Pendulum(Description):
...     length: float = number(1.0, low=0.0, high=10.0, above=True)
>>> Pendulum(length=2).length
2.0
>>> Pendulum(length=-1)
Traceback (most recent call last):
    ...
core.experiment.fields.FieldError: Pendulum: `length` must be a number above 0 and at most 10, \
got -1.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol, Self

from core.experiment.limits import SHOWN_CHARACTERS_MAX


class FieldError(ValueError):
    """A value that a field refuses: who owns the field, its path, what it must be, what it got."""

    def __init__(self, owner: str, path: str, expected: str, got: Any, rule: Rule | None = None):
        self.owner, self.path, self.expected, self.got, self.rule = owner, path, expected, got, rule
        super().__init__(f"{owner}: `{one_line(path)}` must be {expected}, got {shown(got)}.")

    def under(self, prefix: str, owner: str) -> FieldError:
        """The same refusal, told by the description that holds the one that refused."""
        path = f"{prefix}.{self.path}"
        return FieldError(owner, path, self.expected, self.got, self.rule)


class Rule(Protocol):
    """What one field must be; `accept` raises `ValueError` for what it is not."""

    @property
    def expected(self) -> str: ...

    def accept(self, value: Any) -> Any: ...

    def read(self, text: str) -> Any:
        """The value that a person or a link wrote as text."""
        ...


@dataclass(frozen=True)
class Number:
    """A finite number from `low` to `high`; `above` leaves `low` itself out."""

    low: float
    high: float
    above: bool = False

    @property
    def expected(self) -> str:
        start = "above" if self.above else "at least"
        return f"a number {start} {plain(self.low)} and at most {plain(self.high)}"

    def accept(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if isinstance(value, int) and abs(value) > 10**18:
            raise ValueError
        number = float(value)
        inside = self.low < number if self.above else self.low <= number
        if not (math.isfinite(number) and inside and number <= self.high):
            raise ValueError
        return number + 0.0  # -0.0 becomes 0.0, so that equal experiments have equal keys

    def read(self, text: str) -> float:
        return self.accept(float(digits(text)))


@dataclass(frozen=True)
class Integer:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    @property
    def expected(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def accept(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if isinstance(value, float) and not (math.isfinite(value) and value.is_integer()):
            raise ValueError
        if not self.low <= value <= self.high:
            raise ValueError
        return int(value)

    def read(self, text: str) -> int:
        return self.accept(int(digits(text)) if len(text) < 20 else None)


def digits(text: str) -> str:
    """A number's text, without what Python alone would read as one: 1_000."""
    if "_" in text:
        raise ValueError
    return text.strip()


@dataclass(frozen=True)
class Choice:
    """One of a few names."""

    options: tuple[str, ...]

    @property
    def expected(self) -> str:
        return "one of " + ", ".join(self.options)

    def accept(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value

    def read(self, text: str) -> str:
        return self.accept(text.strip())


@dataclass(frozen=True)
class Flag:
    """True or false."""

    expected: ClassVar[str] = "true or false"

    def accept(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def read(self, text: str) -> bool:
        return self.accept({"true": True, "false": False}.get(text.strip().lower()))


@dataclass(frozen=True)
class Integers:
    """A short list of whole numbers; as text "50" or "64,32", and "none" for no entry."""

    low: int
    high: int
    most: int

    @property
    def expected(self) -> str:
        return f"a list of at most {self.most} whole numbers from {self.low} to {self.high}"

    def accept(self, value: Any) -> tuple[int, ...]:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise ValueError
        if len(value) > self.most:
            raise ValueError
        one = Integer(self.low, self.high)
        return tuple(one.accept(item) for item in value)

    def read(self, text: str) -> tuple[int, ...]:
        if text.strip().lower() == "none":
            return ()
        if text.count(",") >= self.most:
            raise ValueError
        one = Integer(self.low, self.high)
        return tuple(one.read(item) for item in text.split(","))


class Description:
    """A frozen dataclass whose fields carry a rule; it is checked when it is made.

    Raises `FieldError` for the first field that refuses its value.
    """

    kind: ClassVar[str] = ""
    kind_goes_without_saying: ClassVar[bool] = False  # as it did in the first edition

    def __post_init__(self) -> None:
        for name, rule in rules(type(self)).items():
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, rule.accept(value))
            except ValueError:
                owner = type(self).__name__
                raise FieldError(owner, name, rule.expected, value, rule) from None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """From a mapping; a field left out takes its default, an unknown one is refused by name."""
        known = rules(cls)
        refuse_unknown(cls.__name__, given, ("kind", *known) if cls.kind else tuple(known))
        return cls(**{name: value for name, value in given.items() if name != "kind"})

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


def number(default: float, *, low: float, high: float, above: bool = False) -> Any:
    """A dataclass field that holds a finite number."""
    return dataclasses.field(default=default, metadata={"rule": Number(low, high, above)})


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


def refuse_unknown(owner: str, given: Any, known: Sequence[str]) -> None:
    """Raise `FieldError` unless `given` is a mapping that has known fields only."""
    if not isinstance(given, Mapping):
        raise FieldError(owner, "fields", "an object of named fields", given)
    for name in given:
        if name not in known:
            raise FieldError(owner, "fields", "among " + ", ".join(known), name)


def plain_json(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, float | int | str):
        return value
    return [plain_json(v) for v in value] if isinstance(value, tuple) else value.to_dict()


def plain(value: float) -> str:
    """A bound as people write it: 0, 10, 0.999, 1e-07.

    >>> plain(10.0), plain(0.999)
    ('10', '0.999')
    """
    return f"{value:g}"


def shown(value: Any) -> str:
    """A refused value as it stands in a sentence: JSON where it can be, one line, and never long.

    >>> shown({"rate": float("nan")}), shown(10**5000)
    ('{"rate": NaN}', 'a value of type int')
    """
    try:
        text = json.dumps(value, ensure_ascii=False, default=repr)
    except (ValueError, RecursionError, TypeError):
        text = f"a value of type {type(value).__name__}"
    return one_line(text)


def one_line(text: str) -> str:
    """Text that can be printed in any sentence: no line breaks, no broken characters, not long."""
    line = "".join(c if c.isprintable() else " " for c in text[:SHOWN_CHARACTERS_MAX])
    return line if len(text) <= SHOWN_CHARACTERS_MAX else line[:-1] + "…"
