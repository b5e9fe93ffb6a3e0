"""What a field refuses, as a sentence in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from core.experiment.limits import SHOWN_CHARACTERS_MAX
from core.experiment.refusals import FieldError, shown
from dashboard.settings.experiment import known_paths, name_of, path_of
from dashboard.settings.link import Refused
from dashboard.text import Words
from dashboard.text.literal import for_markdown

# Whose sentences say themselves what holds instead.
WHOLE = {
    *("unknown_parameter", "repeated", "idle", "no_value", "long_pin"),
    *("too_many_values", "too_many_pins", "too_many_pins_link"),
}
SENTENCES_MAX = 8  # in one box


class PinError(FieldError):
    """What one of several pins was refused; `pin` is its number, counted from 1."""

    def __init__(self, pin: int, error: FieldError) -> None:
        self.pin = pin
        super().__init__(f"Pin {pin}", error.path, error.why, error.got, error.rule)

    def quoting(self, text: str) -> PinError:
        return PinError(self.pin, super().quoting(text))


class Marks(NamedTuple):
    """How a sentence sets a label off, and what a visitor wrote."""

    label: Callable[[str], str]
    quote: Callable[[str], str]


def bold(text: str) -> str:
    return f"**{text}**"


MARKDOWN, UNMARKED = Marks(bold, for_markdown), Marks(str, str)


def refusal_sentence(
    error: FieldError,
    words: Words,
    by_link: bool,
    section: str = "fields",
    marks: Marks = MARKDOWN,
) -> str:
    """Which field, what it must be, what it got, and what holds instead.

    `section` has the words of the settings that a page has besides an experiment's.
    """
    said = cannot_be(error, words, section, marks)
    if said is None:
        name = marks.quote(one_line(error.path, words))
        said = words("refusals.said_unknown_parameter", name=name)
    elif error.code not in WHOLE:
        kept = words("refusals.by_link" if by_link else "refusals.by_hand")
        said = words("refusals.then", said=said, kept=kept)
    if isinstance(error, PinError):
        return words("refusals.at_pin", pin=error.pin, sentence=said)
    return said


def cannot_be(
    error: FieldError, words: Words, section: str = "fields", marks: Marks = MARKDOWN
) -> str | None:
    """Which field, what it must be and what it got, where nothing holds instead.

    None for a field that neither an experiment nor the section has.
    """
    label, own = field_label(error, words, section, marks), f"refusals.said_{error.code}"
    if error.code == "unknown_parameter" or (label is None and not words.has(own)):
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


def box(refusals: Sequence[Refused], words: Words, section: str = "fields") -> str:
    """What was refused and no control says, as one text; of very much the first."""
    said = [
        refusal_sentence(one.error, words, one.by_link, section)
        for one in refusals
        if not one.control and one.is_new
    ]
    more = len(said) - SENTENCES_MAX
    told = [*said[:SENTENCES_MAX], *([words("refusals.more", count=more)] if more > 0 else [])]
    return "\n\n".join(told)


def as_typed(error: FieldError, words: Words) -> str:
    """What a field got: text as it stands, other values as JSON."""
    got = error.got
    return one_line(got if isinstance(got, str) else shown(got), words)


def field_label(error: FieldError, words: Words, section: str, marks: Marks) -> str | None:
    """What the refused field is called, or of a grid both of its fields."""
    if error.code in ("same_field_twice", "fields_apart"):
        both = [words(f"fields.{name_of(one)}") for one in dict.fromkeys(error.got)]
        return marks.label(words("refusals.and").join(both))
    label, name = label_of(error.path, words, section), name_of(error.path)
    if label is None:
        return None
    in_changes = name == "changes" and name != error.path  # where in them
    return marks.label(f"{label} ({error.path})" if in_changes else label)


def label_of(path: str, words: Words, section: str = "fields") -> str | None:
    """What a field is called: one of the page, by its words, or one of an experiment.

    >>> label_of("optimizer.learning_rate", Words("en")), label_of("seeds", Words("en"), "claims")
    ('Learning rate', 'Seeds')
    """
    name = name_of(path)
    for place in (section, "fields"):
        own = f"{place}.field_{path.replace('.', '_')}"
        if words.has(own):
            return words(own)
    if name == "lang":
        return words("fields.language")
    known = path_of(path) in known_paths() or name == "changes" or name in ("preset", "live")
    return words(f"fields.{name}") if known else None


def one_line(text: str, words: Words) -> str:
    """What a visitor wrote, as it stands in a sentence: on one line, and not too long."""
    line = "".join(c if c.isprintable() else " " for c in text[: SHOWN_CHARACTERS_MAX + 1])
    if len(line) > SHOWN_CHARACTERS_MAX:
        line = line[: SHOWN_CHARACTERS_MAX - 1] + "…"
    return line if line.strip() else words("refusals.empty")
