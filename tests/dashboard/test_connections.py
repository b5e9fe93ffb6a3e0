"""What the server writes leaves it at once."""

from __future__ import annotations

import os
import socket

from dashboard.connections import OPEN_FILES, send_at_once


def listening() -> socket.socket:
    """A socket as Streamlit opens it: no protocol is named."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()
    return one


def sends_at_once(one: socket.socket) -> bool:
    return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_whoever_connects_afterwards_is_sent_everything_at_once():
    with listening() as server:
        send_at_once()
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert sends_at_once(accepted)


def test_other_sockets_are_left_as_they_are():
    one, other = socket.socketpair()
    with one, other, socket.socket() as silent, socket.socket(type=socket.SOCK_DGRAM):
        send_at_once()
        assert not sends_at_once(silent)


def test_nothing_stays_open():
    with listening():
        before = len(os.listdir(OPEN_FILES))
        send_at_once()
        assert len(os.listdir(OPEN_FILES)) == before
