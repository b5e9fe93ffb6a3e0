"""Whatever is handed in as an experiment: an experiment comes out, or one sentence."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from core.experiment import Experiment
from core.experiment.limits import JSON_CHARACTERS_MAX
from core.experiment.refusals import FieldError
from tests.experiment.mutilation import mutilated_texts, mutilated_values

COUNT = 10_000
SENTENCE_CHARACTERS_MAX = 400


def kept_or_refused(read, given):
    """How many were read, how many refused; any other exception passes through."""
    outcomes = Counter()
    for one in given:
        try:
            experiment = read(one)
        except FieldError as error:
            sentence = str(error)
            assert sentence.isprintable()
            assert len(sentence) < SENTENCE_CHARACTERS_MAX
            assert " must be " in sentence
            outcomes["refused"] += 1
        else:
            assert Experiment.from_dict(experiment.to_dict()) == experiment
            outcomes["kept"] += 1
    return outcomes


@pytest.mark.timeout(60)
def test_ten_thousand_mutilated_texts_raise_nothing_but_field_errors():
    outcomes = kept_or_refused(Experiment.from_json, mutilated_texts(COUNT, seed=1))
    assert outcomes["refused"] > COUNT // 2
    assert outcomes["kept"] > COUNT // 100  # some damage does no harm


@pytest.mark.timeout(60)
def test_ten_thousand_mutilated_values_raise_nothing_but_field_errors():
    outcomes = kept_or_refused(Experiment.from_dict, mutilated_values(COUNT, seed=2))
    assert outcomes["refused"] > COUNT // 2
    assert outcomes["kept"] > COUNT // 100


def test_mutilation_is_the_same_each_time():
    twice = [list(islice(mutilated_texts(100, seed=3), 100)) for _ in range(2)]
    assert twice[0] == twice[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "[]",
        '"{}"',
        "[" * JSON_CHARACTERS_MAX,
        '{"data":' * (JSON_CHARACTERS_MAX // 8),
        '{"epochs":' + "9" * 50_000 + "}",
        '{"epochs":1e9}',
        '{"epochs":1000000000}',
        '{"model":{"hidden":[' + ",".join(["1"] * 10_000) + "]}}",
        '{"optimizer":{"learning_rate":NaN}}',
        '{"optimizer":{"learning_rate":1e999}}',
        '{"optimizer":{"learning_rate":-Infinity}}',
        '{"optimizer":{"learning_rate":null}}',
        '{"seed":-1}',
        '{"seed":true}',
        '{"batch_size":0}',
        '{"schedule":{"kind":"plateau","patience":0}}',
        '{"\\ud800":1}',
    ],
)
def test_known_troublemakers_are_refused(text):
    with pytest.raises(FieldError, match="must be"):
        Experiment.from_json(text)
