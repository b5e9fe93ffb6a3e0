"""The words: both languages say the same things, and every field has its words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from core.experiment.field_types import Choice
from dashboard.text import LANGUAGES, Words, sentences
from tests.dashboard.every_field import EVERY_FIELD

FILLED_LATER = ("hover_", "note_")  # by the browser
DASHBOARD = Path(__file__).parents[2] / "dashboard"


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = sentences("en"), sentences("zh")
    assert english.keys() == chinese.keys()
    differ = [k for k in english if placeholders(english[k]) != placeholders(chinese[k])]
    assert differ == []


NAMES = {"Beta 1", "Beta 2", "Keras 2.3", "Keras 3"}  # the same in every language


def test_chinese_sentences_are_chinese() -> None:
    english, chinese = sentences("en"), sentences("zh")
    same = {v for k, v in chinese.items() if v == english[k] and re.search(r"[A-Za-z]+ ", v)}
    assert {v for v in same if re.sub(r"{\w+}", "", v).strip()} <= NAMES
    assert sum(bool(re.search("[\u4e00-\u9fff]", v)) for v in chinese.values()) > 100


IDEOGRAPH = "[\u4e00-\u9fff]"
QUOTED = re.compile(r"“[A-Za-z_]+”|[\[{].*?[\]}]")  # names in code, placeholders, JSON
FORMULA = re.compile(r"\([^()]*[+·/][^()]*\)")  # which keeps its own brackets


def chinese() -> dict[str, str]:
    """Every Chinese sentence as it is read: without markup's addresses."""
    return {key: re.sub(r"<[^>]*>", "", said) for key, said in sentences("zh").items()}


def test_chinese_has_its_own_word_for_an_epoch() -> None:
    mentions = {key for key in chinese() if key.endswith("_mentions")}
    said = {key: QUOTED.sub("", text) for key, text in chinese().items() if key not in mentions}
    assert {key: text for key, text in said.items() if "epoch" in text.lower()} == {}


def test_chinese_has_its_own_punctuation() -> None:
    beside = re.compile(rf"{IDEOGRAPH}\s*[,;:!?()]|[,;:!?()]\s*{IDEOGRAPH}")
    said = {key: FORMULA.sub("", text) for key, text in chinese().items()}
    assert {key: text for key, text in said.items() if beside.search(text)} == {}


def test_chinese_characters_stand_together() -> None:
    apart = re.compile(rf"{IDEOGRAPH} +{IDEOGRAPH}|[，。：；？！（）“”] | [，。：；？！（）“”]")
    assert {key: text for key, text in chinese().items() if apart.search(text)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_label_and_a_sentence_of_help(language: str) -> None:
    words = Words(language)
    for name, rule in EVERY_FIELD.items():
        assert words(f"fields.{name}")
        assert words(f"fields.{name}_help").endswith((".", "。", "none”。", ")"))
        if isinstance(rule, Choice) and name != "monitor":
            assert all(words.has(f"fields.{name}_{option}") for option in rule.options)


def calls() -> list[tuple[str, set[str] | None]]:
    """Every constant key that the pages ask for, with the values given; None for any (`**`)."""
    found: list[tuple[str, set[str] | None]] = []
    for path in DASHBOARD.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            key, names = node.args[0], [keyword.arg for keyword in node.keywords]
            if isinstance(key, ast.Constant) and key.value in sentences("en"):
                given = None if None in names else {name for name in names if name}
                found.append((key.value, given))
    return found


def test_no_sentence_is_said_with_a_placeholder_left_open() -> None:
    found = calls()
    assert len(found) > 100
    left_open = {
        key
        for key, given in found
        if given is not None
        and not placeholders(sentences("en")[key]) <= given
        and not key.partition(".")[2].startswith(FILLED_LATER)
    }
    assert left_open == set()
