"""What pages may load and run, by the headers of every answer."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from dashboard.document import document
from dashboard.guard.policy import VARIABLE, InlineScripts, Policy, ancestors_of, hashed
from dashboard.page_script import page_script, page_scripts
from tests.guard.served import served

PAGE = '<script src="a.js"></script><script>one("</p>")</script><p>text</p><script>two</script>'


@pytest.fixture(scope="module")
def server():
    routes = [
        Route("/", lambda _: HTMLResponse(PAGE)),
        Route("/n.json", lambda _: JSONResponse({})),
    ]
    app = Policy(Starlette(routes=routes), lambda: [PAGE], ancestors_of({}))
    with served(app) as server:
        yield server


def sources(server, path, **headers):
    """The policy of an answer, by directive."""
    said = server.get(path, **headers).headers["content-security-policy"].split("; ")
    return {name: of for name, *of in (one.split() for one in said)}


def test_a_page_runs_what_it_holds_by_hash_and_nothing_else_that_is_inline(server):
    scripts = sources(server, "/")["script-src"]
    assert [one for one in scripts if "sha256" in one] == [hashed('one("</p>")'), hashed("two")]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"} & set(scripts)


def test_nothing_is_loaded_from_elsewhere(server):
    policy = sources(server, "/", Host="lab.example:80")
    assert policy["default-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'", "ws://lab.example:80", "wss://lab.example:80"]
    others = {source for name, of in policy.items() if name != "connect-src" for source in of}
    assert not [source for source in others if "://" in source or source == "*"]


@pytest.mark.parametrize("host", ["a; script-src *", "a b", "a,b"])
def test_a_host_writes_nothing_into_the_policy(server, host):
    assert sources(server, "/", Host=host)["connect-src"] == ["'self'"]


def test_every_answer_is_what_it_says_and_a_file_runs_nothing(server):
    assert sources(server, "/n.json")["default-src"] == ["'none'"]
    for path in ("/", "/n.json", "/nothing"):
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert sources(server, path)["frame-ancestors"] == ["'self'"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "'self'"),
        ("'none'", "'none'"),
        ("https://a.example:8 , *.b.example", "'self' https://a.example:8 *.b.example"),
    ],
)
def test_whose_frames_may_hold_a_page_is_configured(given, expected):
    assert ancestors_of({VARIABLE: given}) == expected


@pytest.mark.parametrize("given", ["https://a.example;script-src", "javascript:x", "https://a/b"])
def test_what_is_no_origin_is_refused_at_the_start(given):
    with pytest.raises(ValueError, match=f"{VARIABLE}: must be origins"):
        ancestors_of({VARIABLE: given})


def test_the_scripts_of_the_document_are_found_as_they_stand_there():
    found = InlineScripts(document()).found
    assert len(found) >= 2
    assert all(f"<script>{script}</script>" in document() for script in found)


def test_what_the_line_on_top_may_say_is_known_beforehand():
    assert page_script("zh", "compare", True) in page_scripts()
    assert len(set(page_scripts())) == len(page_scripts())
