"""What is refused is told in a sentence, in the language that a browser asks for."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from dashboard.text import Words, preferred_language

REFUSED = 1008  # the WebSocket code for what breaks the rules (RFC 6455, 7.4.1)


@dataclass(frozen=True)
class Refusal:
    """A status, a key of `dashboard.text` in the section "guard", and what varies in its words."""

    status: int
    why: str
    values: dict[str, object] = field(default_factory=dict)
    wait: float = 0.0  # seconds, after which it may go

    async def send(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or whoever wants to open a socket, which stays closed."""
        words = Words(language_of(scope))
        headers = {"Retry-After": str(math.ceil(self.wait))} if self.wait else {}
        headers["Cache-Control"] = "no-store"
        sentence = words(f"guard.{self.why}", **self.values) + "\n"
        answer = PlainTextResponse(sentence, self.status, headers)
        if scope["type"] == "http":
            await answer(scope, receive, send)
        elif "websocket.http.response" in scope.get("extensions", {}):
            await receive()  # its wish to connect
            await answer(scope, receive, send)
            await receive()  # its end, of which uvicorn has to hear as well before we leave
            await asyncio.sleep(0)
        else:
            await receive()
            await send({"type": "websocket.close", "code": REFUSED, "reason": sentence})


def language_of(scope: Scope) -> str:
    """The language that a browser asks for first."""
    asked = Headers(scope=scope).get("accept-language", "")
    return preferred_language(asked.split(",")[0].split(";")[0].strip())
