"""The controls above the chart: the way to look, the seeds, and the way back."""

from __future__ import annotations

import dataclasses

import streamlit as st

from core.experiment.limits import SEEDS_MAX
from dashboard.comparing import current
from dashboard.comparing.comparison import SHOWN, TABS, Comparison
from dashboard.comparing.look import Look
from dashboard.comparing.refusals import sentence
from dashboard.components.slider.slider import slider
from dashboard.settings.refusals import UNMARKED
from dashboard.settings.widgets import stop_or_go_on
from dashboard.text import Words

SLOT = "compare-job"  # the place of the page's job in the session


def tabs(now: Comparison, words: Words) -> None:
    """The strip of tabs. What they show is drawn below, so that the chart stays the same one."""
    labels = {words(f"compare.tab_{tab}"): tab for tab in TABS}
    st.session_state["compare-tab"] = words(f"compare.tab_{now.tab}")
    st.tabs(
        list(labels),
        key="compare-tab",
        on_change=lambda: current.look(tab=labels[st.session_state["compare-tab"]]),
    )


def tools(look: Look) -> None:
    """What can be set about the way to look, and the way back."""
    with st.container(key="compare-tools", horizontal=True, vertical_alignment="center"):
        if look.now.tab in ("side-by-side", "overlay", "difference"):
            figure_of_merit(look)
        if look.now.tab == "difference":
            reference(look)
        seeds(look)
        if look.now.tab == "settings":
            all_settings(look)
        with st.container(key="compare-undo", horizontal=True, vertical_alignment="center"):
            stop_or_go_on(SLOT, look.words)
            st.button(
                look.words("compare.undo"),
                key="undo",
                icon=":material/undo:",
                help=look.words("compare.undo_help"),
                disabled=not current.history().steps,
                on_click=current.undo,
            )


def figure_of_merit(look: Look) -> None:
    shown = SHOWN[:2] if look.now.tab == "difference" else SHOWN
    st.session_state["compare-show"] = look.show
    st.segmented_control(
        look.words("compare.show"),
        shown,
        format_func=lambda show: look.words(f"explore.{show}"),
        key="compare-show",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: current.look(show=st.session_state["compare-show"]),
    )


def reference(look: Look) -> None:
    names = look.pins
    st.session_state["compare-reference"] = look.now.reference
    st.selectbox(
        look.words("compare.reference"),
        range(len(names)),
        format_func=names.__getitem__,
        key="compare-reference",
        filter_mode=None,
        width=240,
        on_change=lambda: current.change(referred(st.session_state["compare-reference"])),
    )


def referred(place: int) -> current.Step:
    return lambda now: dataclasses.replace(now, reference=place)


def seeds(look: Look) -> None:
    """How many seeds; the slider takes typed numbers as well."""
    told = [error for error, link in current.LINK.refusals() if error.path == "seeds" and not link]
    with st.container(key="compare-seeds-place", width=220):
        slider(
            look.words("compare.seeds"),
            look.now.seeds,
            key="compare-seeds",
            minimum=1,
            maximum=SEEDS_MAX,
            help=look.words("compare.seeds_help"),
            error=sentence(told[0], look.words, False, UNMARKED) if told else None,
            on_change=current.set_seeds,
        )


def all_settings(look: Look) -> None:
    st.session_state["compare-all"] = look.now.all
    st.toggle(
        look.words("compare.all_settings"),
        key="compare-all",
        help=look.words("compare.all_settings_help"),
        on_change=lambda: current.look(all=st.session_state["compare-all"]),
    )
