"""The page that compares before anything is pinned: how to pin, and sets to start with."""

from __future__ import annotations

import dataclasses

import streamlit as st

from core.analysis.studies import study
from dashboard.components.controls.widgets import undo_button
from dashboard.navigation import lead_to
from dashboard.pages.parts import comparison as current
from dashboard.settings.compare import CompareSettings
from dashboard.settings.pin import Pin
from dashboard.text import Words

STARTS = ("momentum", "optimizer", "learning-rate")  # studies, each cell of which becomes a pin


def empty(words: Words) -> None:
    """How to pin, sets to start with, and the way back to what was pinned before."""
    with st.container(key="compare-empty"):
        st.markdown(f"## {words('compare.empty_title')}")
        st.markdown(words("compare.empty_how"))
        with st.container(horizontal=True):
            for name in ("explore", "studies"):
                lead_to(name, words, words(f"{name}.nav"), {})
        st.markdown(words("compare.empty_start"))
        with st.container(horizontal=True):
            for name in STARTS:
                start_button(name, words)
        if current.LINK.steps():
            undo_button(current.LINK, words, "undo")


def start_button(name: str, words: Words) -> None:
    st.button(
        words(f"compare.start_{name}"),
        key=f"start-{name}",
        type="primary" if name == STARTS[0] else "secondary",
        on_click=lambda: current.change(lambda now: begin_with_study(now, name)),
    )


def begin_with_study(now: CompareSettings, name: str) -> CompareSettings:
    """With the runs of a study of the tutorial."""
    return dataclasses.replace(now, pins=tuple(Pin(cell.experiment) for cell in study(name).cells))
