"""What the server can do without to be there: it is loaded while a browser fetches its first page.

That takes some 0.4 s of processor time, NumPy and all of `core` among it.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.components.live.address import SOCKET, base_path
from dashboard.navigation import PAGES
from dashboard.text import LANGUAGES, Words

log = logging.getLogger(__name__)

# The addresses that `answering.py` answers at.
NUMBERS = tuple(f"{page}.{form}" for page in PAGES for form in ("json", "csv"))
LATE = ("points", "health", "metrics", *NUMBERS)
LOADED = threading.Event()  # what a page takes is there, or nothing is being loaded
LOADED.set()


class AfterLoading:
    """Middleware by which no socket is opened, and so no script runs, while pages are being loaded.

    Two threads that load the same packages can be in each other's way, which Python ends by an
    error in one of them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await until_loaded()
        await self._app(scope, receive, send)


async def until_loaded() -> None:
    if not LOADED.is_set():
        await run_in_threadpool(LOADED.wait)


class Late:
    """Passes on what it is asked, once there is who answers."""

    def __init__(self) -> None:
        self._router: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await until_loaded()
        if self._router is None:
            self._router = await run_in_threadpool(load_router)
        await self._router(scope, receive, send)


def late_routes() -> list[BaseRoute]:
    """Routes to all of them, below the path of the whole app."""
    base, late = base_path(), Late()
    pages = [Route(f"{base}/{name}", late) for name in LATE]
    return [WebSocketRoute(f"{base}/{SOCKET}", late), *pages]


def load_router() -> ASGIApp:
    from dashboard.answering import ROUTER

    return ROUTER


@contextmanager
def laboratory_open() -> Iterator[None]:
    """The laboratory is opened in a thread of its own, and closed at the end."""
    LOADED.clear()
    opening = threading.Thread(target=open_or_end, name="opening", daemon=True)
    opening.start()
    try:
        yield
    finally:
        opening.join()
        close()


def close() -> None:
    from dashboard import laboratory

    laboratory.close()


def open_or_end() -> None:
    """A server that cannot open its laboratory, as where a variable is wrong, says so and ends."""
    try:
        load()
    except Exception:
        log.exception("The laboratory could not be opened.")
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        LOADED.set()


def load() -> None:
    """Load what the first visitor's page takes, then start the workers, then what its job takes.

    In this order: workers would take a processor from both the page and the browser.
    """
    load_router()
    load_pages()
    load_for_streamlit()
    LOADED.set()
    from core.service.version import version_of
    from dashboard.laboratory import laboratory

    laboratory()
    version_of()  # reads all of the engine
    import dashboard.numbers.answer  # noqa: F401

    gc.freeze()  # what is loaded by now stays; later collections need not look at it


def load_pages() -> None:
    for module in ("frame", *(f"pages.{page}" for page in PAGES)):
        importlib.import_module(f"dashboard.{module}")
    for language in LANGUAGES:
        Words(language)


def load_for_streamlit() -> None:
    """What Streamlit would do in the first run of a script, 40 % of whose time it would be."""
    importlib.import_module("streamlit.emojis")  # a pattern of thousands, for the page's icon
    inspect.stack()  # is this a shell? Python notes of every module where it lies
