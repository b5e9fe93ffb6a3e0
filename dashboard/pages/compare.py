"""The page that compares: runs and studies side by side, over each other, and in numbers."""

from __future__ import annotations

import streamlit as st

from dashboard import session, training
from dashboard.lines.look import Look
from dashboard.lines.plan import plan
from dashboard.pages.parts import compare_tools as tools
from dashboard.pages.parts import comparison as current
from dashboard.pages.parts.compare_empty import empty
from dashboard.pages.parts.compare_stage import hand_in, open_clicked, stage
from dashboard.pages.parts.compare_tables import tables
from dashboard.pages.parts.numbers_links import numbers_links
from dashboard.pages.parts.pin_cards import cards
from dashboard.settings.refusals import box


def page() -> None:
    current.LINK.take(session.language())
    current.LINK.write()  # ahead of the chart, so that the address is new when the chart is
    words = session.words()
    with st.container(key="compare"):
        if told := box(current.LINK.refusals(), words, "compare"):
            st.warning(told)
        now = current.comparison()
        if now.pins:
            comparison_view(Look(now, plan(now.pins, now.seeds), words))
        else:
            empty(words)


def comparison_view(look: Look) -> None:
    """How to look, what is seen, and the pins themselves."""
    open_clicked(look)
    hand_in(look)  # ahead of what stops it, or goes on with it
    can_go_on = bool(training.count_unfinished(tools.SLOT))
    form = current.form()
    tools.tabs(form)
    tools.tools(look, form)
    chart_and_tables(look, can_go_on)
    cards(look)
    numbers_links("compare", look.now, look.words)


@st.fragment
def chart_and_tables(look: Look, can_go_on: bool) -> None:
    """The chart and what is told of it; drawn anew by itself when all runs have ended."""
    sorted_anew = current.comparison() != look.now  # which the page's link has to carry
    if sorted_anew or can_go_on != bool(training.count_unfinished(tools.SLOT)):
        st.rerun()
    with st.container(key="compare-stage"):
        stage(look)
    tables(look)
