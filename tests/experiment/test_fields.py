"""What a field refuses, and the sentence it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.experiment import PARTS, Experiment
from core.experiment.field_types import Choice, Flag, Integer, Integers, Number
from core.experiment.fields import rules
from core.experiment.limits import SHOWN_CHARACTERS_MAX
from core.experiment.refusals import FieldError, shown
from tests.experiment.strategies import accepted_by, refused_by

OWNERS = [cls for kinds in PARTS.values() for cls in kinds.values()] + [Experiment]
FIELDS = [(cls, name) for cls in OWNERS for name in rules(cls)]
RULES = {str(rules(cls)[name]): rules(cls)[name] for cls, name in FIELDS}  # many have the same


@pytest.mark.parametrize(("cls", "name"), FIELDS)
@settings(max_examples=25)  # of each of a hundred fields
@given(draw=st.data())
def test_a_refusal_names_field_expectation_and_value(cls, name, draw):
    rule = rules(cls)[name]
    value = draw.draw(refused_by(rule))
    with pytest.raises(FieldError) as caught:
        cls(**{name: value})
    error = caught.value
    assert (error.owner, error.path, error.rule) == (cls.__name__, name, rule)
    assert error.got is value
    assert str(error) == f"{cls.__name__}: `{name}` must be {rule.expected}, got {shown(value)}."
    assert str(error).isprintable()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@given(draw=st.data())
def test_a_rule_accepts_what_it_gave_back(rule, draw):
    once = rule.accept(draw.draw(accepted_by(rule)))
    assert rule.accept(once) == once
    assert type(rule.accept(once)) is type(once)


@pytest.mark.parametrize(
    ("rule", "text", "value"),
    [
        (Number(0.0, 10.0), " 1e-3 ", 0.001),
        (Number(0.0, 10.0), "7", 7.0),
        (Number(0.0, 10.0), "1,5", 1.5),
        (Integer(0, 100), " 42", 42),
        (Integer(0, 100), "1e2", 100),
        (Choice(("relu", "tanh")), " tanh ", "tanh"),
        (Flag(), "True", True),
        (Flag(), "false ", False),
        (Integers(1, 256, 8), "64, 32", (64, 32)),
        (Integers(1, 256, 8), "none", ()),
        (Integers(1, 256, 8), "64，32、16﹐8", (64, 32, 16, 8)),
    ],
)
def test_text_is_read(rule, text, value):
    assert rule.read(text) == value


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        (Number(0.0, 10.0), ["", "nan", "inf", "1e999", "-1", "ten", "0x1", "1_0", "1,500"]),
        (Integer(0, 100), ["", "1.5", "101", "-1", "9" * 5000, "1e3", "1,000"]),
        (Choice(("relu", "tanh")), ["", "RELU", "relu,tanh"]),
        (Flag(), ["", "1", "yes"]),
        (Integers(1, 256, 3), ["", ",", "1,,2", "0", "257", "1,2,3,4", "1;2"]),
    ],
)
def test_text_that_is_no_value_is_refused(rule, texts):
    for text in texts:
        with pytest.raises(ValueError):  # noqa: PT011  a rule leaves the words to its field
            rule.read(text)


def test_a_shown_value_is_short_printable_and_whole_where_it_fits():
    assert shown("a\nb") == r'"a\nb"'
    assert shown("\ud800\u2028") == '"  "'
    assert len(shown("x" * 10_000)) == SHOWN_CHARACTERS_MAX
    assert shown("x" * 10_000).endswith("x…")
    assert shown([1, None, {"a": float("inf")}]) == '[1, null, {"a": Infinity}]'
    assert shown({(1, 2): 3}) == "a value of type dict"


def test_a_deeply_nested_value_can_be_shown():
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    assert shown(nested) == "a value of type list"
