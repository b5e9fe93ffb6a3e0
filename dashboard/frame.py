"""What surrounds every page: the pages by name, the device in use, Present and the language."""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from itertools import product
from pathlib import Path

import streamlit as st

from dashboard import session
from dashboard.laboratory import laboratory
from dashboard.navigation import PAGES, place
from dashboard.settings.link import PRESENT, PRESENTS, stay, stays
from dashboard.text import LANGUAGES, Words
from dashboard.text.device import device_name

LOGO = base64.b64encode(Path(__file__).with_name("logo.svg").read_bytes()).decode()
BRAND = (
    f'<h1 class="lrl-brand"><img alt="" src="data:image/svg+xml;base64,{LOGO}"><span>%s</span></h1>'
)
TABS = 3  # pages in sight on a phone; the others are under "More"
# What is true of the whole page: the language a screen reader speaks, where one is, how it looks.
PAGE = """<script>{
const { language, pages, skip, page, presents } = SAID;
document.documentElement.lang = language;
Object.assign(document.documentElement.dataset, { lrlPages: pages, lrlSkip: skip, lrlPage: page });
document.documentElement.toggleAttribute("data-lrl-present", presents);
document.documentElement.removeAttribute("data-lrl-leaves");
}</script>"""


@cache
def page_script(language: str, page: str, presents: bool) -> str:
    named = {name: Words(language)(f"frame.{name}") for name in ("pages", "skip")}
    said = {"language": language, **named, "page": page, "presents": presents}
    return PAGE.replace("SAID", json.dumps(said))


def page_scripts() -> list[str]:
    """All that `page_script` can be: what a page may run is known beforehand."""
    said = product(LANGUAGES, PAGES, (False, True))
    return [page_script(language, page, presents) for language, page, presents in said]


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
