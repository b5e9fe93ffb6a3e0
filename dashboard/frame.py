"""What surrounds every page: the style, the name, the device in use and the language."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from dashboard import session
from dashboard.components.live.assets import PLOTLY, asset_url, scripts
from dashboard.laboratory import laboratory
from dashboard.text import LANGUAGES

STYLE = Path(__file__).with_name("style.css")
LOGO = Path(__file__).with_name("logo.svg").read_text()
# What a screen reader speaks; and all scripts at once, not one after the other as they are needed.
PAGE = """<script>
document.documentElement.lang = "LANGUAGE";
for (const [rel, path] of LINKS) {
  const href = new URL(path, document.baseURI).href;
  if (document.querySelector(`link[href="${href}"]`)) continue;
  const link = Object.assign(document.createElement("link"), { rel, href, as: "script" });
  document.head.append(link);
}
</script>"""


@cache
def page_script(language: str) -> str:
    links = [("preload", asset_url(PLOTLY)), *(("modulepreload", url) for url in scripts())]
    return PAGE.replace("LANGUAGE", language).replace("LINKS", json.dumps(links))


def header() -> None:
    """The style sheet and the line at the top right."""
    words = session.words()
    st.html(STYLE)
    st.logo(LOGO.replace("TITLE", words("common.title")), size="large")
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        status = laboratory().status()
        device = status.device if status.ready else words("common.device_loading")
        st.html(page_script(words.language), unsafe_allow_javascript=True)
        st.html(f'<p class="lrl-device">{escape(device)}</p>')
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
