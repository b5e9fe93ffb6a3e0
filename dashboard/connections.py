"""Connections that send at once what there is to send.

Streamlit opens its socket without naming the protocol, and asyncio turns Nagle's algorithm off only
where TCP is named. With it on, what is written second, such as the body of an answer behind its
head, waits until the browser has confirmed the first: 40 ms for each file.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

OPEN_FILES = Path("/dev/fd")  # of this process, where the system is Linux or macOS


def send_at_once() -> None:
    """Turn Nagle's algorithm off for all who will connect to this process."""
    for one in sockets():
        with closing(one):
            if is_listening(one):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def sockets() -> Iterator[socket.socket]:
    """The sockets of this process, each by a descriptor of its own that the caller closes."""
    for path in OPEN_FILES.iterdir() if OPEN_FILES.is_dir() else ():
        with suppress(OSError):  # closed since it was listed
            if stat.S_ISSOCK(os.fstat(int(path.name)).st_mode):
                yield socket.socket(fileno=os.dup(int(path.name)))


def is_listening(one: socket.socket) -> bool:
    """Whether it waits for TCP connections, which on these systems take over its options."""
    tcp = one.family in {socket.AF_INET, socket.AF_INET6} and one.type == socket.SOCK_STREAM
    return tcp and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
