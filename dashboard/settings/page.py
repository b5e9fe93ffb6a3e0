"""A page's settings: a frozen dataclass whose fields say how a link carries them.

From that follow the link, both ways, what of a link is refused, reset, and what undo restores.

>>> from dataclasses import dataclass
>>> from core.experiment.field_types import Integer
>>> @dataclass(frozen=True)
... class Dice(Settings):
...     count: int = setting(2, Integer(1, 9))
...     sides: int = setting(6, Integer(2, 100), name="dice.sides", old=("sides",))
...     language: str = language_setting()
>>> Dice(3).to_query()
{'count': '3', 'dice.sides': '6', 'lang': 'en'}
>>> reading = Dice.from_query({"count": "0", "sides": "8"})
>>> reading.settings, [error.path for error in reading.refusals]
(Dice(count=2, sides=8, language='en'), ['count'])
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

from core.experiment.field_types import Choice, Integer, Rule, read
from core.experiment.limits import LINK_CHARACTERS_MAX
from core.experiment.refusals import FieldError, Typed, because
from dashboard.settings.strangers import is_strange
from dashboard.text import LANGUAGES

Given = Mapping[str, Any]  # what was read of the fields before, by their names
Query = Mapping[str, Any]  # a text, or where a link says more than one thing a list of texts
S = TypeVar("S", bound="Settings")


def never(value: Any, settings: Any) -> bool:
    return False


class Carrier(Protocol):
    """How a link carries a field; one that `repeats` is given all that its parameters say."""

    @property
    def repeats(self) -> bool: ...

    def knows(self, name: str) -> bool:
        """Whether a parameter of that name is the field's."""
        ...

    def today(self, name: str) -> str:
        """The parameter that links of today have where others called it so."""
        ...

    def read(self, query: Query, usual: Any, given: Given, refusals: list[FieldError]) -> Any:
        """What the field's parameters mean; `usual` where there are none.

        What cannot be is added to `refusals`.
        """
        ...

    def write(self, value: Any, settings: Any) -> Query:
        """The value as parameters."""
        ...


@dataclass(frozen=True)
class Single:
    """A field with one parameter; `old` are names that it had in earlier links."""

    name: str
    rule: Rule
    old: tuple[str, ...] = ()
    left_out: Callable[[Any, Any], bool] = never
    repeats: ClassVar[bool] = False

    def knows(self, name: str) -> bool:
        return name == self.name or name in self.old

    def today(self, name: str) -> str:
        return self.name

    def read(self, query: Query, usual: Any, given: Given, refusals: list[FieldError]) -> Any:
        value = usual
        for name, text in query.items():
            try:
                value = read("Link", name, self.rule, cut(text))
            except FieldError as error:
                refusals.append(error)
        return value

    def write(self, value: Any, settings: Any) -> Query:
        return {} if self.left_out(value, settings) else {self.name: parameter(value)}


@dataclass(frozen=True)
class PlaceInLink:
    """The place of one among several, which a link counts from 1; the first is left out.

    `most` tells from the fields before how many there are.
    """

    name: str
    most: Callable[[Given], int]
    repeats: ClassVar[bool] = False

    def knows(self, name: str) -> bool:
        return name == self.name

    def today(self, name: str) -> str:
        return self.name

    def read(self, query: Query, usual: int, given: Given, refusals: list[FieldError]) -> int:
        rule = Integer(1, self.most(given))
        number: int = Single(self.name, rule).read(query, usual + 1, given, refusals)
        return number - 1

    def write(self, value: int, settings: Any) -> Query:
        return {self.name: str(value + 1)} if value else {}


def setting(
    default: Any,
    rule: Rule,
    *,
    name: str = "",
    old: tuple[str, ...] = (),
    brief: bool = False,
    **more: Any,
) -> Any:
    """A field with one parameter, called as the field is unless `name` is given.

    A `brief` one is left out of links where it has its usual value; `more` is that of
    `field_in_link`.
    """

    def usual(value: Any, settings: Any) -> bool:
        return bool(value == default)

    def carrier(field: str) -> Single:
        return Single(name or field, rule, old, usual if brief else never)

    return field_in_link(carrier, default=default, **more)


def language_setting() -> Any:
    """The field of the language, which every page has."""
    return setting("en", Choice(tuple(LANGUAGES)), name="lang", looks=True)


def always(given: Given) -> bool:
    return True


def field_in_link(
    carrier: Carrier | Callable[[str], Carrier],
    *,
    applies: Callable[[Given], bool] = always,
    usual: Callable[[Given], Any] | None = None,
    looks: bool = False,
    **default: Any,
) -> Any:
    """A field and its carrier, or what makes one of the field's name.

    `applies` tells by the fields before whether this one means anything, `usual` what it is where
    a link does not say. Fields that are ways to look (`looks`) stay as they are through an undo.
    `default` and `default_factory` are those of a dataclass.
    """
    more = {"carrier": carrier, "applies": applies, "usual": usual, "looks": looks}
    return dataclasses.field(**default, metadata=more)


class Reading(NamedTuple, Generic[S]):
    """What a link says: the settings that apply, and what was refused of it."""

    settings: S
    refusals: list[FieldError]


class Settings:
    """All that a visitor can set on one page; every field is made by `setting` or `carried`."""

    language: str

    @classmethod
    def from_query(cls, query: Query, language: str = "en") -> Reading[Self]:
        """Read a link's parameters, in the language in force. Never raises."""
        refusals: list[FieldError] = []
        query = cls.told_once(query, refusals)
        given: dict[str, Any] = {}
        known: set[str] = set()
        for field in cls.fields():
            own = {name: query[name] for name in query if carrier(field).knows(name)}
            known |= own.keys()
            usual = cls.usual(field, given, language)
            if field.metadata["applies"](given):
                given[field.name] = carrier(field).read(own, usual, given, refusals)
            else:
                refusals += [refusal("left_out", *one) for one in own.items()]
                given[field.name] = usual
        unknown = [name for name in query if name not in known and not is_strange(name)]
        refusals += [refusal("unknown_parameter", name, query[name]) for name in unknown]
        return Reading(cls(**given), without_doubles(refusals))

    @classmethod
    def told_once(cls, query: Query, refusals: list[FieldError]) -> Query:
        """The query with one text a field, the last of several; of those that repeat, all.

        A link may also call a field by two names, that of today and an old one.
        """
        said: dict[str, Any] = {}
        texts_of: dict[str, list[tuple[str, str]]] = {}  # by what links of today call their fields
        for name, given in query.items():
            texts = [given] if isinstance(given, str) else given
            if cls.repeats(name) or not cls.knows(name):
                said[name] = given if cls.repeats(name) else texts[-1]
            else:
                of_field = texts_of.setdefault(cls.parameter(name), [])
                of_field += [(name, text) for text in texts]
        for of_field in texts_of.values():
            name, last = of_field[-1]
            said[name] = last
            if any(text != last for _, text in of_field):
                refusals.append(refusal("repeated", name, last))
        return said

    @classmethod
    def fields(cls) -> tuple[Any, ...]:
        return dataclasses.fields(cls)  # type: ignore[arg-type]

    @classmethod
    def usual(cls, field: Any, given: Given, language: str) -> Any:
        """What a field is where a link does not say."""
        if field.name == "language":
            return language
        if field.metadata["usual"]:
            return field.metadata["usual"](given)
        return field.default_factory() if field.default is MISSING else field.default

    @classmethod
    def knows(cls, name: str) -> bool:
        """Whether a link of this page may carry a parameter of that name."""
        return any(carrier(field).knows(name) for field in cls.fields())

    @classmethod
    def parameter(cls, name: str) -> str:
        """What links of today call a field, by its name or one that a link may have; else empty.

        >>> from core.experiment.field_types import Integer
        >>> @dataclass(frozen=True)
        ... class Dice(Settings):
        ...     sides: int = setting(6, Integer(2, 100), name="dice.sides", old=("faces",))
        >>> [Dice.parameter(name) for name in ("sides", "faces", "dice.sides", "haste")]
        ['dice.sides', 'dice.sides', 'dice.sides', '']
        """
        for field in cls.fields():
            if name == field.name or carrier(field).knows(name):
                return carrier(field).today(name)
        return ""

    @classmethod
    def repeats(cls, name: str) -> bool:
        """Whether a link of this page may carry that parameter several times."""
        return any(carrier(f).repeats and carrier(f).knows(name) for f in cls.fields())

    def to_query(self) -> dict[str, Any]:
        """As the parameters of a link: texts, and of what may be repeated lists of texts."""
        query: dict[str, Any] = {}
        values = {field.name: getattr(self, field.name) for field in self.fields()}
        for field in self.fields():
            if field.metadata["applies"](values):
                query |= carrier(field).write(values[field.name], self)
        return query

    def get(self, name: str) -> Any:
        """The value of a field."""
        return getattr(self, name)

    def rule(self, name: str) -> Rule:
        """What a field of one parameter must be."""
        found = next(carrier(field) for field in self.fields() if field.name == name)
        if not isinstance(found, Single):
            raise TypeError(f"Settings: `{name}` must be a field of one parameter.")
        return found.rule

    def with_value(self, name: str, value: Any) -> Self:
        """One field changed. Raises `FieldError` for what cannot be."""
        return self.replaced(**{name: value})

    def replaced(self, **values: Any) -> Self:
        return dataclasses.replace(self, **values)  # type: ignore[type-var]

    def restored(self, before: Self) -> Self:
        """What was set before, looked at as now."""
        kept = {f.name: getattr(self, f.name) for f in self.fields() if f.metadata["looks"]}
        return before.replaced(**kept)

    def is_set_as(self, other: Self) -> bool:
        """Whether another differs in ways to look at most."""
        return other.restored(self) == other


def texts_of(
    page: type[Settings], names: Iterable[str], all_of: Callable[[str], list[str]]
) -> dict[str, Any]:
    """A link's parameters: a text each, and a list of what repeats or is said several times."""
    texts = {name: all_of(name) for name in names}
    return {
        name: said if page.repeats(name) or len(said) > 1 else said[0]
        for name, said in texts.items()
    }


def carrier(field: Any) -> Carrier:
    """The carrier of a field."""
    found: Carrier | Callable[[str], Carrier] = field.metadata["carrier"]
    return found(field.name) if callable(found) else found


def refusal(code: str, name: str, value: Any) -> FieldError:
    return FieldError("Link", name, because(code), Typed(cut(value)))


def without_doubles(refusals: list[FieldError]) -> list[FieldError]:
    """What was refused; that a field stands twice, only where what stands there last is good."""
    bad = {error.path for error in refusals if error.code != "repeated"}
    return [error for error in refusals if error.code != "repeated" or error.path not in bad]


def cut(value: Any) -> str:
    """A parameter's text, no longer than a link may be."""
    return str(value)[:LINK_CHARACTERS_MAX]


def parameter(value: Any) -> str:
    """A value as a link carries it: 0.01, true.

    >>> parameter(True), parameter(0.01)
    ('true', '0.01')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)
