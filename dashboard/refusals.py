"""What a field refuses, as a sentence in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping

from core.experiment.fields import (
    Choice,
    FieldError,
    Flag,
    Integer,
    Integers,
    Number,
    Rule,
    shown,
)
from core.experiment.limits import AXIS_VALUES_MAX, PARAMETERS_MAX
from dashboard.settings import known_fields, name_of
from dashboard.text import Words

PAGE_FIELDS = ("preset", "live", "lang")
# What a study's values must be, where no rule of a field says it; words of `core.analysis`.
PHRASES = {
    "a number": "common.a_number",
    "above 0 at both ends of a logarithmic range": "common.above_0_at_both_ends",
    f"given 1 to {AXIS_VALUES_MAX} values": "common.count_of_values",
    "a field, then list, linear or log, then values": "common.axis",
    "two ends and a count": "common.range",
}
# What is a sentence of its own, because "must be" would not say it.
SENTENCES = {
    "left out": "common.left_out",
    "a field that holds a number": "common.field_of_numbers",
    "two that differ": "common.two_that_differ",
    "two that every run of the grid has": "common.two_together",
}


def refused(
    error: FieldError, words: Words, link: bool, labels: Mapping[str, str] | None = None
) -> str:
    """Which field, what it must be, what it got, and what holds instead.

    `labels` names the settings that a page has besides an experiment's.
    """
    said = cannot_be(error, words, labels)
    if said is None:
        return words("common.refused_unknown", name=printable(name_of(error.path)))
    kept = words("common.refused_link" if link else "common.refused_kept")
    return words("common.refused_then", said=said, kept=kept)


def cannot_be(
    error: FieldError, words: Words, labels: Mapping[str, str] | None = None
) -> str | None:
    """Which field, what it must be and what it got, where nothing holds instead.

    None for a field that neither an experiment nor `labels` has.
    """
    label = labelled(error, words, labels or {})
    if label is None:
        return None
    got = printable(shown(error.got).strip('"')).strip() or words("common.empty")
    if error.expected in SENTENCES:
        return words(SENTENCES[error.expected], label=label, got=got)
    expected = phrased(error, words) if error.rule is None else described(error.rule, words)
    return words("common.refused", label=label, expected=expected, got=got)


def labelled(error: FieldError, words: Words, labels: Mapping[str, str]) -> str | None:
    """What the refused field is called, or of a grid both of its fields."""
    name = name_of(error.path)
    if name == "fields" and error.expected in SENTENCES:
        both = [words(f"fields.{one}") for one in dict.fromkeys(error.got)]
        return words("common.and").join(both)
    if name in labels:
        return labels[name]
    if name not in known_fields() and name not in PAGE_FIELDS:
        return None
    return words("fields.language" if name == "lang" else f"fields.{name}")


def phrased(error: FieldError, words: Words) -> str:
    """What was expected, in the visitor's language where it is known there."""
    if error.expected in PHRASES:
        return words(PHRASES[error.expected], most=AXIS_VALUES_MAX)
    if name_of(error.path) == "hidden":
        return words("common.too_many_parameters", limit=f"{PARAMETERS_MAX:,}")
    return error.expected


def described(rule: Rule, words: Words) -> str:
    """What a rule accepts."""
    match rule:
        case Number(low, high, above):
            key = "common.number_above" if above else "common.number_from"
            return words(key, low=f"{low:g}", high=f"{high:g}")
        case Integer(low, high):
            return words("common.whole_from", low=low, high=high)
        case Choice(options):
            return words("common.one_of", options=", ".join(options))
        case Integers(low, high, most):
            return words("common.list_of", low=low, high=high, most=most)
        case Flag():
            return words("common.true_or_false")
        case _:
            return rule.expected


def printable(text: str) -> str:
    """Text that stands between backticks without ending them or running on."""
    return "".join(c if c.isprintable() and c != "`" else " " for c in text)[:60].strip() or " "
