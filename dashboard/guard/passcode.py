"""A passcode for a class: who does not know it sees a page that asks for it, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import math
import time
import unicodedata
from collections.abc import Callable
from urllib.parse import parse_qs, quote

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.guard.allowance import Allowance, Allowances, address_of
from dashboard.guard.limits import BODY_BYTES_MAX, TRIES, TRIES_OF_ALL, Rate, kind_of
from dashboard.guard.passcode_page import passcode_page
from dashboard.guard.refusal import Refusal

VARIABLE = "LEARNING_RATE_LAB_PASSCODE"
COOKIE = "learning_rate_lab_entry"
KEPT_SECONDS = 12 * 60 * 60  # a day of lessons
FIELD = "passcode"
OPEN = "health"  # the kind of request that tells no more than whether the server works


class Passcode:
    """Middleware that lets in whoever has a cookie signed with `secret()`, and gives it for it."""

    def __init__(
        self,
        app: ASGIApp,
        passcode: str,
        secret: Callable[[], str],
        base: str = "",
        tries: Rate = TRIES,
        tries_of_all: Rate = TRIES_OF_ALL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.app, self.base, self.secret, self.clock = app, base, secret, clock
        self.passcode = plain(passcode)
        self.of_address, self.of_all = Allowances(tries), Allowance(tries_of_all, clock())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_http = scope["type"] == "http"
        kind = kind_of(scope["path"], False, self.base) if is_http else ""
        if kind == "page" and scope["method"] == "POST":
            answer = await self.enter(scope, receive)
            await answer(scope, receive, send)
        elif scope["type"] == "lifespan" or kind == OPEN or self.is_in(scope):
            await self.app(scope, receive, send)
        elif kind == "page":
            await HTMLResponse(passcode_page(scope), 401, NOT_KEPT)(scope, receive, send)
        elif is_http and (page := page_meant(scope["path"], self.base)):
            await sent_on(scope, page)(scope, receive, send)
        else:
            await Refusal(401, "passcode").send(scope, receive, send)

    async def enter(self, scope: Scope, receive: Receive) -> Response:
        """What the form was sent: the page that was asked for, with a cookie, or why not."""
        given = await field(receive)
        now = self.clock()
        allowances = (self.of_address.of(address_of(scope["client"]), now), self.of_all)
        if wait := max(one.wait(now) for one in allowances):
            seconds = math.ceil(wait)
            said = passcode_page(scope, "passcode_too_often", seconds=seconds)
            return HTMLResponse(said, 429, {**NOT_KEPT, "Retry-After": str(seconds)})
        if not same(plain(given), self.passcode):
            for one in allowances:
                one.spend(now)
            return HTMLResponse(passcode_page(scope, "passcode_wrong"), 401, NOT_KEPT)
        # Relative to the page, so that it leads nowhere else whatever the address says.
        answer = sent_on(scope, f"./{quote(name_of(scope['path']))}")
        answer.set_cookie(
            COOKIE,
            self.signed(int(now) + KEPT_SECONDS),
            max_age=KEPT_SECONDS,
            path=self.base or "/",
            secure=scope["scheme"] == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    def signed(self, until: int) -> str:
        """A time until which somebody is let in; worthless with another passcode or secret."""
        key = hashlib.sha256(f"{self.secret()}\n{self.passcode}".encode()).digest()
        return f"{until}.{hmac.new(key, str(until).encode(), hashlib.sha256).hexdigest()}"

    def is_in(self, scope: Scope) -> bool:
        until, _, _ = (cookie := HTTPConnection(scope).cookies.get(COOKIE, "")).partition(".")
        if not (until.isascii() and until.isdecimal() and len(until) < 20):
            return False
        return same(cookie, self.signed(int(until))) and self.clock() < int(until)


NOT_KEPT = {"Cache-Control": "no-store"}


def sent_on(scope: Scope, page: str) -> Response:
    """To a page, with what the link says."""
    query = scope["query_string"].decode("ascii", "replace")
    to = f"{page}{'?' if query else ''}{query}"
    return Response(status_code=303, headers={**NOT_KEPT, "Location": to})


def page_meant(path: str, base: str) -> str:
    """The page of an address with a slash too few or too many, as Streamlit takes it; "" for none.

    >>> page_meant("/lab", "/lab"), page_meant("/lab/studies/", "/lab"), page_meant("/a/b.js/", "")
    ('./lab/', '../studies', '')
    """
    if path == base:
        return f"./{quote(name_of(path))}/"
    is_page = path.endswith("/") and kind_of(path[:-1], False, base) == "page"
    return f"../{quote(name_of(path[:-1]))}" if is_page else ""


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def plain(passcode: str) -> str:
    """A passcode as it is compared: an input method may have written its digits wide (NFKC)."""
    return unicodedata.normalize("NFKC", passcode).strip()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(*(hashlib.sha256(text.encode()).digest() for text in (one, other)))


async def field(receive: Receive) -> str:
    """The passcode that a form holds; "" where there is none."""
    body, goes_on = b"", True
    while goes_on and len(body) <= BODY_BYTES_MAX:
        message = await receive()
        body += message.get("body", b"")
        goes_on = message.get("more_body", False)
    text = body[:BODY_BYTES_MAX].decode("ascii", "replace")
    return parse_qs(text, max_num_fields=10).get(FIELD, [""])[0] if text.count("&") < 10 else ""
