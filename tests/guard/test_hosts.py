"""Which names the server answers to."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from dashboard.guard.hosts import VARIABLE, Hosts, hosts_of
from tests.guard.served import Plain, served

ALLOWED = hosts_of({VARIABLE: "lab.example.org, .School.example,"})


async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@pytest.fixture(scope="module")
def server():
    routes = [Route("/{path:path}", lambda _: PlainTextResponse("in")), WebSocketRoute("/w", greet)]
    with served(Hosts(Starlette(routes=routes), ALLOWED)) as server:
        yield server


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1:8501", "192.0.2.7", "[::1]", "[2001:db8::1]:8501"),
        *("localhost:8501", "LOCALHOST", "lab.localhost", "localhost."),
        *("lab.example.org", "Lab.Example.org:443", "a.school.example", "a.b.school.example"),
    ],
)
def test_numbers_localhost_and_configured_names_are_answered(server, host):
    assert server.get("/", Host=host).text == "in"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("evil.example", 403), ("school.example", 403), ("lab.example.org.evil.example", 403)),
        *(("xlab.example.org", 403), ("127.0.0.1.evil.example", 403), ("2130706433", 403)),
        *(("", 400), ("a@localhost", 400), ("localhost:x", 400), ("localhost/a", 400)),
    ],
)
def test_any_other_name_is_refused(server, host, status):
    assert server.get("/assets/x.js", Host=host).status == status


def test_the_refusal_names_the_variable_that_would_allow_the_name(server):
    english = server.get("/", Host="evil.example:80").text
    chinese = server.get("/", Host="evil.example", Accept_Language="zh-TW, en;q=0.5").text
    assert f"{VARIABLE}=evil.example\n" in english
    assert f"{VARIABLE}=evil.example\n" in chinese
    assert "管理员" in chinese


def test_two_hosts_or_none_are_refused(server):
    for hosts in ("", "Host: localhost\r\nHost: evil.example\r\n"):
        with Plain(server.port) as client:
            client.say(f"GET / HTTP/1.0\r\n{hosts}\r\n")
            assert b" 400 " in client.hear_to(b"\r\n\r\n")


def test_a_socket_is_as_particular(server):
    with connect(server.socket("/w")):
        pass
    with Plain(server.port) as client:
        assert b" 403 " in client.open("/w", host="evil.example")


def test_nothing_but_the_variable_adds_a_name():
    assert hosts_of({}) == ("localhost", ".localhost")
