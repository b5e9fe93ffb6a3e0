"""What is marked on the chart of a run: what its accuracy is measured against, and evidence."""

from __future__ import annotations

import math
from typing import Any

from core.analysis.attainable import Benchmarks
from core.analysis.evidence import Evidence
from core.analysis.verdict import Verdict
from dashboard.settings.experiment import name_of
from dashboard.text import Words
from dashboard.text.numbers import percent, rate
from dashboard.text.phrases import lower_first

Json = dict[str, Any]

DIGITS = 6  # of a setting that is to be tried
ACCURACIES = ("accuracy", "val_accuracy")


def references(known: Benchmarks | None, words: Words, data: int = 0) -> list[Json]:
    """The lines across panels of accuracies: [{"name", "value", "text", "data"}]; none if unknown.

    `data` is which of the job's data sets they are of.
    """
    if known is None:
        return []
    values = {
        "possible": known.attainable,
        "reference": known.reference,
        "guessing": known.guessing,
    }
    return [
        {
            "name": words(f"chart.{name}"),
            "value": value,
            "text": words(f"chart.{name}_help", value=percent(value)),
            "data": data,
        }
        for name, value in values.items()
        if value is not None
    ]


def evidence(verdict: Verdict, words: Words) -> list[Json]:
    """What bears a verdict out, as the verdict gives it, each with its `kind` and its sentence."""
    found = [(one, kind(verdict, place)) for place, one in enumerate(verdict.evidence)]
    return [
        {**one.to_dict(), "kind": kind, "text": evidence_text(one, kind, words)}
        for one, kind in found
        if math.isfinite(one.value)  # what is no number cannot be marked, nor be told in JSON
    ]


def kind(verdict: Verdict, place: int) -> str:
    """What a value is: that of one epoch, the level of several, or how they move."""
    one = verdict.evidence[place]
    if one.last == 0:
        return "before"
    if one.first == one.last:
        return "at"
    if place == 0 and verdict.cause == "too_large":
        return "swing"
    if place == 0 and len(verdict.evidence) > 1 and verdict.cause in GAINS:
        return "change"
    return "level"


GAINS = ("too_small", "still_improving")  # their first evidence is by how much a figure changes


def evidence_text(one: Evidence, kind: str, words: Words) -> str:
    shown = value_text(one, kind in ("swing", "change"), words)
    column = words(f"chart.column_{one.column}")
    text = words(
        f"chart.evidence_{kind}", column=column, first=one.first, last=one.last, value=shown
    )
    return text[:1].upper() + text[1:]


def value_text(one: Evidence, is_difference: bool, words: Words) -> str:
    """A value as people write it: an accuracy in per cent, a difference of two in points."""
    if one.column not in ACCURACIES:
        return sign(one.value) + rate(abs(one.value))
    if is_difference:
        return words("chart.points", value=f"{sign(one.value)}{100 * abs(one.value):.1f}")
    return percent(one.value)


def sign(value: float) -> str:
    return "−" if value < 0 else ""


def next_step(verdict: Verdict, words: Words) -> Json | None:
    """What to try: {"path", "value", "text"}; None where nothing follows from the cause."""
    for path, value in (verdict.next or {}).items():
        return {"path": path, "value": value, "text": next_text(path, value, words)}
    return None


def next_text(path: str, value: Any, words: Words) -> str:
    if path == "epochs":
        return words("chart.next_epochs", value=value)
    field = words(f"fields.{name_of(path)}")
    return words("chart.next_value", field=lower_first(field), value=rate(value, DIGITS))
