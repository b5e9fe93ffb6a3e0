"""Learning Rate Lab as a web application: `streamlit run app.py`."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.server_util import get_cookie_secret

from core.experiment.data import Split
from core.service.version import version_of
from dashboard import laboratory
from dashboard.components.live.routes import base_path, routes
from dashboard.document import document, document_route, gzip_document
from dashboard.frame import page_scripts
from dashboard.guard.bounds import Bounds
from dashboard.guard.connection import have_files
from dashboard.guard.hosts import Hosts, hosts_of
from dashboard.guard.passcode import VARIABLE as PASSCODE
from dashboard.guard.passcode import Passcode
from dashboard.guard.policy import Policy, ancestors_of
from dashboard.lines.agreement import agreement_summary
from dashboard.lines.figures import data_figure
from dashboard.lines.summary import summarise
from dashboard.navigation import PAGES
from dashboard.numbers.routes import numbers_routes
from dashboard.operating import operating_routes
from dashboard.streamlit_files import StreamlitFiles
from dashboard.text import Words

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
    laboratory.laboratory()
    gzip_document()  # the first document, before anybody asks for it
    threading.Thread(target=load_pages, name="pages", daemon=True).start()
    try:
        yield
    finally:
        laboratory.close()


def load_pages() -> None:
    """Load beforehand what the first visitor's page takes, while the browser loads its own part."""
    version_of()  # reads all of the engine: the first job asks for it
    for name in (*(f"pages.{page}" for page in PAGES), "numbers.answer"):
        importlib.import_module(f"dashboard.{name}")
    gc.freeze()  # what is loaded by now stays; later collections need not look at it


def summarised(job: str, language: str, against: str | None) -> dict[str, Any]:
    lab = laboratory.laboratory()
    if against is not None:
        return agreement_summary(lab, job, against, Words(language))
    return summarise(lab, job, language)


def drawn(rows: Split, language: str) -> dict[str, Any]:
    return data_figure(rows, Words(language))


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
    routes=[
        *routes(laboratory.laboratory, summarised, drawn),
        *numbers_routes(laboratory.laboratory),
        *operating_routes(laboratory.laboratory),
        document_route(),
    ],
    middleware=[
        Middleware(Policy, texts_with_scripts, ancestors_of(os.environ)),
        Middleware(Hosts, hosts_of(os.environ)),
        Middleware(Bounds, base_path()),
        *passcode(os.environ.get(PASSCODE, "")),
        Middleware(StreamlitFiles),
    ],
)
