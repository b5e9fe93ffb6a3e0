"""Keeps every request and socket within the limits of its kind (limits.py)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.guard.allowance import Allowance, Allowances, Places, address_of
from dashboard.guard.connection import Connection, Sending, in_pieces, in_time
from dashboard.guard.limits import (
    BODY_BYTES_MAX,
    HEADERS_BYTES_MAX,
    KINDS,
    SEND_SECONDS_MAX,
    SOCKETS,
    URL_BYTES_MAX,
    Kind,
    SocketKind,
    kind_of,
)
from dashboard.guard.refusal import Refusal


class Taken:
    """What all addresses have of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.requests = Allowances(kind.rate)
        self.places = Places(kind.at_once, kind.in_all)


class Bounds:
    """Middleware that refuses what is beyond a limit, and passes on what is not."""

    def __init__(
        self,
        app: ASGIApp,
        base: str = "",
        kinds: Sequence[Kind] = (*SOCKETS, *KINDS),
        send_seconds: float = SEND_SECONDS_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.base = app, base  # the path that the whole application lives under
        self.send_seconds, self.clock = send_seconds, clock
        self.kinds = {kind.name: kind for kind in kinds}
        self.taken = {kind.name: Taken(kind) for kind in kinds}
        sockets = (kind for kind in kinds if isinstance(kind, SocketKind))
        self.messages = {kind.name: Allowances(kind.messages_of_all) for kind in sockets}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        name = kind_of(scope["path"], scope["type"] == "websocket", self.base)
        if not name:  # no such socket; Streamlit says so
            await self.app(scope, receive, send)
            return
        kind = self.kinds[name]
        if refusal := beyond(scope, kind) or self.too_often(scope, kind):
            await refusal.send(scope, receive, send)
            return
        await self.have_a_place(kind, scope, receive, send)

    def too_often(self, scope: Scope, kind: Kind) -> Refusal | None:
        now = self.clock()
        wait = self.taken[kind.name].requests.of(address_of(scope["client"]), now).take(now)
        if not wait:
            return None
        return Refusal(429, "too_often", {"seconds": max(1, round(wait))}, wait)

    async def have_a_place(self, kind: Kind, scope: Scope, receive: Receive, send: Send) -> None:
        address, places = address_of(scope["client"]), self.taken[kind.name].places
        if reached := places.take(address):
            status = 429 if reached == "of_address" else 503
            await Refusal(status, reached, wait=60).send(scope, receive, send)
            return
        try:
            if isinstance(kind, SocketKind):
                await self.socket(kind, scope, receive, send)
            else:
                sending = Sending(send, Connection(receive), self.send_seconds)
                await self.app(scope, receive, in_pieces(sending))
        except ConnectionAbortedError:
            pass  # cut; nobody is there to be told
        finally:
            places.give_back(address)

    async def socket(self, kind: SocketKind, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(receive)
        connection.limit(kind.message_bytes)
        sending = Sending(send, connection, self.send_seconds)
        own = Allowance(kind.messages, self.clock())

        def wait() -> float:
            """Seconds until the next message may be taken; it is counted."""
            now = self.clock()
            of = (own, self.messages[kind.name].of(address_of(scope["client"]), now))
            seconds = max(allowance.wait(now) for allowance in of)
            for allowance in of:
                allowance.spend(now)
            return seconds

        await self.app(scope, in_time(receive, sending, wait), sending)


def beyond(scope: Scope, kind: Kind) -> Refusal | None:
    """What of a request is longer than it may be, or is no request of this kind."""
    url = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
    if url > URL_BYTES_MAX:
        return Refusal(414, "long_url", {"most": URL_BYTES_MAX})
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_BYTES_MAX:
        return Refusal(431, "long_headers", {"most": HEADERS_BYTES_MAX})
    if scope["type"] == "websocket":
        return None
    method, headers = scope["method"], Headers(scope=scope)
    if method not in kind.methods:
        return Refusal(405, "method", {"method": method if method.isalpha() else "?"})
    most = BODY_BYTES_MAX if method == "POST" else 0
    if "transfer-encoding" in headers or not is_at_most(headers.get("content-length", "0"), most):
        return Refusal(413, "long_body", {"most": most})
    return None


def is_at_most(length: str, most: int) -> bool:
    return length.isdecimal() and len(length) < 20 and int(length) <= most
