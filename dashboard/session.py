"""A visitor's session: who visits, in which language, and the settings of the page of one run."""

from __future__ import annotations

import uuid
from typing import Any

import streamlit as st

from core.experiment.refusals import FieldError
from dashboard.settings.form import Form
from dashboard.settings.link import Link
from dashboard.settings.refusals import refused
from dashboard.settings.state import State, from_query, name_of
from dashboard.text import LANGUAGES, Words, preferred

LINK = Link("state", from_query)


def language() -> str:
    """The language in force: the link's, else the one chosen before, else the browser's."""
    asked = st.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    chosen = st.session_state.get("language", "")
    return chosen if chosen in LANGUAGES else preferred(st.context.locale)


def words() -> Words:
    return Words(language())


def visitor() -> str:
    """A name for this session that nobody can guess."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def state() -> State:
    """The state of the page of one run; the tutorial's run before that page was opened."""
    return LINK.held() or State(language=language())


def read_link() -> None:
    """Take the state from the link, if it is not the link that this session wrote itself."""
    LINK.take(language())


def write_link() -> None:
    LINK.write()


def change(path: str, value: Any) -> None:
    """One control was moved. What the experiment refuses is said and changes nothing."""
    try:
        LINK.hold(state().with_value(path, value))
    except FieldError as error:
        LINK.refuse(error)


def form() -> Form:
    """The settings of the page of one run, for the controls that change them."""
    return Form(words(), state(), change, LINK.refuse, LINK.forgive, LINK.refusals())


def set_language(chosen: str) -> None:
    """Every page speaks this language from now on."""
    st.query_params["lang"] = chosen


def reset() -> None:
    """All settings as in the tutorial; the language stays."""
    LINK.hold(State(language=language()))


def refusals(own: tuple[str, ...] = ()) -> list[str]:
    """What was refused last, one sentence each; of the fields in `own`, their controls tell."""
    held = LINK.refusals()
    told = [(error, link) for error, link in held if link or name_of(error.path) not in own]
    return [refused(error, words(), link) for error, link in told]
