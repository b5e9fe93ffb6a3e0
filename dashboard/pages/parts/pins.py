"""Pinning from anywhere: the button that sets a run, or a study, aside to be compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st

from core.experiment import Experiment
from core.experiment.refusals import FieldError
from dashboard.navigation import lead_to
from dashboard.pages.parts import comparison as current
from dashboard.settings.compare import PINS_MAX, CompareSettings
from dashboard.settings.pin import Pin
from dashboard.settings.refusals import cannot_be
from dashboard.settings.studies import OWN, StudiesSettings
from dashboard.text import Words

Strength = Literal["primary", "secondary", "tertiary"]  # of a button


def pin_button(experiment: Experiment, words: Words, *, key: str = "pin", **of_pin: Any) -> None:
    """A button that pins this experiment, and the way to the page that compares.

    `of_pin` takes what else a `Pin` has: `preset` and `name`.
    """
    pins_button([Pin(experiment, **of_pin)], words, key=key)


def pin_study_button(asked: StudiesSettings, words: Words, *, key: str) -> None:
    """The same for a study: a pin for each version of Keras that is shown."""
    pins = of_study(asked)
    try:
        for pin in pins:
            pin.cells()
    except FieldError as error:
        st.caption(cannot_be(error, words) or str(error))
    else:
        pins_button(pins, words, key=key, seeds=asked.seeds)


def of_study(asked: StudiesSettings) -> list[Pin]:
    if asked.study == OWN:
        return [Pin(asked.base, version, OWN, axes=asked.axes) for version in asked.versions]
    return [Pin(preset=version, study=asked.study) for version in asked.versions]


def pins_button(pins: Sequence[Pin], words: Words, *, key: str, seeds: int = 1) -> None:
    """A button that pins all of these, the way to where they are, and what there is to say."""
    held = current.comparison().pins
    with st.container(key=f"pinning-{key}", horizontal=True, vertical_alignment="center"):
        press_to_pin(pins, words, key=key, seeds=seeds)
        if held:
            lead_to("compare", words, words("compare.open", count=len(held)), {})
    if not has_room(pins):
        st.caption(words("refusals.said_too_many_pins", most=PINS_MAX))
    elif are_pinned(pins):
        st.caption(words("compare.is_pinned"))


def press_to_pin(
    pins: Sequence[Pin], words: Words, *, key: str, seeds: int = 1, type: Strength = "secondary"
) -> None:
    """The button alone; the comparison has at least so many seeds when it was pressed."""
    st.button(
        words("compare.pin_button"),
        key=key,
        icon=":material/keep:",
        help=words("compare.pin_help"),
        type=type,
        disabled=not has_room(pins),
        on_click=lambda: current.change(lambda now: with_pins(now, pins, seeds)),
    )


def has_room(pins: Sequence[Pin]) -> bool:
    return len(current.comparison().pins) + len(pins) <= PINS_MAX


def are_pinned(pins: Sequence[Pin]) -> bool:
    held = current.comparison().pins
    return all(pin in held for pin in pins)


def with_pins(now: CompareSettings, pins: Sequence[Pin], seeds: int) -> CompareSettings:
    """The comparison with these pins as well. Raises `FieldError` when there is no room.

    The first ones bring their seeds, unless that is one, of which nothing can be compared.
    """
    chosen = seeds if seeds > 1 and not now.pins else max(now.seeds, seeds)
    for pin in pins:
        now = now.added(pin)
    return dataclasses.replace(now, seeds=chosen)
