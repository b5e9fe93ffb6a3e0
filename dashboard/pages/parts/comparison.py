"""What a visitor's session holds of the comparison, and the steps that change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.experiment.refusals import FieldError
from dashboard import session
from dashboard.components.controls.form import Form
from dashboard.settings.compare import CompareSettings
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.link import Link
from dashboard.settings.refusals import PinError

LINK = Link("comparison", CompareSettings)

Step = Callable[[CompareSettings], CompareSettings]


def comparison() -> CompareSettings:
    """The comparison in force; an empty one before anything was pinned."""
    return LINK.held() or CompareSettings(language=session.language())


def change(step: Step) -> None:
    """One step of a visitor. What cannot be is said and changes nothing."""
    LINK.change(step, session.language())


def change_pin(place: int, step: Step) -> None:
    """One step that is about a pin; of one that a quicker click has removed, nothing is left."""
    if place < len(comparison().pins):
        change(step)


def form() -> Form:
    """The settings of the page, for the controls that change them."""
    return Form.of(LINK, session.words(), "compare")


def pin_form(place: int) -> Form:
    """One pin's settings, for the controls that change its run in place."""
    before = settings_before(place)

    def moved(now: CompareSettings, path: str, value: Any) -> CompareSettings:
        try:
            return now.with_pin(place, now.pins[place].with_value(path, value, before))
        except FieldError as error:
            raise PinError(place + 1, error) from None

    return Form(
        words=session.words(),
        settings=comparison().pins[place].state,
        link=LINK,
        apply=lambda path, value: change_pin(place, lambda now: moved(now, path, value)),
        place=f"pin-{place}",
        pin=place + 1,
        before=before,
    )


def settings_before(place: int) -> tuple[ExploreSettings, ...]:
    """The settings that a pin had before each step, since pins were added, moved or removed."""
    found: list[ExploreSettings] = []
    after = comparison().pins
    for step in reversed(LINK.steps()):
        others = [one != other for one, other in zip(step.pins, after, strict=False)]
        if len(step.pins) != len(after) or sum(others) > 1:
            break
        found.insert(0, step.pins[place].state)
        after = step.pins
    return tuple(found)
