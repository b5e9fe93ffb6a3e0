"""All that a visitor can set on the page that compares; immutable, to and from its link."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.experiment.field_types import Choice, Flag, Integer, Rule, accept
from core.experiment.limits import SEEDS_MAX
from core.experiment.refusals import FieldError, Typed, because
from dashboard.settings.chart import Chart, chart_setting
from dashboard.settings.page import (
    Given,
    PlaceInLink,
    Query,
    Settings,
    Single,
    field_in_link,
    language_setting,
    setting,
)
from dashboard.settings.pin import RULES, Pin, from_text
from dashboard.settings.refusals import PinError
from dashboard.settings.studies import ORDERS

PINS_MAX = 8  # as many as have a colour that can be told from the others
TABS = ("side-by-side", "overlay", "difference", "results", "settings", "table")
SHOWN = ("accuracy", "loss", "learning_rate")
SEEDS = 5  # so that what is compared is not a matter of chance; fewer can still be asked for
SEEDS_OF_OLD = 1  # of a link that has pins and does not say: the first edition left out its one
COLUMNS = ("final", "best", "epochs_to_80", "loss", "val_loss", "outcome")  # of the table
SORTS = tuple(sign + name for name in ("pin", *COLUMNS) for sign in ("", "-"))


@dataclass(frozen=True)
class PinsInLink:
    """Pins as a link carries them: a parameter each, all of one name."""

    repeats: ClassVar[bool] = True

    def knows(self, name: str) -> bool:
        return name == "pin"

    def today(self, name: str) -> str:
        return "pin"

    def read(self, query: Query, usual: Any, given: Given, refusals: list[FieldError]) -> Any:
        return read_pins(query.get("pin", []), refusals)

    def write(self, value: tuple[Pin, ...], settings: Any) -> Query:
        return {"pin": [pin.to_text() for pin in value]} if value else {}


def has_usual_seeds(seeds: int, settings: Any) -> bool:
    return seeds == SEEDS and not settings.pins


@dataclass(frozen=True)
class CompareSettings(Settings):
    """What is pinned, in order, and how it is looked at.

    `seeds` runs are trained for each experiment, the same seeds for all that start from the same
    one. `reference` is the place of the pin that the others are compared to.
    """

    pins: tuple[Pin, ...] = field_in_link(PinsInLink(), default=())
    seeds: int = field_in_link(
        Single("seeds", Integer(1, SEEDS_MAX), left_out=has_usual_seeds),
        usual=lambda given: SEEDS_OF_OLD if given["pins"] else SEEDS,
        default=SEEDS,
    )
    tab: str = setting(TABS[0], Choice(TABS), brief=True, looks=True)
    show: str = setting(SHOWN[0], Choice(SHOWN), brief=True, looks=True)
    reference: int = field_in_link(
        PlaceInLink("reference", lambda given: max(len(given["pins"]), 1)), default=0
    )
    all: bool = setting(False, Flag(), brief=True, looks=True)  # also settings that do not differ
    sort: str = setting("pin", Choice(SORTS), brief=True, looks=True)  # "-" in front for falling
    order: str = setting("line", Choice(ORDERS), name="difference.sort", brief=True, looks=True)
    chart: Chart = chart_setting()
    language: str = language_setting()

    def rule(self, name: str) -> Rule:
        """What a field of one parameter must be."""
        return Integer(0, PINS_MAX - 1) if name == "reference" else super().rule(name)

    def added(self, pin: Pin) -> CompareSettings:
        """With one pin more. Raises `FieldError` when there is no room."""
        self.check_room()
        return dataclasses.replace(self, pins=(*self.pins, pin))

    def duplicated(self, place: int) -> CompareSettings:
        """With a second one of a pin, right after it. Raises `FieldError` when there is no room."""
        self.check_room()
        return self.rearranged([*range(place + 1), *range(place, len(self.pins))])

    def taken_apart(self, place: int) -> CompareSettings:
        """With the cells of a study as single runs instead. Raises `FieldError` without room."""
        pin = self.pins[place]
        runs = tuple(Pin(cell.experiment, pin.preset) for cell in pin.cells())
        self.check_room(len(runs) - 1)
        pins = (*self.pins[:place], *runs, *self.pins[place + 1 :])
        moved = len(runs) - 1 if self.reference > place else 0
        return dataclasses.replace(self, pins=pins, reference=self.reference + moved)

    def removed(self, place: int) -> CompareSettings:
        return self.rearranged([p for p in range(len(self.pins)) if p != place])

    def moved(self, place: int, to: int) -> CompareSettings:
        """With a pin at another place; those between make room."""
        order = [p for p in range(len(self.pins)) if p != place]
        order.insert(to, place)
        return self.rearranged(order)

    def rearranged(self, order: Sequence[int]) -> CompareSettings:
        """With the pins at these places, in this order; the reference stays the same pin."""
        reference = order.index(self.reference) if self.reference in order else 0
        pins = tuple(self.pins[place] for place in order)
        return dataclasses.replace(self, pins=pins, reference=reference)

    def with_pin(self, place: int, pin: Pin) -> CompareSettings:
        """With another pin instead of one."""
        pins = (*self.pins[:place], pin, *self.pins[place + 1 :])
        return dataclasses.replace(self, pins=pins)

    def renamed(self, place: int, name: str) -> CompareSettings:
        """With a pin called by another name. Raises `FieldError`."""
        good = accept("Pin", "name", RULES["name"], Typed(name))
        return self.with_pin(place, dataclasses.replace(self.pins[place], name=good))

    def check_room(self, more: int = 1) -> None:
        if len(self.pins) + more > PINS_MAX:
            count = len(self.pins) + more
            raise FieldError("Pins", "pins", because("too_many_pins", most=PINS_MAX), count)


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
