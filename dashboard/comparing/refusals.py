"""What the page that compares refuses, as sentences in the visitor's language."""

from __future__ import annotations

from core.experiment.fields import FieldError, shown
from dashboard.comparing import pin
from dashboard.comparing.comparison import FIELDS, PINS_MAX, PINS_RULE, PinError
from dashboard.refusals import printable, refused
from dashboard.text import Words

PAGE = FIELDS.keys() - {"lang"}  # settings of the page itself
SENTENCES_MAX = 8
OF_STUDY = ("vary", "and_vary", "cells")  # what is refused of a study of one's own


def sentences(refusals: list[tuple[FieldError, bool]], words: Words) -> list[str]:
    """What was refused, and whether by a link, a sentence each; of very many the first ones."""
    told = [sentence(error, words, link) for error, link in refusals[:SENTENCES_MAX]]
    more = len(refusals) - len(told)
    return [*told, *([words("compare.more_refused", count=more)] if more else [])]


def sentence(error: FieldError, words: Words, link: bool) -> str:
    """Which pin, which field, what it must be, what it got, and what holds instead."""
    if isinstance(error, PinError):
        is_own = error.path in pin.RULES and error.expected != pin.FEW
        said = own(error, words, link) if is_own else by_expectation(error, words, link)
        return words("compare.at_pin", pin=error.pin, sentence=said)
    if error.path == "pins" and error.expected == PINS_RULE:
        key = "compare.too_many_pins_link" if link else "compare.too_many_pins"
        return words(key, got=error.got, most=PINS_MAX)
    return own(error, words, link) if error.path in PAGE else refused(error, words, link)


def by_expectation(error: FieldError, words: Words, link: bool) -> str:
    """Refusals of a pin's text have their own words; those of an experiment are told as ever."""
    name = printable(error.path)
    match error.expected:
        case pin.SHORT:
            return words("compare.pin_too_long", got=len(str(error.got)))
        case pin.NO_FIELD:
            return words("common.refused_unknown", name=name)
        case pin.WITH_VALUE:
            return words("compare.no_value", name=name)
        case pin.FEW:
            return words("compare.too_many_cells", got=error.got, most=pin.CELLS_MAX)
        case pin.IDLE:
            return words("compare.idle", label=words(f"fields.{error.path}"), got=got(error))
        case _:
            return refused(error, words, link, {n: words(f"compare.field_{n}") for n in OF_STUDY})


def got(error: FieldError) -> str:
    return printable(shown(error.got).strip('"'))


def own(error: FieldError, words: Words, link: bool) -> str:
    label = words(f"compare.field_{error.path}")
    if isinstance(error.rule, pin.Name):
        expected = words("compare.name_rule", most=error.rule.most)
        error = FieldError(error.owner, error.path, expected, error.got)
    return refused(error, words, link, {error.path: label})


def too_much(error: FieldError, words: Words) -> str:
    """Why so many runs cannot be trained at once, and what to do."""
    limit = error.expected.rpartition(" ")[2]
    return words(f"compare.too_many_{error.path}", got=error.got, most=limit)
