"""Verdicts as the command line tells them."""

from __future__ import annotations

import json

import pytest

from core.analysis.claims import CLAIMS, ClaimRuns, ClaimVerdict, judge
from core.analysis.claims.judge import figures, ruling
from core.analysis.statistics import wilson
from core.cli.claims import UNSURE_RULE, as_text
from core.export import verdicts_json

BY_ID = {claim.id: claim for claim in CLAIMS}


def told(claim: str, agree: int, values: list[float]) -> ClaimVerdict:
    """A verdict of so many seeds that agree, and a value a seed, the same of every measure."""
    of, share = BY_ID[claim], wilson(agree, len(values))
    rows = [[value] * len(of.measures) for value in values]
    return ClaimVerdict(of, ruling(share), share, figures(of, rows, "keras-2.3"))


def test_what_few_seeds_say_is_marked_and_the_mark_is_explained() -> None:
    text = as_text([told("patience-5-bottoms-by-25", 0, [30.0] * 3)], "keras-2.3")
    assert text.startswith("fails?    0 of 3 (0 % to 56 %)")
    assert UNSURE_RULE in text


def test_what_is_sure_has_no_mark() -> None:
    sure = [told("patience-5-bottoms-by-25", 0, [30.0] * 10)]
    sure.append(judge(BY_ID["paper-tenth-by-50"], ClaimRuns([])))
    text = as_text(sure, "keras-2.3")
    assert text.startswith("fails     0 of 10")
    assert UNSURE_RULE not in text


def test_scripts_are_told_whether_a_verdict_is_sure() -> None:
    verdicts = [told("rate-0.1-learns", n, [0.82] * n) for n in (3, 10)]
    assert [one["sure"] for one in json.loads(verdicts_json(verdicts))] == [False, True]


@pytest.mark.parametrize(
    ("claim", "values", "shown"),
    [  # t of 2 degrees of freedom, 4.303, times the deviation over √3
        ("patience-5-bottoms-by-25", [33.0, 86.0, 139.0], "86 (1 to 200)"),
        ("rate-0.1-learns", [0.7, 0.9, 0.95], "0.85 (0.521 to 1)"),
        ("rates-learn-nothing", [-0.03, -0.02, -0.01], "−0.02 (−0.0448 to 0.00484)"),
    ],
)
def test_intervals_stay_inside_what_is_possible(
    claim: str, values: list[float], shown: str
) -> None:
    assert shown in as_text([told(claim, 0, values)], "keras-2.3")
