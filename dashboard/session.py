"""A visitor's session: who visits, in which language, and the settings of the page of one run."""

from __future__ import annotations

import uuid
from typing import Any

import streamlit as st

from dashboard.components.controls.form import Form
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.link import Link
from dashboard.text import LANGUAGES, Words, preferred_language

LINK = Link("state", ExploreSettings)


def language() -> str:
    """The language in force: the link's, else the one chosen before, else the browser's."""
    asked = st.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    chosen = st.session_state.get("language", "")
    return chosen if chosen in LANGUAGES else preferred_language(st.context.locale)


def words() -> Words:
    return Words(language())


def visitor() -> str:
    """A name for this session that nobody can guess."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def state() -> ExploreSettings:
    """The state of the page of one run; the tutorial's run before that page was opened."""
    return LINK.held() or ExploreSettings(language=language())


def change(path: str, value: Any) -> None:
    """One control was moved. What the experiment refuses is said and changes nothing."""
    LINK.change(lambda now: now.with_value(path, value, LINK.steps()), language())


def form() -> Form:
    """The settings of the page of one run, for the controls that change them."""
    return Form(words(), state(), LINK, change, before=LINK.steps())


def set_language(chosen: str) -> None:
    """Every page speaks this language from now on."""
    st.query_params["lang"] = chosen
