"""All that a visitor can set on the page that compares; immutable, to and from its link."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.experiment.field_types import Choice, Flag, Integer, Rule, accept
from core.experiment.limits import SEEDS_MAX
from core.experiment.refusals import FieldError, Typed, because
from dashboard.comparing.pin import RULES, Pin, from_text
from dashboard.settings.parameters import read_all
from dashboard.text import LANGUAGES

PINS_MAX = 8  # as many as have a colour that can be told from the others
TABS = ("side-by-side", "overlay", "difference", "settings", "table")
SHOWN = ("accuracy", "loss", "learning_rate")
SEEDS = 5  # so that what is compared is not a matter of chance; fewer can still be asked for
SEEDS_OF_OLD = 1  # of a link that has pins and does not say: the first edition left out its one
COLUMNS = ("final", "best", "epochs_to_80", "loss", "val_loss", "outcome")  # of the table
FIELDS: dict[str, Rule] = {
    "seeds": Integer(1, SEEDS_MAX),
    "tab": Choice(TABS),
    "show": Choice(SHOWN),
    "reference": Integer(1, PINS_MAX),
    "all": Flag(),
    "sort": Choice(tuple(sign + name for name in ("pin", *COLUMNS) for sign in ("", "-"))),
    "lang": Choice(tuple(LANGUAGES)),
}


@dataclass(frozen=True)
class Comparison:
    """What is pinned, in order, and how it is looked at.

    `seeds` runs are trained for each experiment, the same seeds for all that start from the same
    one. `reference` is the place of the pin that the others are compared to.
    """

    pins: tuple[Pin, ...] = ()
    seeds: int = SEEDS
    tab: str = TABS[0]
    show: str = SHOWN[0]
    reference: int = 0
    all: bool = False  # whether settings that do not differ are shown as well
    sort: str = "pin"  # the column that orders the table, "-" in front for falling
    language: str = "en"

    def added(self, pin: Pin) -> Comparison:
        """With one pin more. Raises `FieldError` when there is no room."""
        self.check_room()
        return dataclasses.replace(self, pins=(*self.pins, pin))

    def duplicated(self, place: int) -> Comparison:
        """With a second one of a pin, right after it. Raises `FieldError` when there is no room."""
        self.check_room()
        return self.rearranged([*range(place + 1), *range(place, len(self.pins))])

    def taken_apart(self, place: int) -> Comparison:
        """With the cells of a study as single runs instead. Raises `FieldError` without room."""
        pin = self.pins[place]
        runs = tuple(Pin(cell.experiment, pin.preset) for cell in pin.cells())
        self.check_room(len(runs) - 1)
        pins = (*self.pins[:place], *runs, *self.pins[place + 1 :])
        moved = len(runs) - 1 if self.reference > place else 0
        return dataclasses.replace(self, pins=pins, reference=self.reference + moved)

    def removed(self, place: int) -> Comparison:
        return self.rearranged([p for p in range(len(self.pins)) if p != place])

    def moved(self, place: int, to: int) -> Comparison:
        """With a pin at another place; those between make room."""
        order = [p for p in range(len(self.pins)) if p != place]
        order.insert(to, place)
        return self.rearranged(order)

    def rearranged(self, order: Sequence[int]) -> Comparison:
        """With the pins at these places, in this order; the reference stays the same pin."""
        reference = order.index(self.reference) if self.reference in order else 0
        pins = tuple(self.pins[place] for place in order)
        return dataclasses.replace(self, pins=pins, reference=reference)

    def with_pin(self, place: int, pin: Pin) -> Comparison:
        """With another pin instead of one."""
        pins = (*self.pins[:place], pin, *self.pins[place + 1 :])
        return dataclasses.replace(self, pins=pins)

    def renamed(self, place: int, name: str) -> Comparison:
        """With a pin called by another name. Raises `FieldError`."""
        good = accept("Pin", "name", RULES["name"], Typed(name))
        return self.with_pin(place, dataclasses.replace(self.pins[place], name=good))

    def check_room(self, more: int = 1) -> None:
        if len(self.pins) + more > PINS_MAX:
            count = len(self.pins) + more
            raise FieldError("Pins", "pins", because("too_many_pins", most=PINS_MAX), count)

    def to_query(self) -> dict[str, Any]:
        """As the parameters of a link: what is pinned, and what differs from a new page."""
        new = Comparison()
        differing: dict[str, Any] = {
            "seeds": str(self.seeds) if self.pins or self.seeds != new.seeds else "",
            "tab": self.tab if self.tab != new.tab else "",
            "show": self.show if self.show != new.show else "",
            "reference": str(self.reference + 1) if self.reference else "",
            "all": "true" if self.all else "",
            "sort": self.sort if self.sort != new.sort else "",
        }
        pins = {"pin": [pin.to_text() for pin in self.pins]} if self.pins else {}
        differing = {name: value for name, value in differing.items() if value}
        return {**pins, **differing, "lang": self.language}


class PinError(FieldError):
    """What a pin of a link was refused; `pin` is its number, counted from 1."""

    def __init__(self, pin: int, error: FieldError) -> None:
        self.pin = pin
        super().__init__(f"Pin {pin}", error.path, error.why, error.got, error.rule)

    def quoting(self, text: str) -> PinError:
        return PinError(self.pin, super().quoting(text))


class Reading(NamedTuple):
    """What a link says: the comparison that applies, and what was refused of it."""

    comparison: Comparison
    refusals: list[FieldError]


def from_query(query: Mapping[str, Any], language: str = "en") -> Reading:
    """Read a link's parameters, `pin` as a list, the others as text. Never raises."""
    refusals: list[FieldError] = []
    pins = read_pins(query.get("pin", []), refusals)
    others = {name: text for name, text in query.items() if name != "pin"}
    seeds = SEEDS_OF_OLD if pins else SEEDS
    given = {"lang": language, "seeds": seeds, **read_all(others, FIELDS, refusals)}
    given["language"] = given.pop("lang")
    given["reference"] = reference(given.get("reference", 1), len(pins), refusals)
    return Reading(Comparison(pins=pins, **given), refusals)


def read_pins(texts: Sequence[str], refusals: list[FieldError]) -> tuple[Pin, ...]:
    if len(texts) > PINS_MAX:
        reason = because("too_many_pins_link", most=PINS_MAX, count=len(texts))
        refusals.append(FieldError("Link", "pins", reason, len(texts)))
    pins = []
    for number, text in enumerate(texts[:PINS_MAX], 1):
        pin, refused = from_text(text)
        refusals += [PinError(number, error) for error in refused]
        pins.append(pin)
    return tuple(pins)


def reference(number: int, pins: int, refusals: list[FieldError]) -> int:
    """The place of the reference of that number; the first where there is no such pin."""
    if number <= max(pins, 1):
        return number - 1
    rule = Integer(1, max(pins, 1))
    refusals.append(FieldError("Link", "reference", rule.reason, number, rule))
    return 0
