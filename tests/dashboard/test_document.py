"""The document that every page starts as."""

from __future__ import annotations

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from dashboard.document import (
    HERE,
    STATIC,
    STYLES,
    document,
    document_route,
    replace_once,
    serve,
    style,
)
from dashboard.navigation import PAGES


def asked(path: str, encoding: str = "", query: str = "") -> Response | None:
    """What a browser is given; None where the address is not a page's."""
    text = query.encode()
    headers = [(b"accept-encoding", encoding.encode())]
    where = {"path": path, "root_path": "", "query_string": text, "server": ("a.test", 80)}
    scope = {"type": "http", "method": "GET", "scheme": "http", "headers": headers, **where}
    match, more = document_route().matches(scope)
    if match is not Match.FULL:
        return None
    with ThreadPoolExecutor(1) as alone:  # a browser's loop may run in this one
        return alone.submit(lambda: asyncio.run(serve(Request({**scope, **more})))).result()


@pytest.mark.parametrize("path", ["/", *(f"/{name}" for name in PAGES[1:]), "/a-page-there-is-not"])
def test_every_page_is_the_document(path):
    answer = asked(path)
    assert answer.body.decode() == document()
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("query", "target"),
    [("", "./"), ("lang=zh&pin=a~%E4%B8%AD", "./?lang=zh&pin=a~%E4%B8%AD")],
)
def test_the_first_page_is_found_under_its_own_name_with_its_query(query, target):
    answer = asked(f"/{PAGES[0]}", query=query)
    assert (answer.status_code, answer.headers["location"]) == (307, target)


@pytest.mark.parametrize("path", ["/favicon.png", "/robots.txt", "/static/x", "/explore.json"])
def test_a_file_is_no_page(path):
    assert asked(path) is None


def test_who_can_read_gzip_gets_the_same_in_less():
    packed = asked("/", "gzip, br").body
    assert gzip.decompress(packed).decode() == document()
    assert len(packed) < len(document()) / 2


def test_our_style_stands_behind_streamlits_own():
    assert document().index("index.") < document().index(style())
    assert document().count("</style>") == document().count("<style")


def test_everything_that_is_named_beforehand_is_there():
    own = re.findall(r'"modulepreload" fetchpriority="low" href="./(static/js/[^"]+)"', document())
    assert own != []
    assert [name for name in own if not (STATIC / name).is_file()] == []


def test_all_styles_are_told_of():
    assert sorted(STYLES) == sorted(path.stem for path in (HERE / "style").iterdir())


def test_another_streamlit_without_the_place_is_not_served_in_silence():
    with pytest.raises(ValueError, match="must hold </head> once, got 0"):
        replace_once("<html>", "</head>", "")


def test_no_rule_is_for_everything_below_a_has():
    """A browser would style the whole page anew at every element that is put anywhere on it."""
    selectors = re.findall(r"[^{}]+(?={)", re.sub(r"/\*.*?\*/", "", style(), flags=re.DOTALL))
    assert any(":has(" in selector for selector in selectors)
    assert [one for one in selectors if re.search(r":has\([^,]*\)[^,]*\s\*", one)] == []
