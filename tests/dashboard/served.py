"""The routes of numbers and files, and those for who runs the server, over a laboratory."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette

from core.service import Laboratory
from dashboard.components.file_link import files_route
from dashboard.numbers.routes import numbers_routes
from dashboard.operating import operating_routes

PATIENCE = 60  # seconds


class Got(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Numbers:
    """Asks for the numbers of a page, by the parameters of its link."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, method: str = "GET", /, **query: Any) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, f"/{path}?{urlencode(query, doseq=True)}")
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        got = Got(answer.status, headers, answer.read().decode())
        connection.close()
        return got


class Announcing(uvicorn.Server):
    """Says when it can be asked."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def served(laboratory: Laboratory) -> Iterator[Numbers]:
    routes = [
        *numbers_routes(lambda: laboratory),
        *operating_routes(lambda: laboratory),
        files_route(),
    ]
    app = Starlette(routes=routes)
    server = Announcing(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
    thread = Thread(target=server.run)
    thread.start()
    assert server.ready.wait(PATIENCE)
    try:
        yield Numbers(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
