"""Streamlit's own scripts, styles and fonts, given at once and by no thread.

Streamlit looks for a file, opens it, and reads it piece by piece in threads, some ten turns a file;
and a first page asks for a hundred files while its modules are being loaded in another thread. Here
a file is read where the request is heard: from the system's memory that takes a tenth of a
millisecond. Whatever is unusual about a request is left to Streamlit.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util
from streamlit.web.server.starlette.starlette_server_config import (
    STATIC_ASSET_CACHE_MAX_AGE_SECONDS,
)

from dashboard.components.live.address import base_path

FOLDERS = ("js", "css", "media")  # below Streamlit's `static`; their files have a hash in the name
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
UNUSUAL = {b"range", b"if-none-match", b"if-modified-since"}  # headers
FOR_GOOD = f"public, immutable, max-age={STATIC_ASSET_CACHE_MAX_AGE_SECONDS}"


class StreamlitFiles:
    """Middleware that answers for these files, and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = asked_for(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        headers = {"Cache-Control": FOR_GOOD, "X-Content-Type-Options": "nosniff"}
        answer = Response(path.read_bytes(), headers=headers, media_type=TYPES[path.suffix])
        await answer(scope, receive, send)


def asked_for(scope: Scope) -> Path | None:
    """The file that a plain request asks for; None of any other request."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    if UNUSUAL & {name for name, _ in scope["headers"]}:
        return None
    return files().get(scope["path"])


@cache
def files() -> dict[str, Path]:
    """The files by their addresses: no other address can lead to one."""
    static = Path(file_util.get_static_dir()) / "static"
    return {
        f"{base_path()}/static/{folder}/{path.name}": path
        for folder in FOLDERS
        for path in sorted((static / folder).iterdir())
        if path.suffix in TYPES
    }
