"""What surrounds every page: the pages by name, the device in use, Present and the language."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.laboratory import laboratory
from dashboard.navigation import PAGES, place
from dashboard.page_script import page_script
from dashboard.settings.link import PRESENT, PRESENTS, stay, stays
from dashboard.text import LANGUAGES, Words
from dashboard.text.device import device_name

LOGO = base64.b64encode(Path(__file__).with_name("logo.svg").read_bytes()).decode()
BRAND = (
    f'<h1 class="lrl-brand"><img alt="" src="data:image/svg+xml;base64,{LOGO}"><span>%s</span></h1>'
)
TROUBLE = '<p class="lrl-trouble" role="status">%s</p>'
TABS = 3  # pages in sight on a phone; the others are under "More"


def header(page: str) -> None:
    """The line on top; on a phone its pages are tabs at the bottom, the rest a sheet above them."""
    words = session.words()
    presents = is_presenting()
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        st.html(BRAND % escape(words("common.title")))
        with st.container(key="tabs", horizontal=True):
            for name in PAGES[:TABS]:
                tab(name, words)
            st.html(fold_button("more", words))
        with st.container(key="rest", horizontal=True, vertical_alignment="center"):
            for name in PAGES[TABS:]:
                tab(name, words)
            device()
            st.html(fold_button("controls", words))
            present(presents, words)
            language(words)
        st.html(page_script(words.language, page, presents), unsafe_allow_javascript=True)


def tab(name: str, words: Words) -> None:
    with st.container(key=f"nav-{name}"):
        st.page_link(place(name, words))


def fold_button(what: str, words: Words) -> str:
    """A button that shows what is folded away; it works in the browser alone."""
    label = escape(words(f"frame.{what}"))
    return f'<button type="button" data-folds="{what}" aria-expanded="false">{label}</button>'


def device() -> None:
    status, words = laboratory().status(), session.words()
    named = device_name(status.device, words) if status.ready else words("common.device_loading")
    st.html(f'<p class="lrl-device">{escape(named)}</p>')


def tell_troubles(place: DeltaGenerator, words: Words) -> None:
    """A sentence each: what was trained cannot be read or kept, and the cluster does not train."""
    status = laboratory().status()
    troubles = [f"store_{status.store.kind}"] if status.store.kind else []
    if status.backend_trouble:
        troubles.append("cluster_gone" if status.ready else "cluster_missed")
    if troubles:
        place.html("".join(TROUBLE % escape(words(f"frame.{trouble}")) for trouble in troubles))


def is_presenting() -> bool:
    """Whether the page is shown to a room: this session says so, or a link with `present=true`."""
    asked = st.query_params.get(PRESENT)
    if asked is not None and not stays():  # else the toggle was moved
        st.session_state[PRESENTS] = asked == "true"
    return bool(st.session_state.get(PRESENTS, False))


def present(presents: bool, words: Words) -> None:
    def change() -> None:
        stay()
        st.session_state[PRESENTS] = st.session_state["present-toggle"]

    st.session_state["present-toggle"] = presents
    st.toggle(
        words("frame.present"),
        key="present-toggle",
        help=words("frame.present_help"),
        on_change=change,
    )


def language(words: Words) -> None:
    st.session_state["language"] = session.language()
    st.segmented_control(
        words("common.language"),
        list(LANGUAGES),
        format_func=lambda code: {"en": "EN", "zh": "中文"}[code],
        key="language",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: session.set_language(st.session_state["language"]),
    )
