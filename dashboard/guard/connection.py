"""What lies below a request in uvicorn: a limit of its own for each socket, and an end at once.

ASGI has neither. A socket's `receive` is a method of its protocol, a request's of its cycle; both
have the transport, a protocol also the parser of `websockets`. Where another server is below, a
limit is kept one message later, and whoever does not read is left to that server.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from typing import Any

from starlette.types import Message, Receive, Send

from dashboard.guard.limits import FILES, PIECE_BYTES


class Connection:
    """One request's or socket's, by its `receive`."""

    def __init__(self, receive: Receive) -> None:
        below = getattr(receive, "__self__", None)
        self.transport: Any = getattr(below, "transport", None)
        self.parser: Any = getattr(below, "conn", None)

    def limit(self, message_bytes: int) -> None:
        """Refuse longer messages by their first bytes."""
        if self.parser is not None:
            self.parser.max_message_size = message_bytes

    def cut(self) -> None:
        """End it, and forget what was to be sent."""
        if self.transport is not None:
            self.transport.abort()


class Sending:
    """`send` to a reader who must take each piece within a time, else the connection is cut."""

    def __init__(self, send: Send, connection: Connection, seconds: float) -> None:
        self.send, self.connection, self.seconds = send, connection, seconds
        self.idle = asyncio.Event()  # nothing waits for the reader
        self.idle.set()

    async def __call__(self, message: Message) -> None:
        self.idle.clear()
        try:
            async with asyncio.timeout(self.seconds):
                await self.send(message)
        except TimeoutError:
            self.connection.cut()
            await asyncio.sleep(0)  # in which the server hears of it
            raise ConnectionAbortedError("Sending: the reader takes nothing.") from None
        finally:
            self.idle.set()


def in_pieces(send: Send, size: int = PIECE_BYTES) -> Send:
    """`send` that has only a piece of an answer under way, however long the answer is."""

    async def send_pieces(message: Message) -> None:
        body = memoryview(message.get("body", b""))
        if message["type"] != "http.response.body" or len(body) <= size:
            await send(message)
            return
        for start in range(0, len(body), size):
            goes_on = start + size < len(body) or message.get("more_body", False)
            piece = bytes(body[start : start + size])
            await send({**message, "body": piece, "more_body": goes_on})

    return send_pieces


def in_time(receive: Receive, sending: Sending, wait: Callable[[], float]) -> Receive:
    """`receive` of a socket: so many messages as may be, and none while its reader takes nothing.

    The other end then waits as well: uvicorn reads no further before a message has been taken.
    """

    async def receive_in_time() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            if seconds := wait():
                await asyncio.sleep(seconds)
            await sending.idle.wait()
        return message

    return receive_in_time


def have_files() -> None:
    """Let the process have as many connections as there are places; many systems begin at 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
