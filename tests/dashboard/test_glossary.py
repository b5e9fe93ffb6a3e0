"""The glossary: which words are marked, and that the browser marks the same."""

from __future__ import annotations

import re

import pytest

from dashboard.components.glossary.glossary import explain_terms, terms
from dashboard.text import LANGUAGES, Words
from tests.dashboard.scripts import answer

EN, ZH = Words("en"), Words("zh")
BROWSER = """
import { mentions } from "./dashboard/components/glossary/glossary.js";
const [texts, terms] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(texts.map((text) => mentions(text, terms).map((m) => m.name))));
"""
SENTENCES = {
    "en": [
        "One epoch, many epochs: the rate of each update.",
        "A tested pirate separates strained testimony.",  # words that only look like terms
        "Training accuracy and test loss (over all seeds)",
    ],
    "zh": ["每轮训练都更新权重，学习率 0.1；准确率来自测试点。", "换一个种子，再训练 200 轮。"],
}


def marked(html: str) -> list[str]:
    return re.findall(r'data-term="(\w+)"', html)


def test_the_first_mention_of_a_term_is_marked_and_no_other() -> None:
    html = explain_terms("An epoch is an epoch.", EN)
    assert html.startswith("An <dfn")
    assert html.endswith("</dfn> is an epoch.")


def test_a_longer_name_goes_before_a_shorter_one_inside_it() -> None:
    html = explain_terms("The learning rate falls; the rate is small.", EN)
    assert marked(html) == ["learning_rate"]
    assert ">learning rate</dfn>" in html


def test_a_word_that_contains_a_term_is_left_alone() -> None:
    assert marked(explain_terms(SENTENCES["en"][1], EN)) == []


def test_chinese_terms_are_found_between_other_characters() -> None:
    assert marked(explain_terms("每轮都训练", ZH)) == ["epoch", "train"]


def test_everything_else_is_text() -> None:
    assert explain_terms("a < b & <script>", EN) == "a &lt; b &amp; &lt;script&gt;"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_marked_term_is_reached_by_keyboard_and_names_its_sentence(language: str) -> None:
    for name, term in terms(language).items():
        html = explain_terms(term["mentions"][0], Words(language))
        assert 'tabindex="0"' in html
        assert f'aria-describedby="lrl-term-{name}"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_marks_the_same_terms(language: str) -> None:
    ours = [marked(explain_terms(text, Words(language))) for text in SENTENCES[language]]
    assert answer(BROWSER, [SENTENCES[language], terms(language)]) == ours
    assert sum(map(len, ours)) > 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_terms_share_a_mention(language: str) -> None:
    every = [word for term in terms(language).values() for word in term["mentions"]]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_is_one_or_two_short_sentences(language: str) -> None:
    for term in terms(language).values():
        assert 10 < len(term["sentence"]) < 170
