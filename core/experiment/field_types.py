"""What one field of a description may hold, and how it is read from what a person wrote.

>>> Number(low=0.0, high=1.0).read("0,05")
0.05
>>> Integer(low=1, high=10).expected
'a whole number from 1 to 10'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.experiment.numbers import Unreadable, between_commas, read_number, read_whole
from core.experiment.refusals import FieldError, Reason, Typed, because


class Rule(Protocol):
    """What one field must be; `accept` raises `ValueError` for what it is not."""

    @property
    def reason(self) -> Reason:
        """Why it refuses a value, where nothing else is known."""
        ...

    @property
    def expected(self) -> str:
        """The same in English."""
        ...

    def accept(self, value: Any) -> Any: ...

    def read(self, text: str) -> Any:
        """The value that a person or a link wrote as text.

        Raises `Unreadable` where it can be said what is wrong with it, else `ValueError`.
        """
        ...


def read(owner: str, path: str, rule: Rule, text: str) -> Any:
    """The value that a text means for a field. Raises `FieldError`."""
    try:
        return rule.read(text)
    except Unreadable as error:
        raise FieldError(owner, path, error.reason, Typed(text), rule) from None
    except ValueError:
        raise FieldError(owner, path, rule.reason, Typed(text), rule) from None


def accept(owner: str, path: str, rule: Rule, value: Any) -> Any:
    """The value, if a field may have it. Raises `FieldError`."""
    try:
        return rule.accept(value)
    except ValueError:
        raise FieldError(owner, path, rule.reason, value, rule) from None


class English:
    """A rule's reason in English."""

    reason: Any

    @property
    def expected(self) -> str:
        english: str = self.reason.english
        return english


@dataclass(frozen=True)
class Number(English):
    """A finite number from `low` to `high`; `above` leaves `low` itself out.

    A `share` may be written in per cent.
    """

    low: float
    high: float
    above: bool = False
    share: bool = False

    @property
    def reason(self) -> Reason:
        code = "number_above" if self.above else "number"
        return because(code, low=float(self.low), high=float(self.high))

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
        try:
            return self.accept(read_number(text, self.share))
        except Unreadable as error:
            raise possible(self, error) from None


@dataclass(frozen=True)
class Integer(English):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    @property
    def reason(self) -> Reason:
        return because("whole", low=self.low, high=self.high)

    def accept(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if isinstance(value, float) and not (math.isfinite(value) and value.is_integer()):
            raise ValueError
        if not self.low <= value <= self.high:
            raise ValueError
        return int(value)

    def read(self, text: str) -> int:
        try:
            return self.accept(read_whole(text))
        except Unreadable as error:
            raise possible(self, error) from None


def possible(rule: Number | Integer, error: Unreadable) -> ValueError:
    """The error, unless what it takes to be meant would be refused as well."""
    try:
        rule.accept(error.reason.parameters.get("meant", rule.high))
    except ValueError as refused:
        return refused
    return error


@dataclass(frozen=True)
class Choice(English):
    """One of a few names."""

    options: tuple[str, ...]

    @property
    def reason(self) -> Reason:
        return because("choice", options=self.options)

    def accept(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value

    def read(self, text: str) -> str:
        return self.accept(text.strip())


@dataclass(frozen=True)
class Flag(English):
    """True or false."""

    @property
    def reason(self) -> Reason:
        return because("flag")

    def accept(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def read(self, text: str) -> bool:
        return self.accept({"true": True, "false": False}.get(text.strip().lower()))


@dataclass(frozen=True)
class Integers(English):
    """A short list of whole numbers; as text "50" or "64,32", and "none" for no entry."""

    low: int
    high: int
    most: int

    @property
    def one(self) -> Integer:
        """What each entry must be."""
        return Integer(self.low, self.high)

    @property
    def reason(self) -> Reason:
        return because("list", low=self.low, high=self.high, most=self.most)

    def accept(self, value: Any) -> tuple[int, ...]:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise ValueError
        if len(value) > self.most:
            raise ValueError
        return tuple(self.one.accept(item) for item in value)

    def read(self, text: str) -> tuple[int, ...]:
        if text.strip().lower() == "none":
            return ()
        words = between_commas(text)
        try:
            if len(words) > self.most:
                raise ValueError
            return tuple(self.one.read(word) for word in words)
        except ValueError:
            raise Unreadable(because("list_text", **self.reason.parameters)) from None
