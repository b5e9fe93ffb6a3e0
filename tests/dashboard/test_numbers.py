"""Numbers as people write them on the pages: in links, pins, typed fields and the sliders."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.field_types import Integer, Number
from core.experiment.refusals import FieldError
from dashboard.components.controls.experiment import PATIENCE_MAX
from dashboard.components.controls.form import Form
from dashboard.settings import pin
from dashboard.settings.experiment import link_text
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.link import Link
from dashboard.settings.refusals import MARKDOWN, UNMARKED, refusal_sentence
from dashboard.text import LANGUAGES, Words
from dashboard.text.numbers import exact
from tests.dashboard.every_field import EVERY_FIELD
from tests.dashboard.scripts import answer
from tests.experiment.numbers import FIELDS, TEXTS, meant

EN = Words("en")


def by_link(field: str, text: str) -> tuple[Experiment, list[FieldError]]:
    reading = ExploreSettings.from_query({field: text})
    return reading.settings.experiment, reading.refusals


def by_pin(field: str, text: str) -> tuple[Experiment, list[FieldError]]:
    reading = pin.from_text(f"{field}~{pin.escape_word(text)}")
    return reading.pin.experiment, reading.refusals


def by_hand(field: str, text: str) -> tuple[Experiment, list[FieldError]]:
    """As the typed field of a slider and a text box do it."""
    link = Link("typed", ExploreSettings)
    link.hold(ExploreSettings())
    Form.of(link, EN, "fields").change(FIELDS[field], text)
    held = link.held()
    assert held is not None
    return held.experiment, [one.error for one in link.refusals()]


@pytest.mark.parametrize("read", [by_link, by_pin, by_hand])
@pytest.mark.parametrize("field", FIELDS)
def test_a_text_is_read_alike_everywhere(
    read: Callable[[str, str], tuple[Experiment, list[FieldError]]], field: str
) -> None:
    found: dict[str, Any] = {}
    for text in TEXTS:
        experiment, refusals = read(field, text)
        found[text] = refusals[0].code if refusals else experiment.get(FIELDS[field])
        for error in refusals:
            quoted(error, text)
    assert found == meant(field)


def quoted(error: FieldError, text: str) -> None:
    """In every language and form the sentence has the text as it was typed, and what holds."""
    line = re.sub(r"\s", " ", text)
    for words in map(Words, LANGUAGES):
        for marks in (MARKDOWN, UNMARKED):
            sentence = refusal_sentence(error, words, by_link=True, marks=marks)
            assert marks.quote(line) in sentence
            assert sentence.endswith(words("refusals.by_link"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_readings_and_what_is_meant_are_in_the_sentence(language: str) -> None:
    words = Words(language)
    for text, told in {
        "1,000": ("1", "1000"),
        "5%": ("0.05",),
        "12,345": ("12.345", "12345"),
    }.items():
        [error] = by_link("learning_rate", text)[1]
        assert set(told) <= set(
            re.findall(r"[\d.]+\d|\d", refusal_sentence(error, words, by_link=True))
        )


def test_an_emptied_field_keeps_what_holds_and_says_nothing() -> None:
    assert by_hand("learning_rate", "  ") == (Experiment(), [])
    assert [error.code for error in by_link("learning_rate", " ")[1]] == ["number"]


NUMBERS = [rule for rule in EVERY_FIELD.values() if isinstance(rule, Number | Integer)]


@given(st.data(), st.sampled_from(NUMBERS))
def test_what_a_box_or_a_link_shows_reads_back_to_what_holds(
    draw: st.DataObject, rule: Number | Integer
) -> None:
    numbers = st.floats if isinstance(rule, Number) else st.integers
    value = rule.accept(draw.draw(numbers(rule.low, rule.high).filter(rule_of(rule))))
    assert rule.read(exact(value)) == value
    assert rule.read(link_text(value)) == value


def rule_of(rule: Number | Integer) -> Callable[[float], bool]:
    def accepts(value: float) -> bool:
        return not (isinstance(rule, Number) and rule.above and value == rule.low)

    return accepts


def test_every_digit_of_a_link_is_shown_in_its_box() -> None:
    query = {"schedule": "plateau", "min_delta": "0.000123456789"}
    state = ExploreSettings.from_query(query).settings
    assert exact(state.experiment.get("schedule.min_delta")) == "0.000123456789"


SLIDERS = {
    "learning_rate": {"scale": "log", "minimum": 1e-7, "maximum": 10.0},
    "momentum": {"scale": "near-one", "minimum": 0.0, "maximum": 0.999},
    "epochs": {"scale": "linear", "minimum": 1, "maximum": PATIENCE_MAX},
}
TYPED = """
import { Scale } from "./dashboard/components/slider/scale.js";
const [data, texts] = JSON.parse(process.argv[1]);
const scale = new Scale({ step: 1, off: null, ...data });
console.log(JSON.stringify(texts.map((text) => scale.typed(text) ?? null)));
"""
WRITTEN = """
import { read, written } from "./dashboard/components/slider/scale.js";
const values = JSON.parse(process.argv[1]);
console.log(JSON.stringify(values.map((value) => [written(value), read(written(value))])));
"""


@pytest.mark.parametrize("field", FIELDS)
def test_what_a_slider_reads_by_itself_is_what_python_reads(field: str) -> None:
    expected = meant(field)
    taken = dict(zip(TEXTS, answer(TYPED, [SLIDERS[field], TEXTS]), strict=True))
    assert all(value in (None, expected[text]) for text, value in taken.items())
    plain = {"learning_rate": "0.01", "momentum": "0.01", "epochs": "007"}[field]
    assert taken[plain] == expected[plain]


def test_what_a_slider_shows_reads_back_to_what_holds() -> None:
    values = [0.1 + 0.2, 1 / 3, 0.000123456789, 0.12345678901234567, 1e-7, 2.5e-4, 1e6, 123456.7, 0]
    for value, (text, read) in zip(values, answer(WRITTEN, values), strict=True):
        assert read == value
        assert Number(0.0, 1e9).read(text) == value
