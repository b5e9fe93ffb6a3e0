"""Files to take home, each behind a plain link.

A button of Streamlit's gets a new address for its file at every run of the page, and what it had
before ends with the next run of anybody's: a click in between came to nothing. A file here keeps
one address for as long as its visitor's session lasts, and is made when it is fetched.
"""

from __future__ import annotations

import html
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.components.live.address import base_path

WHERE = "files"  # relative to the page, like the addresses of the assets
GONE = "This page was closed, and its files went with it: open its link again.\n"


@dataclass(frozen=True)
class File:
    """What a visitor can take home; `content` is called whenever somebody fetches it."""

    token: str  # unguessable, and the same for each place on a visitor's page
    name: str
    mime: str
    content: Callable[[], str]

    @property
    def address(self) -> str:
        return f"{WHERE}/{self.token}/{quote(self.name)}"


# Held by their visitors' sessions, with which they go.
FILES: WeakValueDictionary[str, File] = WeakValueDictionary()


def file_link(
    label: str,
    content: Callable[[], str],
    *,
    name: str,
    mime: str,
    key: str,
    help: str = "",
    width: Literal["content", "stretch"] = "content",
) -> None:
    """A link that looks like a button and gives a file."""
    file = keep(name, mime, content, key)
    told = f' title="{html.escape(help)}"' if help else ""
    st.html(
        f'<a class="file-link" href="{file.address}" download="{html.escape(name)}"{told}>'
        f"{html.escape(label)}</a>",
        width=width,
    )


def keep(name: str, mime: str, content: Callable[[], str], key: str) -> File:
    """The file of that place of this session, at the address that it had before."""
    held = st.session_state.get(f"file-{key}")
    file = File(held.token if held else uuid.uuid4().hex, name, mime, content)
    FILES[file.token] = file
    st.session_state[f"file-{key}"] = file
    return file


def files_route() -> Route:
    """Where they are fetched, below the path of the whole app."""
    return Route(f"{base_path()}/{WHERE}/{{token}}/{{name}}", serve, methods=["GET"])


async def serve(request: Request) -> Response:
    file = FILES.get(request.path_params["token"])
    if file is None:
        return PlainTextResponse(GONE, 404)
    content = await run_in_threadpool(file.content)
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(file.name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, media_type=file.mime)
