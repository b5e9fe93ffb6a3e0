"""What a field refuses, as a sentence in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping

from core.fields import Choice, FieldError, Flag, Integer, Integers, Number, Rule, plain, shown
from core.limits import AXIS_VALUES_MAX, PARAMETERS_MAX
from dashboard.state import known_fields, name_of
from dashboard.text import Words

PAGE_FIELDS = ("preset", "live", "lang")
# What a study's values must be, where no rule of a field says it; the words of `core.studies`.
PHRASES = {
    "left out": "common.left_out",
    "a number": "common.a_number",
    "above 0 at both ends of a logarithmic range": "common.above_0_at_both_ends",
    f"given 1 to {AXIS_VALUES_MAX} values": "common.count_of_values",
    "a field that holds a number": "common.field_of_numbers",
    "a field, then list, linear or log, then values": "common.axis",
    "two ends and a count": "common.range",
}


def refused(
    error: FieldError, words: Words, link: bool, labels: Mapping[str, str] | None = None
) -> str:
    """Which field, what it must be, what it got, and what holds instead.

    `labels` names the settings that a page has besides an experiment's.
    """
    name = name_of(error.path)
    kept = words("common.refused_link" if link else "common.refused_kept")
    label = (labels or {}).get(name)
    if label is None and name not in known_fields() and name not in PAGE_FIELDS:
        return words("common.refused_unknown", name=printable(name))
    label = label or words("fields.language" if name == "lang" else f"fields.{name}")
    got = printable(shown(error.got).strip('"'))
    expected = phrased(error, words) if error.rule is None else described(error.rule, words)
    return words("common.refused", label=label, expected=expected, got=got, kept=kept)


def phrased(error: FieldError, words: Words) -> str:
    """What was expected, in the visitor's language where it is known there."""
    if name_of(error.path) == "hidden":
        return words("common.too_many_parameters", limit=f"{PARAMETERS_MAX:,}")
    key = PHRASES.get(error.expected)
    return words(key, most=AXIS_VALUES_MAX) if key else error.expected


def described(rule: Rule, words: Words) -> str:
    """What a rule accepts."""
    match rule:
        case Number(low, high, above):
            key = "common.number_above" if above else "common.number_from"
            return words(key, low=plain(low), high=plain(high))
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
