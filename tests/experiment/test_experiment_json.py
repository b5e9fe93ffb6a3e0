"""Experiments from JSON as people write it: what is read, and what is refused as it was typed."""

from __future__ import annotations

import json

import pytest

from core.experiment import Experiment
from core.experiment.field_types import Integer, Number
from core.experiment.limits import (
    JSON_CHARACTERS_MAX,
)
from core.experiment.records import flat
from core.experiment.refusals import FieldError


def test_a_field_that_is_given_twice_is_refused_by_name():
    with pytest.raises(FieldError, match=r"`epochs` must be given once, got \[5, 7\]"):
        Experiment.from_json('{"epochs": 5, "epochs": 7}')


def test_a_byte_order_mark_is_passed_over():
    assert Experiment.from_json('\ufeff{"epochs": 5}') == Experiment(epochs=5)


@pytest.mark.parametrize("rule", [Number(0, 100), Integer(0, 100)])
def test_a_number_is_read_as_people_write_it(rule):
    assert rule.read(" 10 ") == 10
    with pytest.raises(ValueError):  # noqa: PT011 (the rule says nothing; its field does)
        rule.read("1_0")


def test_text_that_is_no_json_or_too_long_is_refused():
    with pytest.raises(FieldError, match=r"must be valid JSON, got .*'epochs'"):
        Experiment.from_json("{'epochs': 5}")
    with pytest.raises(FieldError, match=f"at most {JSON_CHARACTERS_MAX} characters"):
        Experiment.from_json(" " * JSON_CHARACTERS_MAX + "{}")


@pytest.mark.parametrize(
    ("hidden", "layers"),
    [
        ('"50,50"', (50, 50)),
        ('"64，32"', (64, 32)),
        ('"none"', ()),
        ('["50", 3.2e1, "1e1"]', (50, 32, 10)),
    ],
)
def test_layers_in_json_are_read_as_everywhere(hidden, layers):
    assert Experiment.from_json(f'{{"model": {{"hidden": {hidden}}}}}').model.hidden == layers


def test_changes_in_json_may_be_a_text():
    changes = [{"epoch": 5, "optimizer.momentum": 0.9}]
    assert Experiment.from_dict({"changes": json.dumps(changes)}).get("changes") == changes


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ('{"epochs": 1e400}', "from 1 to 2000, got 1e400."),
        ('{"epochs": 1e9}', "from 1 to 2000, got 1e9."),
        ('{"optimizer": {"learning_rate": 1e400}}', "at most 10, got 1e400."),
        ('{"optimizer": {"learning_rate": 1E+2}}', "at most 10, got 1E+2."),
        ('{"optimizer": {"momentum": 1e-400}}', "it can be told from 0, got 1e-400."),
        ('{"loss": 1e2}', "got 1e2."),
        ('{"model": {"hidden": [1e400, 5]}}', "from 1 to 256, got [1e400, 5]."),
        ('{"model": {"hidden": ["a", "5"]}}', 'from 1 to 256, got ["a", "5"].'),
        ('{"model": {"hidden": "50;50"}}', 'written as 50,50, got "50;50".'),
        ('{"changes": [{"epoch": 1e400, "epochs": 5}]}', "from 1 to 2000, got 1e400."),
        ('{"changes": [{"epoch": 5, "schedule": 1e2}]}', "named fields, got 1e2."),
    ],
)
def test_what_is_refused_in_json_is_quoted_as_typed(text, end):
    with pytest.raises(FieldError) as caught:
        Experiment.from_json(text)
    assert str(caught.value).endswith(end)


def test_numbers_of_json_are_plain_numbers_once_they_are_read():
    text = '{"optimizer": {"learning_rate": 1e-1}, "epochs": 1e1, "data": {"noise": 2.0}}'
    read = Experiment.from_json(text)
    assert [type(value) for value in flat(read.to_dict()).values()] == [
        type(value) for value in flat(Experiment().to_dict()).values()
    ]
    assert read == Experiment().replace({"optimizer.learning_rate": 0.1, "epochs": 10})
