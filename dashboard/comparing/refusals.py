"""What the page that compares refuses, as sentences in the visitor's language."""

from __future__ import annotations

from core.experiment.refusals import FieldError
from dashboard.comparing.comparison import FIELDS, PinError
from dashboard.comparing.pin import RULES
from dashboard.settings.refusals import MARKDOWN, Marks, cannot_be, refused
from dashboard.text import Words

SENTENCES_MAX = 8
# What has a name on this page alone: its own settings, those of a pin, and of a study of one's own.
LABELLED = (*(FIELDS.keys() - {"lang"}), *RULES, "vary", "and_vary", "cells")


def sentences(refusals: list[tuple[FieldError, bool]], words: Words) -> list[str]:
    """What was refused, and whether by a link, a sentence each; of very many the first ones."""
    told = [sentence(error, words, link) for error, link in refusals[:SENTENCES_MAX]]
    more = len(refusals) - len(told)
    return [*told, *([words("compare.more_refused", count=more)] if more else [])]


def sentence(error: FieldError, words: Words, link: bool, marks: Marks = MARKDOWN) -> str:
    """Which pin, which field, what it must be, what it got, and what holds instead."""
    labels = {name: words(f"compare.field_{name}") for name in LABELLED}
    said = refused(error, words, link, labels, marks)
    if isinstance(error, PinError):
        return words("compare.at_pin", pin=error.pin, sentence=said)
    return said


def too_much(error: FieldError, words: Words) -> str:
    """Why so many runs cannot be trained at once, and what to do."""
    return cannot_be(error, words) or str(error)
