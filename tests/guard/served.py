"""A server of a few routes behind the guard, and clients that behave badly."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

import uvicorn
from starlette.types import ASGIApp

from tests.dashboard.served import PATIENCE, Announcing, Got

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)
LOOK_SECONDS = 0.02
TEXT, CONTINUED, LAST = 0x01, 0x00, 0x80  # the first byte of a frame
MASKED = 0x80
LENGTH_IN_8_BYTES = 127


@dataclass
class Served:
    port: int
    server: Announcing

    def get(self, path: str, method: str = "GET", **headers: str) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        got = Got(answer.status, found, answer.read().decode("utf-8", "replace"))
        connection.close()
        return got

    def socket(self, path: str) -> str:
        """The address of a socket."""
        return f"ws://127.0.0.1:{self.port}{path}"

    def under_way(self) -> int:
        """Bytes that wait for readers."""
        transports = [one.transport for one in list(self.server.server_state.connections)]
        return sum(transport.get_write_buffer_size() for transport in transports)

    def connections(self) -> int:
        return len(self.server.server_state.connections)

    def wait(self, until: Callable[[], bool]) -> None:
        """Until something is so."""
        begun, pause = monotonic(), Event()
        while not until():
            pause.wait(LOOK_SECONDS)
            assert monotonic() - begun < PATIENCE


@contextmanager
def served(app: ASGIApp) -> Iterator[Served]:
    config = uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio")
    server = Announcing(config)
    thread = Thread(target=server.run)
    thread.start()
    assert server.ready.wait(PATIENCE)
    try:
        yield Served(server.servers[0].sockets[0].getsockname()[1], server)
    finally:
        server.should_exit = True
        thread.join()


class Plain:
    """A connection that sends what it likes, and reads when it is told to."""

    def __init__(self, port: int) -> None:
        self.line = socket.socket()
        self.line.settimeout(PATIENCE)
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)  # reads little beforehand
        self.line.connect(("127.0.0.1", port))

    def __enter__(self) -> Plain:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def say(self, data: bytes | str) -> None:
        self.line.sendall(data.encode() if isinstance(data, str) else data)

    def open(self, path: str, host: str = "127.0.0.1") -> bytes:
        """Ask for a socket; what the server says to it."""
        self.say(HANDSHAKE.format(path=path, host=host))
        return self.hear_to(b"\r\n\r\n")

    def begin_frame(self, length: int, first: int = LAST | TEXT) -> None:
        """The head of a frame, of which nothing follows."""
        head = struct.pack("!BBQ", first, MASKED | LENGTH_IN_8_BYTES, length)
        self.say(head + bytes(4))  # and a mask that changes nothing

    def hear_to(self, end: bytes) -> bytes:
        heard = b""
        while not heard.endswith(end) and (byte := self.line.recv(1)):
            heard += byte
        return heard

    def hear_close(self) -> tuple[int, str]:
        """The code and the reason of a socket that is closed now."""
        first, length = self.line.recv(1), self.line.recv(1)[0]
        assert first == bytes([LAST | 0x08])
        body = self.line.recv(length)
        return struct.unpack("!H", body[:2])[0], body[2:].decode()
