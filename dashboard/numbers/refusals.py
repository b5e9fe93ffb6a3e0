"""What of a link to numbers cannot be, a line each: the field, what it must be, what it got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.experiment.refusals import FieldError

# What a field must be, where only a page's own sentence says it. A page goes on with what applies;
# numbers of something else than was asked for would help nobody.
MUST_BE = {
    "unknown_parameter": "a parameter of this page",
    "repeated": "given once",
    "left_out": "left out, as it means nothing here",
    "idle": "left out of this pin, as it means nothing there",
    "no_value": "given a value",
    "long_pin": "of at most {most} characters",
    "too_many_values": "a study of at most {most} values",
    "too_many_pins": "at most {most}",
    "too_many_pins_link": "at most {most}",
    "too_many_runs": "at most {most} over all pins",
    "too_many_epochs": "at most {most} over all pins",
    "late_seed": "at most {most} for so many seeds",
    "same_field_twice": "two different fields",
    "fields_apart": "two fields that every run of the grid has",
}


class Refusals(NamedTuple):
    errors: Sequence[FieldError]


def line(error: FieldError) -> str:
    """One refusal: whose, which field, what it must be, what it got."""
    if error.code not in MUST_BE:
        return str(error)
    must = error.reason.fill(MUST_BE[error.code])
    return str(FieldError(error.owner, error.path, must, error.got))
