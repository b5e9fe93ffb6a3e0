"""The way to a page's numbers, at addresses that a script can ask as well."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import streamlit as st

from dashboard.settings.page import Settings
from dashboard.text import Words

FORMS = ("json", "csv")


def numbers_links(page: str, settings: Settings, words: Words) -> None:
    """Links to them with the settings in force, in a tab of their own."""
    query = html.escape(urlencode(settings.to_query(), doseq=True))
    links = " · ".join(
        f'<a href="{page}.{form}?{query}" target="_blank" rel="noopener">{form.upper()}</a>'
        for form in FORMS
    )
    label, told = words("numbers.links"), html.escape(words("numbers.help"))
    colon = words("numbers.colon")
    st.html(f'<p class="numbers-links" title="{told}">{label}{colon}{links}</p>')
