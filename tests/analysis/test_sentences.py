"""Verdicts in words."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.sentences import WORDS, phrases, sentence
from core.analysis.verdict import Cause, judge
from core.experiment import Experiment
from tests.analysis.made_up_curves import KNOWN, MADE_UP, approach, run

CAUSES = {name for kinds in get_args(Cause) for name in get_args(kinds)}


def test_every_cause_has_its_sentence() -> None:
    assert {"diverged", "too_large", "too_short"} < CAUSES
    assert set(WORDS) >= CAUSES


@pytest.mark.parametrize("cause", MADE_UP)
def test_a_sentence_fills_in_all_it_needs(cause: str) -> None:
    said = judge(MADE_UP[cause], KNOWN)
    text = sentence(said)
    assert "{" not in text
    assert "nan" not in text
    assert all(phrase.code in WORDS for phrase in phrases(said))


def test_what_chance_gives_is_called_chance() -> None:
    lucky = run(approach(1.1, 0.4, 8), np.full(200, 0.86))
    assert "by chance more than the best rule’s 84.0 %" in sentence(judge(lucky, KNOWN))


def test_digits_are_measured_against_a_reference() -> None:
    digits = Experiment.from_dict({"data": {"kind": "digits"}})
    said = judge(replace(MADE_UP["settled"], experiment=digits), Benchmarks(None, 0.987, 0.107))
    assert "98.7 % by a support vector machine" in sentence(said)


def test_what_still_improves_is_told_by_its_level_and_by_its_last_epoch():
    """0.3 + 0.002 an epoch: 0.651 in the middle of epochs 151 to 200, and 0.7 at the last."""
    said = sentence(judge(MADE_UP["still_improving"], KNOWN))
    assert "65.1 % of test points in the last 50 epochs, 84.0 % possible" in said
    assert "; 70.0 % after epoch 200." in said


def test_what_is_too_small_is_told_by_its_level_and_by_its_last_epoch():
    """0.4 + 0.0001 an epoch: 0.4176 in the middle of epochs 151 to 200, and 0.42 at the last."""
    said = sentence(judge(MADE_UP["too_small"], KNOWN))
    assert "41.8 % of test points in the last 50 epochs, 42.0 % after epoch 200;" in said
