"""The page that compares: runs and studies side by side, over each other, and in numbers."""

from __future__ import annotations

import streamlit as st

from dashboard import visit
from dashboard.comparing import session, tools
from dashboard.comparing.cards import cards
from dashboard.comparing.empty import empty
from dashboard.comparing.look import Look
from dashboard.comparing.plan import plan
from dashboard.comparing.refusals import sentences
from dashboard.comparing.stage import stage
from dashboard.comparing.tables import tables


def page() -> None:
    session.read_link()
    session.write_link()  # ahead of the chart, so that the address is new when the chart is
    words = visit.words()
    with st.container(key="compare"):
        for sentence in sentences(session.untold(), words):
            st.warning(sentence)
        now = session.comparison()
        if now.pins:
            compared(Look(now, plan(now.pins, now.seeds), words))
        else:
            empty(words)


def compared(look: Look) -> None:
    """How to look, what is seen, and the pins themselves."""
    tools.tabs(look.now, look.words)
    tools.tools(look)
    seen(look)
    cards(look)


@st.fragment
def seen(look: Look) -> None:
    """The chart and what is told of it; drawn anew by itself when all runs have ended."""
    if session.comparison() != look.now:  # the table was sorted, which its link has to carry
        st.rerun()
    with st.container(key="compare-stage"):
        stage(look)
    tables(look)
