"""What a page may load and run: `Content-Security-Policy` and the headers beside it.

https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from html.parser import HTMLParser

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VARIABLE = "LEARNING_RATE_LAB_FRAME_ANCESTORS"
SELF = "'self'"
ORIGIN = re.compile(r"'self'|'none'|\*|(?:https?://)?(?:\*\.)?[\w.-]+(?::(?:\d+|\*))?", re.ASCII)
HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)  # what a policy may hold of a Host header
ELSEWHERE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}

# Everything is of this server; what else is allowed has its reason here.
SOURCES = {
    "default-src": [SELF],
    "script-src": [
        SELF,
        # A component's loader: Streamlit makes a module of its text and imports that.
        "blob:",
        # Streamlit reads numbers of 64 bits by a little WebAssembly; no text is evaluated.
        "'wasm-unsafe-eval'",
        # And, by their hashes, the scripts that stand in the document and in the line on top.
    ],
    # Streamlit (Emotion) and Plotly write their styles as they go, in elements and in attributes.
    "style-src": [SELF, "'unsafe-inline'"],
    # The mark on top and small drawings are part of the text; a picture that is saved is drawn
    # from the chart's own text.
    "img-src": [SELF, "data:", "blob:"],
    # One font is part of Streamlit's own scripts.
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],  # and the sockets of this host, which not every browser counts as it
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": [SELF],
}


def ancestors_of(environment: Mapping[str, str]) -> str:
    """Whose pages may hold ours in a frame. Raises `ValueError`.

    >>> ancestors_of({}), ancestors_of({VARIABLE: "https://lms.example, *.school.example"})
    ("'self'", "'self' https://lms.example *.school.example")
    """
    given = environment.get(VARIABLE, "").replace(",", " ").split()
    if wrong := [one for one in given if not ORIGIN.fullmatch(one)]:
        raise ValueError(f"{VARIABLE}: must be origins such as https://lms.example, got {wrong}.")
    return given[0] if given == ["'none'"] else " ".join(dict.fromkeys([SELF, *given]))


class InlineScripts(HTMLParser):
    """The scripts that stand in a document, as they stand there."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and "src" not in dict(attrs)
        if self.inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data


def hashed(script: str) -> str:
    """A script as a source.

    >>> hashed("alert('Hello, world.');")  # the example of CSP level 2, 7.20
    "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


class Policy:
    """Middleware that says so with each answer; `documents()` are texts whose scripts may run."""

    def __init__(
        self, app: ASGIApp, documents: Callable[[], Iterable[str]], ancestors: str = SELF
    ) -> None:
        self.app, self.documents, self.ancestors = app, documents, ancestors

    @cached_property
    def scripts(self) -> list[str]:
        found = (one for text in self.documents() for one in InlineScripts(text).found)
        return list(dict.fromkeys(map(hashed, found)))

    def of_page(self, host: str) -> str:
        sockets = [f"ws://{host}", f"wss://{host}"] if HOST.fullmatch(host) else []
        more = {"script-src": self.scripts, "connect-src": sockets}
        said = [" ".join([name, *of, *more.get(name, [])]) for name, of in SOURCES.items()]
        return "; ".join([*said, f"frame-ancestors {self.ancestors}"])

    def of_file(self) -> str:
        """What is no page loads and runs nothing."""
        return f"default-src 'none'; frame-ancestors {self.ancestors}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                host = Headers(scope=scope).get("host", "")
                headers["Content-Security-Policy"] = (
                    self.of_page(host) if is_page else self.of_file()
                )
                for name, value in ELSEWHERE.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, send_with_policy)
