"""What is beyond a limit is refused, and others are served meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from time import monotonic

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.experiment.limits import LINK_CHARACTERS_MAX
from core.experiment.records import COLUMNS
from dashboard.components.live.replays import Replays
from dashboard.components.live.routes import routes
from dashboard.components.live.socket import LiveSocket
from dashboard.guard.bounds import Bounds
from dashboard.guard.limits import (
    BODY_BYTES_MAX,
    HEADERS_BYTES_MAX,
    KINDS,
    PIECE_BYTES,
    SOCKETS,
    URL_BYTES_MAX,
    Rate,
)
from tests.guard.served import CONTINUED, TEXT, Plain, Served, served
from tests.live.fake import FakeLaboratory

LARGE = bytes(16_000_000)
READER_SECONDS = 0.5
EPOCHS, RUNS = 2_000, 250
BYTES = EPOCHS * RUNS * 8 * len(COLUMNS)  # 28 MB of records, of which 10 MB are sent
# What is under way to a reader who takes nothing: uvicorn writes on up to 64 KB, then one piece.
HELD = 2 * PIECE_BYTES + 64 * 1024
WATCH_LARGE = json.dumps({"watch": "large", "since": 0, "language": "en"}).encode()
SLOWLY = Rate(burst=3, per_second=10)
FEW = tuple(
    replace(kind, rate=Rate(100_000, 1), at_once=3, in_all=5, messages=SLOWLY) for kind in SOCKETS
)
NUMBERS_RARELY = tuple(
    replace(kind, rate=Rate(2, 0.01)) if kind.name == "numbers" else kind for kind in KINDS
)


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


def application(laboratory: FakeLaboratory, **options: object) -> Bounds:
    """The live routes, an answer of 16 MB and a socket that repeats what it hears."""
    live = routes(lambda: laboratory, laboratory.summarise, laboratory.draw)
    more = [
        Route("/explore.json", lambda _: PlainTextResponse("numbers")),
        Route("/media/large", lambda _: Response(LARGE)),
        Route("/", lambda _: PlainTextResponse("a page")),
        WebSocketRoute("/_stcore/stream", echo),
    ]
    return Bounds(Starlette(routes=[*live, *more]), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def laboratory() -> FakeLaboratory:
    laboratory = FakeLaboratory()
    laboratory.train("small", epochs=20)
    laboratory.train("large", RUNS, EPOCHS)
    return laboratory


@pytest.fixture(scope="module")
def guarded(laboratory: FakeLaboratory) -> Iterator[Served]:
    kinds = (*FEW, *NUMBERS_RARELY)
    with served(application(laboratory, kinds=kinds, send_seconds=READER_SECONDS)) as server:
        yield server


def is_served(server: Served) -> bool:
    """Another visitor, on a socket of their own."""
    with connect(server.socket("/live")) as line:
        line.send(json.dumps({"watch": "small", "since": 0, "language": "en"}))
        return isinstance(line.recv(timeout=10), bytes) and server.get("/").text == "a page"


@pytest.mark.parametrize(("path", "most"), [("/live", 4_000), ("/_stcore/stream", 256_000)])
def test_a_message_that_begins_too_long_is_refused_by_its_first_bytes(guarded, path, most):
    with Plain(guarded.port) as abuser:
        assert abuser.open(path).startswith(b"HTTP/1.1 101")
        abuser.begin_frame(150_000_000)
        code, why = abuser.hear_close()
    assert (code, str(most) in why) == (1009, True)


def test_a_message_of_many_parts_has_no_more_room(guarded):
    with Plain(guarded.port) as abuser:
        abuser.open("/live")
        abuser.begin_frame(3_000, TEXT)
        abuser.say(b"x" * 3_000)
        abuser.begin_frame(3_000, CONTINUED)
        assert abuser.hear_close()[0] == 1009


def test_who_never_reads_is_dropped_and_others_are_served_meanwhile(guarded):
    before, abusers = guarded.connections(), 2
    with ExitStack() as open:
        for _ in range(abusers):
            abuser = open.enter_context(Plain(guarded.port))
            abuser.open("/live")
            abuser.begin_frame(len(WATCH_LARGE))
            abuser.say(WATCH_LARGE)
        guarded.wait(lambda: guarded.under_way() > 0)
        held = guarded.under_way()
        assert is_served(guarded)
        assert max(held, guarded.under_way()) <= (abusers + 1) * HELD
        guarded.wait(lambda: guarded.connections() == before)
    assert guarded.under_way() == 0


def test_who_reads_no_answer_is_dropped_and_little_of_it_was_under_way(guarded):
    before = guarded.connections()
    with Plain(guarded.port) as abuser:
        abuser.say("GET /media/large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        guarded.wait(lambda: guarded.under_way() > 0)
        held = guarded.under_way()
        assert is_served(guarded)
        assert max(held, guarded.under_way()) <= HELD
        guarded.wait(lambda: guarded.connections() == before)


def test_an_answer_in_pieces_is_the_same_answer(guarded):
    got = guarded.get("/media/large")
    assert (got.status, got.headers["content-length"]) == (200, str(len(LARGE)))
    assert got.text == LARGE.decode()


def test_sockets_have_places_which_are_given_back(guarded):
    address = guarded.socket("/_stcore/stream")
    with ExitStack() as open:
        lines = [open.enter_context(connect(address)) for _ in range(3)]
        with pytest.raises(InvalidStatus) as refused:
            connect(address, additional_headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        answer = refused.value.response
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert "连接数已达上限" in answer.body.decode()
        assert is_served(guarded)
        lines[0].close()
        with connect(address) as line:
            line.send("again")
            assert line.recv(timeout=10) == "again"


def test_more_messages_than_may_be_are_slowed_and_none_is_lost(guarded):
    begun, count = monotonic(), 8
    with connect(guarded.socket("/_stcore/stream")) as line:
        for number in range(count):
            line.send(str(number))
        assert [line.recv(timeout=10) for _ in range(count)] == [str(n) for n in range(count)]
    assert monotonic() - begun >= (count - SLOWLY.burst) / SLOWLY.per_second


def test_more_requests_than_may_be_are_refused_with_the_time_to_wait(guarded):
    answers = [guarded.get("/explore.json") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert 90 <= int(answers[2].headers["retry-after"]) <= 100
    assert answers[2].text.startswith("Too many requests from this address.")
    assert guarded.get("/").status == 200


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/?" + "a" * (URL_BYTES_MAX + 1), "GET", {}, 414),
        ("/?" + "a" * (URL_BYTES_MAX - 2), "GET", {}, 200),
        ("/", "GET", {"x": "a" * HEADERS_BYTES_MAX}, 431),
        ("/", "POST", {"Content-Length": str(BODY_BYTES_MAX + 1)}, 413),
        ("/", "GET", {"Content-Length": "1"}, 413),
        ("/", "POST", {"Transfer-Encoding": "chunked"}, 413),
        ("/_stcore/upload_file/a/b", "PUT", {}, 405),
        ("/explore.json", "DELETE", {}, 405),
    ],
)
def test_a_request_longer_than_its_limit_is_refused_with_a_sentence(
    guarded, path, method, headers, status
):
    got = guarded.get(path, method, **headers)
    assert got.status == status
    assert got.text.endswith(".\n") or status == 200


def test_who_asks_again_and_again_for_all_of_a_large_job_waits_and_others_do_not(laboratory):
    seconds, times = 0.3, 3
    rate = Rate(burst=BYTES, per_second=BYTES / seconds)  # one at once, then one every 0.3 s
    live = LiveSocket(lambda: laboratory, laboratory.summarise, bool, Replays(rate, rate))
    app = Bounds(Starlette(routes=[WebSocketRoute("/live", live.serve)]))
    with served(app) as server, connect(server.socket("/live")) as abuser:
        begun = monotonic()
        for _ in range(times):
            abuser.send(WATCH_LARGE.decode())
            with connect(server.socket("/live")) as other:
                other.send(json.dumps({"watch": "nobody", "since": 0, "language": "en"}))
                assert json.loads(other.recv(timeout=10))["state"] == "unknown"
            while isinstance(said := abuser.recv(timeout=10), bytes) or "summary" not in said:
                pass
    assert monotonic() - begun >= (times - 2) * seconds


def test_a_class_behind_one_address_has_room_for_all_its_pages():
    visitors, files, charts = 100, 180, 8
    kinds = {kind.name: kind for kind in (*SOCKETS, *KINDS)}
    assert kinds["file"].rate.burst >= visitors * files
    assert kinds["file"].at_once >= visitors * 6  # connections of one browser to one server
    assert kinds["live"].at_once >= visitors * charts
    for name in ("stream", "page", "points"):
        assert min(kinds[name].rate.burst, kinds[name].at_once) >= 2 * visitors


def test_every_link_that_a_page_reads_is_short_enough() -> None:
    assert URL_BYTES_MAX >= LINK_CHARACTERS_MAX + 1_000
