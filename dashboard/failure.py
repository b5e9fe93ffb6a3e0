"""What nobody foresaw: the traceback for the server's log, one sentence for the visitor."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from dashboard.text import Words

FAILED = "failed"  # a callback did, in the run of the script that follows it
LOG = logging.getLogger(__name__)


def draw_page(page: Callable[[], object], words: Words) -> None:
    """Draw a page; what it raises, and what a callback before it raised, is a sentence."""
    failed = st.session_state.pop(FAILED, False)
    try:
        page()
    except Exception:  # whatever it is, a visitor is owed a sentence; Streamlit's own pass by
        LOG.exception("A page could not be drawn.")
        failed = True
    if failed:
        st.error(words("common.page_failed"))


def act_safely(act: Callable[[], object]) -> None:
    """Do what a control asks for; what that raises is told below the page that follows."""
    try:
        act()
    except Exception:  # as above: a callback runs before any page could say anything
        LOG.exception("A control could not do what it was asked for.")
        st.session_state[FAILED] = True
