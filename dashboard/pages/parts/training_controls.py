"""Buttons that stop what a page trains, and go on with it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import training
from dashboard.failure import act_safely
from dashboard.settings.link import stay
from dashboard.text import Words


def stop_or_go_on(slot: str, words: Words) -> None:
    """Stop what a place on the page trains; afterwards, go on with what was stopped."""
    if not training.is_done(slot):
        with st.container(key="stop", width="content"):
            press("stop", slot, words, training.stop)
    elif training.count_unfinished(slot):
        press("train_on", slot, words, training.forget)


def press(name: str, slot: str, words: Words, act: Callable[[str], object]) -> None:
    def pressed() -> None:
        act(slot)
        stay()

    st.button(
        words(f"studies.{name}"),
        help=words(f"studies.{name}_help"),
        key=f"{slot}-{name}",
        on_click=lambda: act_safely(pressed),
    )
