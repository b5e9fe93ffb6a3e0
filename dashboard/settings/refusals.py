"""What a field refuses, as a sentence in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from core.experiment.limits import SHOWN_CHARACTERS_MAX
from core.experiment.refusals import FieldError, shown
from dashboard.settings.state import known_fields, name_of
from dashboard.text import Words
from dashboard.text.literal import for_markdown

PAGE_FIELDS = ("preset", "live", "lang")
# Whose sentences say themselves what holds instead.
WHOLE = {
    *("unknown_parameter", "idle", "no_value", "long_pin"),
    *("too_many_values", "too_many_pins", "too_many_pins_link"),
}


class Marks(NamedTuple):
    """How a sentence sets a label off, and what a visitor wrote."""

    label: Callable[[str], str]
    quote: Callable[[str], str]


def bold(text: str) -> str:
    return f"**{text}**"


MARKDOWN, UNMARKED = Marks(bold, for_markdown), Marks(str, str)


def refused(
    error: FieldError,
    words: Words,
    link: bool,
    labels: Mapping[str, str] | None = None,
    marks: Marks = MARKDOWN,
) -> str:
    """Which field, what it must be, what it got, and what holds instead.

    `labels` names the settings that a page has besides an experiment's.
    """
    said = cannot_be(error, words, labels, marks)
    if said is None:
        name = marks.quote(one_line(name_of(error.path), words))
        return words("refusals.said_unknown_parameter", name=name)
    if error.code in WHOLE:
        return said
    kept = words("refusals.by_link" if link else "refusals.by_hand")
    return words("refusals.then", said=said, kept=kept)


def cannot_be(
    error: FieldError,
    words: Words,
    labels: Mapping[str, str] | None = None,
    marks: Marks = MARKDOWN,
) -> str | None:
    """Which field, what it must be and what it got, where nothing holds instead.

    None for a field that neither an experiment nor `labels` has.
    """
    label, own = labelled(error, words, labels or {}, marks), f"refusals.said_{error.code}"
    if label is None and not words.has(own):
        return None
    said = {
        "label": label,
        "name": marks.quote(one_line(name_of(error.path), words)),
        "got": marks.quote(as_typed(error, words)),
    }
    if words.has(own):
        return error.reason.fill(words(own), **said)
    key = f"refusals.{error.code}"
    expected = error.reason.fill(words(key)) if words.has(key) else error.expected
    return words("refusals.said", expected=expected, **said)


def as_typed(error: FieldError, words: Words) -> str:
    """What a field got: text as it stands, other values as JSON."""
    got = error.got
    return one_line(got if isinstance(got, str) else shown(got), words)


def labelled(
    error: FieldError, words: Words, labels: Mapping[str, str], marks: Marks
) -> str | None:
    """What the refused field is called, or of a grid both of its fields."""
    name = name_of(error.path)
    if error.code in ("same_field_twice", "fields_apart"):
        both = [words(f"fields.{one}") for one in dict.fromkeys(error.got)]
        return marks.label(words("refusals.and").join(both))
    if name in labels:
        return marks.label(labels[name])
    if name not in known_fields() and name not in PAGE_FIELDS:
        return None
    label = words("fields.language" if name == "lang" else f"fields.{name}")
    in_changes = name == "changes" and name != error.path  # where in them
    return marks.label(f"{label} ({error.path})" if in_changes else label)


def one_line(text: str, words: Words) -> str:
    """What a visitor wrote, as it stands in a sentence: on one line, and not too long."""
    line = "".join(c if c.isprintable() else " " for c in text[: SHOWN_CHARACTERS_MAX + 1])
    if len(line) > SHOWN_CHARACTERS_MAX:
        line = line[: SHOWN_CHARACTERS_MAX - 1] + "…"
    return line if line.strip() else words("refusals.empty")
