"""The health check of the container, against a server of a few lines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dashboard.health import healthy


@contextmanager
def served(answers: dict[str, int]) -> Iterator[str]:
    """The port of a server that answers some paths with a status, and any other with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(answers.get(self.path, 404))
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield str(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("answers", "base", "expected"),
    [
        ({"/_stcore/health": 200}, "", True),
        ({"/lab/_stcore/health": 200}, "/lab/", True),
        ({"/_stcore/health": 200}, "lab", False),
        ({"/_stcore/health": 503}, "", False),
    ],
)
def test_a_server_is_healthy_when_it_says_so_at_its_own_port_and_path(answers, base, expected):
    with served(answers) as port:
        environment = {"STREAMLIT_SERVER_PORT": port, "STREAMLIT_SERVER_BASE_URL_PATH": base}
        assert healthy(environment) is expected


def test_where_nothing_listens_nothing_is_healthy():
    with served({}) as port:
        pass
    assert not healthy({"STREAMLIT_SERVER_PORT": port})
