"""Refusals by code: each has its words, and what was refused stands in them as it was written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.experiment.field_types import Integer
from core.experiment.limits import SHOWN_CHARACTERS_MAX
from core.experiment.refusals import ENGLISH, FieldError, Typed, because
from dashboard.settings.refusals import UNMARKED, refusal_sentence
from dashboard.text import LANGUAGES, Words, sentences
from dashboard.text.literal import for_markdown

ROOT = Path(__file__).parents[2]
EN = Words("en")


def codes() -> set[str]:
    """Every code that a refusal is made with."""
    files = [path for folder in ("core", "dashboard") for path in (ROOT / folder).rglob("*.py")]
    calls = [
        node
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    first = [node.args[0] for node in calls if node.func.id == "because" and node.args]
    return {str(one.value) for one in first if isinstance(one, ast.Constant)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words_in_every_language(language: str) -> None:
    known = sentences(language)
    assert len(codes()) > 30
    assert not [
        code
        for code in codes() | {*ENGLISH}
        if f"refusals.{code}" not in known and f"refusals.said_{code}" not in known
    ]


def test_the_laboratory_has_english_words_for_every_code_of_its_own() -> None:
    assert {code: EN(f"refusals.{code}") for code in ENGLISH} == ENGLISH


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1))
@example("**bold** `code` ``more``")
@example("{got} %{x} \\ $a$")
def test_what_was_refused_stands_in_the_sentence_as_it_was_written(text: str) -> None:
    error = FieldError("Page", "epochs", because("whole", low=1, high=9), Typed(text))
    line = "".join(c if c.isprintable() else " " for c in text)
    if line.strip() and len(line) <= SHOWN_CHARACTERS_MAX:
        assert f"it was {line}. " in refusal_sentence(error, EN, by_link=False, marks=UNMARKED)
        assert f"it was {for_markdown(line)}. " in refusal_sentence(error, EN, by_link=False)


def test_a_reason_that_is_only_a_text_is_told_by_the_code_of_its_rule() -> None:
    told = FieldError("Page", "epochs", "a number of my own", 7, Integer(1, 5))
    assert str(told) == "Page: `epochs` must be a number of my own, got 7."
    assert (told.code, told.parameters) == ("whole", {"low": 1, "high": 5})
    assert "1 到 5 之间的整数" in refusal_sentence(told, Words("zh"), by_link=False)
    assert FieldError("Command", "--out", "a folder", "x").code == "other"
