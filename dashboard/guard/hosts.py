"""Which names this server answers to.

A page of somebody else's may let its own name lead to this machine (DNS rebinding); for a browser
it then is of the same origin. That needs a name: numeric addresses and localhost are always right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.guard.refusal import Refusal

VARIABLE = "LEARNING_RATE_LAB_HOSTS"
ALWAYS = ("localhost", ".localhost")
SHOWN_MAX = 100  # characters of a refused name


def hosts_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names that are allowed by the variable, such as "lab.example.org,.school.example".

    A name that begins with a dot is that of all below it.
    """
    given = environment.get(VARIABLE, "").split(",")
    return (*ALWAYS, *(name for one in given if (name := plain(one.strip()))))


def plain(name: str) -> str:
    return name.lower().rstrip(".")


def name_of(host: str) -> str | None:
    """The name in a `Host` header, without the port; None where it is none.

    >>> name_of("Lab.Example.org:8501"), name_of("[::1]:8501"), name_of("a@b")
    ('lab.example.org', '::1', None)
    """
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018, which raises where it is no number
    except ValueError:
        return None
    return plain(parts.hostname or "") or None if parts.netloc == host and "@" not in host else None


def is_allowed(name: str, hosts: Collection[str]) -> bool:
    """Whether a name is numeric or among these.

    >>> [is_allowed(name, (".example.org",)) for name in ("lab.example.org", "example.org", "::1")]
    [True, False, True]
    """
    try:
        ip_address(name)
    except ValueError:
        return any(name == one or (one[0] == "." and name.endswith(one)) for one in hosts)
    return True


class Hosts:
    """Middleware that answers to the right names only: pages, sockets and assets."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ALWAYS) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and (refusal := self.refusal(scope)):
            await refusal.send(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> Refusal | None:
        given = Headers(scope=scope).getlist("host")
        name = name_of(given[0]) if len(given) == 1 else None
        if name is None:
            return Refusal(400, "no_host")
        if is_allowed(name, self.hosts):
            return None
        return Refusal(403, "host", {"name": name[:SHOWN_MAX], "variable": VARIABLE})
