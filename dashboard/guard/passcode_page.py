"""The page that asks for the passcode: of itself, without scripts, in the look of the pages."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.types import Scope

from dashboard.guard.refusal import language_of
from dashboard.text import LANGUAGES, Words

HERE = Path(__file__).parent
SENTENCES = ("passcode_why", "passcode_label", "passcode_enter")


@cache
def template() -> Template:
    return Template((HERE / "passcode.html").read_text("utf-8"))


@cache
def mark() -> str:
    return base64.b64encode((HERE.parent / "logo.svg").read_bytes()).decode()


def passcode_page(scope: Scope, wrong: str = "", **values: object) -> str:
    """The page, in the link's language or else the browser's; `wrong` is why it comes again."""
    words = Words(asked_language(scope))
    said = {name: escape(words(f"guard.{name}")) for name in SENTENCES}
    return template().substitute(
        said,
        language=words.language,
        title=escape(words("common.title")),
        mark=mark(),
        wrong=escape(words(f"guard.{wrong}", **values)) if wrong else "",
    )


def asked_language(scope: Scope) -> str:
    query = parse_qs(scope["query_string"].decode("ascii", "replace"))
    asked = query.get("lang", [""])[0]
    return asked if asked in LANGUAGES else language_of(scope)
