"""The sliders in an app of their own."""

import streamlit as st

from dashboard.components.live.assets import asset_routes

app = st.App("sliders_page.py", routes=asset_routes())
