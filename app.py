"""Learning Rate Lab as a web application: `streamlit run app.py`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import AsyncIterator

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.server_util import get_cookie_secret

from dashboard.components.file_link import files_route
from dashboard.components.live.address import base_path
from dashboard.components.live.assets import asset_routes
from dashboard.connections import send_at_once
from dashboard.document import document, document_route, gzip_document
from dashboard.guard.bounds import Bounds
from dashboard.guard.connection import have_files
from dashboard.guard.hosts import Hosts, hosts_of
from dashboard.guard.passcode import VARIABLE as PASSCODE
from dashboard.guard.passcode import Passcode
from dashboard.guard.policy import Policy, ancestors_of
from dashboard.late import AfterLoading, laboratory_open, late_routes
from dashboard.page_script import page_scripts
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
    have_files()
    send_at_once()
    gzip_document()  # the first document, before anybody asks for it
    with laboratory_open():
        yield


def passcode(word: str) -> list[Middleware]:
    """What asks for it, where there is one."""
    if not word.strip():
        return []
    return [Middleware(Passcode, word, get_cookie_secret, base_path())]


def texts_with_scripts() -> list[str]:
    """All texts of a page whose scripts may run."""
    return [document(), *page_scripts()]


app = st.App(
    "dashboard/main.py",
    lifespan=lifespan,
    routes=[*asset_routes(base_path()), *late_routes(), files_route(), document_route()],
    middleware=[
        Middleware(Policy, texts_with_scripts, ancestors_of(os.environ)),
        Middleware(Hosts, hosts_of(os.environ)),
        Middleware(Bounds, base_path()),
        *passcode(os.environ.get(PASSCODE, "")),
        Middleware(StreamlitFiles),
        Middleware(AfterLoading),
    ],
)
