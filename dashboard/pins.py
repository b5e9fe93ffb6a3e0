"""Pinning from anywhere: the button that sets a run, or a study, aside to be compared."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from core.experiment import Experiment
from dashboard.comparing import session
from dashboard.comparing.comparison import PINS_MAX, Comparison
from dashboard.comparing.pin import Pin
from dashboard.places import lead_to
from dashboard.text import Words


def pin_button(experiment: Experiment, words: Words, *, key: str = "pin", **of_pin: Any) -> None:
    """A button that pins this experiment, and the way to the page that compares.

    `of_pin` takes what else a `Pin` has: `preset`, `study` (one of the tutorial's, on the base of
    the experiment), `name`; and `seeds`, how many the comparison has at least.
    """
    seeds = of_pin.pop("seeds", 1)
    pin = Pin(experiment, **of_pin)
    held = session.comparison()
    with st.container(key=f"pinning-{key}", horizontal=True, vertical_alignment="center"):
        st.button(
            words("compare.pin_button"),
            key=key,
            icon=":material/keep:",
            help=words("compare.pin_help"),
            disabled=len(held.pins) >= PINS_MAX,
            on_click=lambda: session.change(lambda now: with_pin(now, pin, seeds)),
        )
        if held.pins:
            lead_to("compare", words, words("compare.open", count=len(held.pins)), {})
    if len(held.pins) >= PINS_MAX:
        st.caption(words("compare.too_many_pins", most=PINS_MAX))
    elif pin in held.pins:
        st.caption(words("compare.is_pinned"))


def with_pin(now: Comparison, pin: Pin, seeds: int) -> Comparison:
    """The comparison with this pin as well. Raises `FieldError` when there is no room."""
    return dataclasses.replace(now.added(pin), seeds=max(now.seeds, seeds))
