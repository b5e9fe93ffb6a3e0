"""What widgets have in common: they show a setting, and tell what a visitor makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import training
from dashboard.failure import tried
from dashboard.settings.link import BOX, REFUSED, stay
from dashboard.text import Words


def shows(key: str, value: Any, change: Callable[[Any], object]) -> dict[str, Any]:
    """Key and callback of a widget that shows a value and hands on what it is set to."""
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: tried(lambda: change(st.session_state[key]))}


def holds_text(key: str, text: str, change: Callable[[str], object]) -> dict[str, Any]:
    """Key and callback of a box that shows a setting as text and hands on what is typed there.

    Text that was refused stays in the box until it is put right, or another setting is.
    """
    if st.session_state.get(REFUSED) != key or key not in st.session_state:
        st.session_state[key] = text

    def changed() -> None:
        box = BOX.set(key)
        try:
            change(st.session_state[key])
        finally:
            BOX.reset(box)

    return {"key": key, "on_change": lambda: tried(changed)}


def folded(label: str, key: str, draw: Callable[[], object]) -> None:
    """A group that is closed at first; what is in it is drawn when it has been opened.

    A page answers a slider the sooner, the less it draws that nobody sees.
    """
    with st.expander(label, key=key, on_change=stay) as group:
        if group.open:
            draw()


def stop_or_go_on(slot: str, words: Words) -> None:
    """Stop what a place on the page trains; afterwards, go on with what was stopped."""
    if not training.is_done(slot):
        with st.container(key="stop", width="content"):
            press("stop", slot, words, training.stop)
    elif training.unfinished(slot):
        press("train_on", slot, words, training.forget)


def press(name: str, slot: str, words: Words, act: Callable[[str], object]) -> None:
    st.button(
        words(f"studies.{name}"),
        help=words(f"studies.{name}_help"),
        key=f"{slot}-{name}",
        on_click=lambda: tried(lambda: (act(slot), stay())),
    )
