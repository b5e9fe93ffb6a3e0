"""Streamlit's own files, answered ahead of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from streamlit import file_util

from dashboard.streamlit_files import StreamlitFiles, files

PASSED_ON = b"Streamlit answers."
SCRIPT = next(address for address in files() if address.endswith(".js"))


def asked(address: str, method: str = "GET", **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of the answer."""
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": address, "headers": given}
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    answer = StreamlitFiles(PlainTextResponse(PASSED_ON))(scope, receive, send)
    with ThreadPoolExecutor(1) as alone:  # a browser's loop may run in this one
        alone.submit(asyncio.run, answer).result()
    start, *parts = told
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return found, b"".join(part["body"] for part in parts)


@pytest.mark.parametrize(
    ("kind", "type"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".woff2", "font/woff2"),
    ],
)
def test_a_file_comes_as_it_is_and_is_kept_for_good(kind: str, type: str) -> None:
    address = next(one for one in files() if one.endswith(kind))
    headers, body = asked(address)
    assert body == Path(file_util.get_static_dir(), address[1:]).read_bytes()
    assert headers["content-type"] == type
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize(
    "address", ["/", "/static/js/", "/static/js/none.js", "/static/js/../index.html", "/app.py"]
)
def test_what_is_no_such_file_is_left_to_streamlit(address: str) -> None:
    assert asked(address)[1] == PASSED_ON


@pytest.mark.parametrize("header", ["range", "if_none_match", "if_modified_since"])
def test_a_request_with_conditions_is_left_to_streamlit(header: str) -> None:
    assert asked(SCRIPT, **{header: "x"})[1] == PASSED_ON
    assert asked(SCRIPT, method="HEAD")[1] == PASSED_ON
