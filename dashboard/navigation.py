"""The pages by name: in the order of the navigation, and as places that other pages lead to."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import streamlit as st

from dashboard.text import Words

PAGES = ("explore", "studies", "compare", "claims")  # modules of `dashboard.pages`


def place(name: str, words: Words) -> st.Page:
    """A page of the navigation; loaded here, because pages lead to each other in circles."""
    module = importlib.import_module(f"dashboard.pages.{name}")
    title = words(f"{name}.nav")
    return st.Page(module.page, title=title, url_path=name, default=name == PAGES[0])


def lead_to(name: str, words: Words, label: str, query: Mapping[str, str]) -> None:
    """A link to a page with settings of its own; the session, and what it trains, goes along."""
    st.page_link(place(name, words), label=label, query_params=dict(query))


def go_to(name: str, words: Words, query: Mapping[str, str]) -> None:
    """Open a page with settings of its own at once."""
    st.switch_page(place(name, words), query_params=dict(query))
