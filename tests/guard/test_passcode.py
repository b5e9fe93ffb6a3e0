"""Who knows the passcode is let in, and nobody else, to anything."""

from __future__ import annotations

import http.client
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.guard.limits import Rate
from dashboard.guard.passcode import COOKIE, KEPT_SECONDS, Passcode
from dashboard.text import Words
from tests.guard.served import served
from tests.guard.test_hosts import greet

WORD = "Rate 0.1 学"
BASE = "/lab"
LINK = f"{BASE}/studies?study=momentum&lang=zh"


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


def guard(clock, word=WORD, secret="s", **rates):
    everything = Route("/{path:path}", lambda _: PlainTextResponse("in"))
    app = Starlette(routes=[everything, WebSocketRoute(f"{BASE}/live", greet)])
    return Passcode(app, word, lambda: secret, BASE, clock=clock, **rates)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    with served(guard(clock, tries=Rate(3, 0.1))) as server:
        yield server


def enter(server, word, path=LINK, **headers):
    """Status, headers and text of what the form is answered."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    connection.request("POST", path, urlencode({"passcode": word}), form)
    answer = connection.getresponse()
    got = answer.status, answer.headers, answer.read().decode()
    connection.close()
    return got


def cookie(server, word=WORD, **headers):
    return enter(server, word, **headers)[1]["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize(
    "path",
    ["/explore.json", "/claims.csv", "/metrics", "/assets/1/live/chart.js", "/static/js/a.js"],
)
def test_numbers_metrics_and_assets_are_told_in_a_sentence_what_is_missing(server, path):
    got = server.get(BASE + path)
    assert (got.status, got.text) == (401, Words("en")("guard.passcode") + "\n")


@pytest.mark.parametrize("path", ["/health", "/_stcore/health"])
def test_whether_the_server_works_is_open(server, path):
    assert server.get(BASE + path).text == "in"


@pytest.mark.parametrize("path", ["/live", "/_stcore/stream"])
def test_sockets_stay_closed(server, path):
    with pytest.raises(InvalidStatus) as refused:
        connect(server.socket(BASE + path))
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    ("path", "asks", "language"),
    [
        (f"{BASE}/", {}, "en"),
        (f"{BASE}/studies?x=1", {"Accept_Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
        (LINK, {"Accept_Language": "en"}, "zh"),
    ],
)
def test_a_page_asks_for_it_in_the_language_of_the_link_or_the_browser(
    server, path, asks, language
):
    got = server.get(path, **asks)
    assert (got.status, got.headers["cache-control"]) == (401, "no-store")
    assert Words(language)("guard.passcode_why") in got.text
    assert f'lang="{language}"' in got.text
    assert "<script" not in got.text


@pytest.mark.parametrize(
    ("typed", "page"), [(f"{BASE}?lang=zh", "./lab/?lang=zh"), (f"{BASE}/studies/", "../studies")]
)
def test_a_slash_too_few_or_too_many_leads_to_the_page_that_asks(server, typed, page):
    got = server.get(typed)
    assert (got.status, got.headers["location"]) == (303, page)
    assert Words("en")("guard.passcode_why") in server.get(f"{BASE}/studies").text


def test_whoever_knows_it_comes_to_the_link_that_was_asked_for(server):
    status, headers, _ = enter(server, WORD)
    assert (status, headers["Location"]) == (303, "./studies?study=momentum&lang=zh")
    given = {"Cookie": cookie(server)}
    assert server.get(LINK, **given).text == "in"
    assert server.get(f"{BASE}/metrics", **given).text == "in"
    with connect(server.socket(f"{BASE}/live"), additional_headers=given):
        pass


def test_the_cookie_is_for_this_server_alone(server):
    said = enter(server, WORD)[1]["Set-Cookie"].lower().split("; ")
    assert {"httponly", "samesite=lax", f"path={BASE}", f"max-age={KEPT_SECONDS}"} <= set(said)
    assert "secure" not in said
    over_tls = enter(server, WORD, **{"X-Forwarded-Proto": "https"})
    assert "secure" in over_tls[1]["Set-Cookie"].lower().split("; ")


@pytest.mark.parametrize("word", [f" {WORD} ", "Ｒａｔｅ ０．１ 学"])
def test_blanks_around_it_and_wide_letters_do_not_matter(server, word):
    assert enter(server, word)[0] == 303


@pytest.mark.parametrize("word", ["", "rate 0.1 学", WORD + "x", WORD[:-1], "\x00", "é" * 2_000])
def test_anything_else_is_wrong_and_says_so(server, word):
    status, headers, text = enter(server, word)
    assert (status, headers["Set-Cookie"]) == (401, None)
    assert Words("zh")("guard.passcode_wrong") in text


@pytest.mark.parametrize("path", [f"{BASE}//evil.example", "//evil.example", f"{BASE}/a.json"])
def test_no_address_leads_elsewhere(server, path):
    status, headers, _ = enter(server, WORD, path)
    assert (status, headers["Location"]) == (401, None)


@pytest.mark.parametrize("page", [r"\evil.example", "%5cevil", "https:evil", "%0d%0aSet-Cookie:a"])
def test_the_way_on_begins_below_the_application(server, page):
    if "." in page:
        page = page.replace(".", "")
    status, headers, _ = enter(server, WORD, f"{BASE}/{page}")
    assert status == 303
    assert headers["Location"].startswith("./")
    assert not set(headers["Location"]) & {"\\", "\r", "\n"}


def test_a_cookie_is_worth_nothing_when_it_is_old_altered_or_of_other_words(server, clock):
    given = cookie(server)
    until = int(given.partition("=")[2].partition(".")[0])
    assert server.get(LINK, Cookie=f"other=1; {given}").status == 200
    for forged in (
        *(given[:-1], given.replace(str(until), str(until + 1)), f"{COOKIE}=", f"{COOKIE}=x.y"),
        *(f"{COOKIE}={'9' * 5_000}.{'a' * 64}", f"{COOKIE}=²."),
    ):
        assert server.get(LINK, Cookie=forged.encode().decode("latin-1")).status == 401
    for other in (guard(clock, word="another"), guard(clock, secret="another")):
        with served(other) as elsewhere:
            assert elsewhere.get(LINK, Cookie=given).status == 401
    clock.now = until
    assert server.get(LINK, Cookie=given).status == 401


def test_another_replica_with_the_same_secret_lets_in_as_well(server, clock):
    with served(guard(clock)) as replica:
        assert replica.get(LINK, Cookie=cookie(server)).status == 200


def test_wrong_tries_are_bounded_and_right_ones_are_not(server, clock):
    assert [enter(server, WORD)[0] for _ in range(5)] == [303] * 5
    assert [enter(server, "wrong")[0] for _ in range(4)] == [401, 401, 401, 429]
    status, headers, text = enter(server, WORD)
    assert (status, headers["Retry-After"]) == (429, "10")
    assert Words("zh")("guard.passcode_too_often", seconds=10) in text
    clock.now += 10
    assert enter(server, WORD)[0] == 303


def test_many_addresses_together_have_no_more_tries(clock):
    with served(guard(clock, tries_of_all=Rate(2, 0.1))) as server:
        asked = [enter(server, "wrong", **{"X-Forwarded-For": f"192.0.2.{n}"})[0] for n in range(3)]
    assert asked == [401, 401, 429]
