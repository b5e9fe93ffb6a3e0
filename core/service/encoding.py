"""Frozen dataclasses as frames and back: each field as JSON by its declared type, none but those.

What is long, the field `payload` where a message has one, follows the header as raw bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from core.experiment import Experiment
from core.experiment.data import Data
from core.experiment.records import Outcome
from core.experiment.refusals import FieldError, one_line, shown
from core.service.frames import Frame, FrameError


class MessageError(FrameError):
    """A frame that is none of the messages, or a message whose fields cannot be, or not now.

    The sentence says which.
    """


@dataclass(frozen=True)
class Longest:
    """How long a text, a list, a mapping or a payload may be: `Annotated[str, Longest(300)]`."""

    most: int


@dataclass(frozen=True)
class Message:
    """What every message has: the name of its kind, and bounds that hold as soon as it is made."""

    kind: ClassVar[str]
    hints: ClassVar[dict[str, Any]]  # the declared type of each field

    def __init_subclass__(cls) -> None:
        declared = get_type_hints(cls, include_extras=True)
        cls.hints = {name: declared[name] for name in cls.__annotations__}

    def __post_init__(self) -> None:
        for name, hint in self.hints.items():
            most, length = longest(hint), length_of(getattr(self, name))
            if most is not None and length > most:
                raise refusal(type(self), name, f"at most {most} long", length)


def encode(message: Message) -> Frame:
    """A message as the frame that says it."""
    names = [name for name in message.hints if name != "payload"]
    header = {name: to_json(getattr(message, name)) for name in names}
    return Frame({"kind": message.kind, **header}, getattr(message, "payload", b""))


def decode(frame: Frame, kinds: Mapping[str, type[Message]]) -> Message:
    """The message that a frame says. Raises `MessageError` where it is none of these kinds."""
    header = dict(frame.header)
    name = header.pop("kind", None)
    if not isinstance(name, str) or name not in kinds:
        raise refusal(Message, "kind", f"one of {', '.join(kinds)}", name)
    return read(kinds[name], header, frame.payload)


def read(kind: type[Message], header: Mapping[str, Any], payload: bytes) -> Message:
    for name in header:
        if name not in kind.hints or name == "payload":
            raise refusal(kind, name, "a field of this message", name)
    values: dict[str, Any] = {"payload": payload} if "payload" in kind.hints else {}
    if payload and not values:
        raise refusal(kind, "payload", "left out", f"{len(payload)} bytes")
    for field in fields(kind):
        if field.name in header:
            values[field.name] = from_json(kind.hints[field.name], header[field.name], field.name)
        elif field.name not in values and is_required(field):
            raise refusal(kind, field.name, "given", None)
    return kind(**values)


def is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def refusal(kind: type[Message], name: str, expected: str, got: Any) -> MessageError:
    """What a field of a message must be, and what it got."""
    return MessageError(f"{kind.__name__}: {one_line(name)} must be {expected}, got {shown(got)}.")


def longest(hint: Any) -> int | None:
    found = [extra.most for extra in get_args(hint)[1:] if isinstance(extra, Longest)]
    return found[0] if get_origin(hint) is Annotated and found else None


def length_of(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0


def to_json(value: Any) -> Any:
    match value:
        case Experiment() | Data():
            return value.canonical()
        case Outcome():
            return value.to_dict()
        case tuple():
            return [to_json(one) for one in value]
        case _:
            return value


def from_json(hint: Any, value: Any, name: str) -> Any:
    """A value of the declared type from its JSON. Raises `MessageError`."""
    kinds = get_args(hint)
    match get_origin(hint):
        case origin if origin is Annotated:
            return from_json(kinds[0], value, name)
        case origin if origin is Literal:
            if value not in kinds or not isinstance(value, str):
                raise refusal(Message, name, f"one of {', '.join(kinds)}", value)
            return value
        case origin if origin is tuple:
            return read_tuple(kinds, value, name)
        case _:
            try:
                return READERS[hint](value)
            except FieldError as error:
                raise MessageError(str(error)) from None
            except (TypeError, ValueError, OverflowError):
                expected = f"of the kind {getattr(hint, '__name__', hint)}"
                raise refusal(Message, name, expected, value) from None


def read_tuple(kinds: tuple[Any, ...], value: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise refusal(Message, name, "a list", value)
    if kinds[-1] is Ellipsis:
        return tuple(from_json(kinds[0], one, name) for one in value)
    if len(value) != len(kinds):
        raise refusal(Message, name, f"a list of {len(kinds)}", value)
    return tuple(from_json(kind, one, name) for kind, one in zip(kinds, value, strict=True))


def exactly(kind: type) -> Callable[[Any], Any]:
    """A reader that lets only values of this very type through."""

    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return read


def read_float(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError
    return float(value)


def read_outcome(value: Any) -> Outcome:
    kinds = get_args(get_type_hints(Outcome)["kind"])
    outcome = Outcome(**value)
    if outcome.kind not in kinds or type(outcome.epoch) is not int or type(outcome.why) is not str:
        raise TypeError
    return outcome


def read_experiment(value: Any) -> Experiment:
    return Experiment.from_dict(exactly(dict)(value))


READERS: dict[Any, Callable[[Any], Any]] = {
    str: exactly(str),
    int: exactly(int),
    float: read_float,
    dict[str, Any]: exactly(dict),
    Experiment: read_experiment,
    Data: lambda value: read_experiment({"data": value}).data,
    Outcome: read_outcome,
}
