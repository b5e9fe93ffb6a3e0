"""What the page that compares refuses, as sentences in the visitor's language."""

from __future__ import annotations

from core.fields import FieldError
from dashboard.comparing.comparison import FIELDS, PINS_MAX, PinError
from dashboard.comparing.pin import RULES, Name
from dashboard.refusals import printable, refused
from dashboard.text import Words

OWN = {*FIELDS, *RULES} - {"lang"}  # fields that no experiment has
SENTENCES_MAX = 8


def sentences(refusals: list[tuple[FieldError, bool]], words: Words) -> list[str]:
    """What was refused, and whether by a link, a sentence each; of very many the first ones."""
    told = [sentence(error, words, link) for error, link in refusals[:SENTENCES_MAX]]
    more = len(refusals) - len(told)
    return [*told, *([words("compare.more_refused", count=more)] if more else [])]


def sentence(error: FieldError, words: Words, link: bool) -> str:
    """Which pin, which field, what it must be, what it got, and what holds instead."""
    if error.path == "pins":
        key = "compare.too_many_pins_link" if link else "compare.too_many_pins"
        return words(key, got=error.got, most=PINS_MAX)
    said = own(error, words, link) if error.path in OWN else by_expectation(error, words, link)
    if isinstance(error, PinError):
        return words("compare.at_pin", pin=error.pin, sentence=said)
    return said


def by_expectation(error: FieldError, words: Words, link: bool) -> str:
    """Refusals of a pin's text have their own words; those of an experiment are told as ever."""
    name = printable(error.path)
    if error.path == "pin":
        return words("compare.pin_too_long", got=len(str(error.got)))
    if error.expected == "followed by a value":
        return words("compare.no_value", name=name)
    return refused(error, words, link)


def own(error: FieldError, words: Words, link: bool) -> str:
    label = words(f"compare.field_{error.path}")
    if isinstance(error.rule, Name):
        expected = words("compare.name_rule", most=error.rule.most)
        error = FieldError(error.owner, error.path, expected, error.got)
    return refused(error, words, link, {error.path: label})


def too_much(error: FieldError, words: Words) -> str:
    """Why so many runs cannot be trained at once, and what to do."""
    limit = error.expected.rpartition(" ")[2]
    return words(f"compare.too_many_{error.path}", got=error.got, most=limit)
