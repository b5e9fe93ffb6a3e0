"""The page that compares before anything is pinned: how to pin, and sets to start with."""

from __future__ import annotations

import dataclasses

import streamlit as st

from core.analysis.studies import study
from dashboard.comparing import current
from dashboard.comparing.comparison import Comparison
from dashboard.comparing.pin import Pin
from dashboard.navigation import lead_to
from dashboard.text import Words

STARTS = ("momentum", "optimizer", "learning-rate")  # studies, each cell of which becomes a pin


def empty(words: Words) -> None:
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


def start_button(name: str, words: Words) -> None:
    st.button(
        words(f"compare.start_{name}"),
        key=f"start-{name}",
        type="primary" if name == STARTS[0] else "secondary",
        on_click=lambda: current.change(lambda now: started(now, name)),
    )


def started(now: Comparison, name: str) -> Comparison:
    """With the runs of a study of the tutorial."""
    return dataclasses.replace(now, pins=tuple(Pin(cell.experiment) for cell in study(name).cells))
