"""Terms of the field in our own sentences: a dotted underline, and one sentence on request."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TypedDict

import streamlit as st

from dashboard.components.live.component import component
from dashboard.text import Words

MENTIONS = "_mentions"
# As the page marks a term; `explain` in glossary.js makes the same of a text in the browser.
MARKED = (
    '<dfn class="lrl-term" tabindex="0" data-term="{name}" '
    'aria-describedby="lrl-term-{name}">{text}</dfn>'
)

show = component("glossary", "glossary/glossary", html="<div></div>")


class Term(TypedDict):
    """The words that mention a term, and the sentence that explains it."""

    mentions: list[str]
    sentence: str


def glossary(words: Words) -> None:
    """What explains the terms of all pages, in the browser; the frame has it once."""
    with st.container(key="glossary"):
        show(key="glossary-terms", data={"terms": terms(words.language)})


@lru_cache
def terms(language: str) -> dict[str, Term]:
    """Every term of a language by its name, as JSON can hold it."""
    section = Words(language).section("glossary")
    names = [name for name in section if not name.endswith(MENTIONS)]
    return {
        name: {"mentions": section[f"{name}{MENTIONS}"].split("|"), "sentence": section[name]}
        for name in names
    }


def caption(text: str, words: Words) -> None:
    """A quiet sentence of ours, its terms marked."""
    st.html(f'<p class="lrl-caption">{explain_terms(text, words)}</p>')


def explain_terms(text: str, words: Words) -> str:
    """A sentence of ours as HTML, the first mention of every term in it marked.

    Never for what a visitor wrote, in which a word need not mean the term.

    >>> explain_terms("One epoch, many epochs", Words("en")).count("<dfn")
    1
    """
    told: set[str] = set()
    parts: list[str] = []
    pattern, names = mentions(words.language)
    end = 0
    for found in pattern.finditer(text):
        name = names[found.group().lower()]
        if name in told:
            continue
        told.add(name)
        parts += [escape(text[end : found.start()]), mark_term(name, found.group())]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def mark_term(name: str, text: str) -> str:
    return MARKED.format(name=name, text=escape(text))


@lru_cache
def mentions(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the terms in a text of a language, and whose a mention is."""
    names: dict[str, str] = {}
    for name, term in terms(language).items():
        names.update({word.lower(): name for word in term["mentions"]})
    longest_first = sorted(names, key=len, reverse=True)
    # A word of Latin letters stands alone; Chinese has no spaces between words.
    either = "|".join(whole_word(word) for word in longest_first)
    return re.compile(either, re.IGNORECASE), names


def whole_word(word: str) -> str:
    pattern = re.escape(word)
    return rf"(?<![A-Za-z]){pattern}(?![A-Za-z])" if word.isascii() else pattern
