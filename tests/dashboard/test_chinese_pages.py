"""What Chinese pages say is Chinese throughout, also where it is put together of several texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from core.service import Laboratory
from tests.dashboard.page_app import PageApp, data_of
from tests.dashboard.test_text import FORMULA, IDEOGRAPH

HALF_WIDTH = re.compile(rf"{IDEOGRAPH}\s*[,;:!?()]|[,;:!?()]\s*{IDEOGRAPH}| \(")
APART = re.compile(rf"{IDEOGRAPH} +{IDEOGRAPH}|[，。：；？！（）“”] | [，。：；？！（）“”]")
PINS = ["epochs~20", "momentum~0.9~epochs~20"]
LINKS = [
    ("explore", {"seed": "91", "epochs": "many", "haste": "1"}),
    ("studies", {"study": "optimizer", "seeds": "3", "preset": "both"}),
    ("studies", {"study": "momentum", "seeds": "3", "view": "results"}),
    ("studies", {"study": "own", "vary": "data.noise:list:1,2", "seeds": "50", "epochs": "x"}),
    ("studies", {"study": "decay-on-paper"}),
    ("compare", {"pin": [*PINS, "study~momentum~epochs~20"], "seeds": "3", "tab": "table"}),
    ("compare", {"pin": PINS, "seeds": "3", "tab": "difference"}),
    ("claims", {"seeds": "2"}),
]


def texts(page: PageApp) -> Iterator[str]:
    """All that a page says: its HTML by element, what its components were given, and the rest."""
    for element in page.app.get("html"):
        for block in re.split(r"</(?:p|td|th|li|dd|div)>", element.proto.body):
            yield unescape(re.sub(r"<[^>]*>", "", block))
    for component in page.app.get("bidi_component"):
        yield from strings(data_of(component))
    yield from (
        one.value for kind in ("caption", "markdown", "warning") for one in page.app.get(kind)
    )


def strings(value: Any) -> Iterator[str]:
    """The texts in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


@pytest.mark.parametrize(("name", "query"), LINKS)
def test_what_a_chinese_page_says_has_chinese_punctuation(
    lent: Laboratory, name: str, query: dict[str, Any]
) -> None:
    page = PageApp(name, lent, **query, lang="zh")
    if page.slot in page.app.session_state:
        page.wait()
    said = {text for text in texts(page) if re.search(IDEOGRAPH, text)}
    assert len(said) > 10
    plain = {FORMULA.sub("f", text) for text in said}
    assert [text for text in plain if HALF_WIDTH.search(text) or APART.search(text)] == []
