"""A visitor without a browser: asks for pages as one does, and follows their charts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

CHART = "live_chart"
OPEN_SECONDS = 60.0  # that a busy server may take to let somebody in


@dataclass(frozen=True)
class Page:
    """What came of asking for a page: its chart's job, and how long its script took, in seconds."""

    job: str
    seconds: float


@dataclass(frozen=True)
class Wait:
    """When a chart had its first point and its last word, on the clock of `monotonic`."""

    asked: float
    first: float
    done: float
    points: int


class Visitor:
    """One session, as Streamlit calls it, which asks for one page after another."""

    def __init__(self, url: str, socket: ClientConnection) -> None:
        self.url, self._socket = url, socket

    async def ask(self, page: str, query: str) -> Page:
        """Have the script of a page run by the server, to its end."""
        begun, job = monotonic(), ""
        wish = BackMsg()
        wish.rerun_script.query_string, wish.rerun_script.page_name = query, page
        await self._socket.send(wish.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            if message.WhichOneof("type") == "script_finished":
                return Page(job, monotonic() - begun)
            job = job_of(message) or job

    async def follow(self, job: str, asked: float) -> Wait:
        """Watch a job over the live socket until it is done."""
        first, points = 0.0, 0
        async with connect(f"{at(self.url)}/live", origin=self.url, max_size=None) as line:
            await line.send(json.dumps({"watch": job, "since": 0, "language": "en"}))
            async for message in line:
                if isinstance(message, bytes):
                    first, points = first or monotonic(), points + 1
                    continue
                if json.loads(message).get("state") in ("done", "unknown"):
                    break
        return Wait(asked, first or monotonic(), monotonic(), points)


@asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    """A new visitor, who leaves at the end."""
    async with connect(
        f"{at(url)}/_stcore/stream",
        origin=url,
        subprotocols=["streamlit"],
        max_size=None,
        open_timeout=OPEN_SECONDS,
    ) as socket:
        yield Visitor(url, socket)


def at(url: str) -> str:
    """Where the sockets of a server are."""
    return url.replace("http", "ws", 1)


def job_of(message: ForwardMsg) -> str:
    """The job of a page's chart, if that is what a message brings."""
    element = message.delta.new_element
    if element.WhichOneof("type") != "bidi_component":
        return ""
    component = element.bidi_component
    if component.component_name != CHART:
        return ""
    [data] = json.loads(component.json)
    return str(data["job"] or "")
