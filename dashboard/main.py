"""The pages of the laboratory: set-up and navigation."""

from __future__ import annotations

import streamlit as st

from dashboard import failure, frame
from dashboard.components.glossary.glossary import glossary
from dashboard.navigation import PAGES, place
from dashboard.session import words
from dashboard.settings import link

WORDS = words()

st.set_page_config(page_title=WORDS("common.title"), page_icon="📉", layout="wide")
page = st.navigation([place(name, WORDS) for name in PAGES], position="hidden")
frame.header(page.url_path or PAGES[0])
glossary(WORDS)
troubles = st.empty()
try:
    failure.draw_page(page.run, WORDS)
finally:
    link.settle()
    frame.tell_troubles(troubles, WORDS)  # whose trouble the page itself may have met
