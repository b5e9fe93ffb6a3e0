"""What each kind of request may take, in one table.

A class is a hundred visitors behind one address, so what one address may have fits them; the rest
is there for others. A page loads in about 180 requests for files, has one socket of Streamlit's and
one live socket for each chart.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from functools import cache
from typing import NamedTuple

URL_BYTES_MAX = 21_000  # a link of `LINK_CHARACTERS_MAX`, which is loaded later, and its address
HEADERS_BYTES_MAX = 32_000  # all of a request's; a browser's are about 1,000, and its cookies
BODY_BYTES_MAX = 4_000  # of the one form that there is
ADDRESSES_MAX = 10_000  # that are remembered, the latest; one takes about 500 bytes
SEND_SECONDS_MAX = 30.0  # that a reader may take for the next piece
FILES = 8_192  # that this process may have open: all places below, and what it reads
PIECE_BYTES = 64 * 1024  # of an answer; what is under way to one reader


class Rate(NamedTuple):
    """So much at once, and then so much in a second."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class Kind:
    """A kind of request: its paths, below the application's own, and what it may take."""

    name: str
    path: str  # a pattern
    rate: Rate  # of requests by one address
    at_once: int  # by one address
    in_all: int  # at once, by all
    methods: tuple[str, ...] = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class SocketKind(Kind):
    """A kind of socket: its requests are the openings, what comes over it are messages."""

    _: KW_ONLY
    message_bytes: int
    messages: Rate  # of one socket; more are slowed
    messages_of_all: Rate  # of all sockets of one address; more are slowed


SOCKETS = (
    # A message has a link of at most 20,000 characters and the state of the page's controls. It
    # runs the page's script, 40 ms of processor time or more, and all scripts share one core: five
    # that each ask ten times a second held up the whole server. A hundred visitors ask 14 times a
    # second; an arrow key that is held down on a slider asks 30 times, as long as it is held.
    SocketKind(
        "stream",
        "_stcore/stream",
        *(Rate(300, 10), 300, 600),
        message_bytes=256_000,
        messages=Rate(120, 8),
        messages_of_all=Rate(600, 20),
    ),
    SocketKind(
        "live",
        "live",
        *(Rate(1_500, 50), 1_200, 2_400),
        message_bytes=4_000,
        messages=Rate(200, 40),
        messages_of_all=Rate(4_000, 400),
    ),
)
KINDS = (
    Kind("numbers", r"[^/.]+\.(?:json|csv)", Rate(300, 20), 40, 80),
    Kind("points", "points", Rate(600, 30), 300, 600),  # may wait for a worker to start
    Kind("metrics", "metrics", Rate(60, 2), 4, 8),
    Kind("health", "health|_stcore/health", Rate(300, 20), 40, 80),
    Kind("media", "(?:media|files)/.*", Rate(600, 30), 200, 400),
    Kind("page", "[^/.]*", Rate(600, 30), 300, 600, ("GET", "HEAD", "OPTIONS", "POST")),
    Kind("file", ".*", Rate(40_000, 1_000), 800, 1_600),  # and whatever there is not
)


# Wrong passcodes. An address may be that of a class which mistypes.
TRIES = Rate(30, 0.2)  # of one address: 17,000 in a day
TRIES_OF_ALL = Rate(200, 1)

# What the live socket tells again from the beginning, piece by piece. A watch takes as much as its
# records, of which the largest job has 28 MB, and something for the sentence about them. In bytes.
REPLAY_BYTES = 32_000  # of a watch, beside its records
EVENT_BYTES = 100  # of an event, beside its records
REPLAYS = Rate(32_000_000, 1_000_000)  # of one socket; more are slowed
REPLAYS_OF_ALL = Rate(256_000_000, 32_000_000)  # of all sockets of one address; more are slowed


@cache
def patterns(sockets: bool, base: str) -> list[tuple[re.Pattern[str], Kind]]:
    kinds: tuple[Kind, ...] = SOCKETS if sockets else KINDS
    return [(re.compile(f"{re.escape(base)}/(?:{one.path})", re.DOTALL), one) for one in kinds]


def kind_of(path: str, is_socket: bool, base: str = "") -> str:
    """The kind of a request by its name; "" for a socket that there is not.

    >>> kind_of("/explore.json", False), kind_of("/lab/studies", False, "/lab")
    ('numbers', 'page')
    >>> kind_of("/somewhere", True)
    ''
    """
    found = (kind.name for pattern, kind in patterns(is_socket, base) if pattern.fullmatch(path))
    return next(found, "" if is_socket else KINDS[-1].name)
