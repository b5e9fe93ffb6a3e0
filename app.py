"""Learning Rate Lab as a web application: `streamlit run app.py`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from dashboard.components.live.address import base_path
from dashboard.components.live.assets import asset_routes
from dashboard.connections import send_at_once
from dashboard.document import document_route, gzip_document
from dashboard.late import AfterLoading, laboratory_open, late_routes
from dashboard.streamlit_files import StreamlitFiles

# `dashboard/pages` holds modules. Streamlit would run them as scripts of their own, for the first
# visitor who comes by a page's address, until `st.navigation` has been called once.
PagesManager.uses_pages_directory = False


# From one thread to the next. A request for a file takes some ten turns: with Python's own 5 ms the
# scripts of a first page took a second longer to come while its modules were being loaded.
SWITCH_SECONDS = 0.0005


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The workers start with the server and end with it."""
    sys.setswitchinterval(SWITCH_SECONDS)
    send_at_once()
    gzip_document()  # the first document, before anybody asks for it
    with laboratory_open():
        yield


app = st.App(
    "dashboard/main.py",
    lifespan=lifespan,
    routes=[*asset_routes(base_path()), *late_routes(), document_route()],
    middleware=[Middleware(StreamlitFiles), Middleware(AfterLoading)],
)
