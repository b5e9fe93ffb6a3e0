"""A visitor's session: the state, read from the link when it changed and written back to it."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

import streamlit as st

from core.fields import FieldError, Rule
from dashboard.refusals import refused
from dashboard.state import State, from_query, known_fields, name_of
from dashboard.text import LANGUAGES, Words, preferred


def language() -> str:
    """The language in force: the link's, else the session's, else the browser's."""
    asked = st.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    held: State | None = st.session_state.get("state")
    return held.language if held else preferred(st.context.locale)


def words() -> Words:
    return Words(language())


def visitor() -> str:
    """A name for this session that nobody can guess."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def state() -> State:
    """The state in force."""
    held: State = st.session_state["state"]
    return held


def read_link() -> None:
    """Take the state from the link, if it is not the link that this session wrote itself."""
    query = st.query_params.to_dict()
    fresh = "state" not in st.session_state
    if fresh or (query and query != st.session_state.get("link")):
        reading = from_query(query, language())
        st.session_state["state"] = reading.state
        st.session_state["refusals"] = [(error, True) for error in reading.refusals]


def write_link() -> None:
    """Let the address bar hold the whole state; the browser's back button undoes a change."""
    query = state().to_query()
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    st.session_state["link"] = query


def change(path: str, value: Any) -> None:
    """One control was moved. What the experiment refuses is said and changes nothing."""
    try:
        st.session_state["state"] = state().with_value(path, value)
        st.session_state["refusals"] = []
    except FieldError as error:
        refuse(error)


def change_typed(path: str, typed: Any, rule: Rule | None = None) -> None:
    """A value was typed: read it by its rule, then change it; a bad one is said and kept out."""
    name = name_of(path)
    rule = rule or known_fields()[name]
    try:
        value = rule.read(typed) if isinstance(typed, str) else typed
    except ValueError:
        refuse(FieldError("Page", name, rule.expected, typed, rule))
    else:
        change(path, value)


def refuse(error: FieldError) -> None:
    st.session_state["refusals"] = [(error, False)]


def set_language(chosen: str) -> None:
    st.session_state["state"] = dataclasses.replace(state(), language=chosen)
    st.query_params["lang"] = chosen


def reset() -> None:
    """All settings as in the tutorial; the language stays."""
    st.session_state["state"] = State(language=state().language)
    st.session_state["refusals"] = []


def refusals(own: tuple[str, ...] = ()) -> list[str]:
    """What was refused last, one sentence each; of the fields in `own`, their controls tell."""
    held = st.session_state.get("refusals", [])
    told = [(error, link) for error, link in held if link or name_of(error.path) not in own]
    return [refused(error, words(), link) for error, link in told]


def refusal_of(name: str) -> str | None:
    """What the control of that field was refused last."""
    for error, link in st.session_state.get("refusals", []):
        if not link and name_of(error.path) == name:
            return refused(error, words(), link)
    return None
