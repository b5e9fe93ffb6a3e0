"""The pages of the laboratory: set-up and navigation."""

from __future__ import annotations

import streamlit as st

from dashboard import frame
from dashboard.pages import explore
from dashboard.visit import words

WORDS = words()

st.set_page_config(page_title=WORDS("common.title"), page_icon="📉", layout="wide")
page = st.navigation(
    [st.Page(explore.page, title=WORDS("explore.nav"), url_path="explore", default=True)],
    position="top",
)
frame.header()
page.run()
