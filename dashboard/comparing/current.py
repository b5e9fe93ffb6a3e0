"""What a visitor's session holds of the comparison: the settings in force, and those before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.experiment.refusals import FieldError
from dashboard import session
from dashboard.comparing.comparison import FIELDS, Comparison, PinError, from_query
from dashboard.comparing.history import History
from dashboard.settings.controls import ON_TOP
from dashboard.settings.form import Form
from dashboard.settings.link import Link, hear
from dashboard.settings.state import name_of

LINK = Link("comparison", from_query, repeated=("pin",))
HISTORY = "comparison-history"  # in the session

Step = Callable[[Comparison], Comparison]


def comparison() -> Comparison:
    """The comparison in force; an empty one before anything was pinned."""
    return LINK.held() or Comparison(language=session.language())


def read_link() -> None:
    """Take the comparison from the link, if it is not the link that this session wrote itself."""
    LINK.take(session.language())


def write_link() -> None:
    LINK.write()


def untold() -> list[tuple[FieldError, bool]]:
    """What was refused last and no control tells."""
    return [(error, link) for error, link in LINK.refusals() if link or not has_control(error)]


def has_control(error: FieldError) -> bool:
    """Whether what a visitor set is shown, with the refusal, where it was set."""
    return error.path == "seeds" or name_of(error.path) in ON_TOP


def change(step: Step) -> None:
    """One step of a visitor. What cannot be is said and changes nothing."""
    before = comparison()
    try:
        now = step(before)
    except FieldError as error:
        LINK.refuse(error)
        return
    LINK.hold(now)
    st.session_state[HISTORY] = history().after(before, now)


def change_pin(place: int, step: Step) -> None:
    """One step that is about a pin; of one that a quicker click has removed, nothing is left."""
    if place < len(comparison().pins):
        change(step)


def look(**how: Any) -> None:
    """Look at the same pins in another way; nothing that would have to be undone."""
    change(lambda now: dataclasses.replace(now, **how))


def set_seeds(value: float | str) -> None:
    """So many seeds, moved or typed."""
    hear(
        LINK,
        "seeds",
        FIELDS["seeds"],
        value,
        lambda count: change(lambda now: dataclasses.replace(now, seeds=count)),
    )


def undo() -> None:
    """Back to what was pinned, and how it was set, before the last step; seen as it is now."""
    back = history().back(comparison())
    LINK.hold(back.comparison)
    st.session_state[HISTORY] = back.history


def history() -> History:
    held: History = st.session_state.get(HISTORY, History())
    return held


def form(place: int) -> Form:
    """One pin's settings, for the controls that change its run in place."""

    def moved(now: Comparison, path: str, value: Any) -> Comparison:
        try:
            return now.with_pin(place, now.pins[place].with_value(path, value))
        except FieldError as error:
            raise PinError(place + 1, error) from None

    return Form(
        words=session.words(),
        state=comparison().pins[place].state,
        change=lambda path, value: change_pin(place, lambda now: moved(now, path, value)),
        refuse=lambda error: LINK.refuse(PinError(place + 1, error)),
        forgive=LINK.forgive,
        refusals=[
            (error, link)
            for error, link in LINK.refusals()
            if isinstance(error, PinError) and error.pin == place + 1
        ],
        place=f"pin-{place}",
    )
