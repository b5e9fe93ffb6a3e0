"""The page of claims: settings, cards, and the page itself on a made-up engine."""

from __future__ import annotations

import math
import re

import pytest

from core.analysis.claims import CLAIMS, Claim, ClaimFigure, ClaimRuns, ClaimVerdict, judge
from core.analysis.statistics import estimate, wilson
from core.service import Laboratory
from dashboard.claims.cards import SHAPES, agreeing, card, figures, share
from dashboard.claims.counts import count_sentence
from dashboard.claims.job import by_study, milestones, verdicts_of, whole
from dashboard.claims.settings import ClaimsSettings
from dashboard.settings.pin import TRAINED, Pin
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp

EN = Words("en")
CLAIM = next(claim for claim in CLAIMS if claim.id == "momentum-by-50")
EXACT = [claim.id for claim in CLAIMS if claim.exact]


def verdict(kind: str, agree: int, total: int, claim: Claim = CLAIM) -> ClaimVerdict:
    values = estimate([8.0, 9.0, 10.0])
    shown = tuple(
        ClaimFigure(m, "momentum=0.9", values, 9.0, n) for n, m in enumerate(claim.measures)
    )
    return ClaimVerdict(claim, kind, wilson(agree, total), shown)  # type: ignore[arg-type]


def test_a_link_brings_everything_back() -> None:
    asked = ClaimsSettings(seeds=7, preset="keras-3", language="zh")
    assert ClaimsSettings.from_query(asked.to_query(), "en") == (asked, [])


def test_a_bad_link_is_refused_field_by_field() -> None:
    asked, refusals = ClaimsSettings.from_query(
        {"seeds": "0", "preset": "keras-3", "pi": "3"}, "en"
    )
    assert asked == ClaimsSettings(preset="keras-3")
    assert [error.path for error in refusals] == ["seeds", "pi"]


def test_one_job_holds_every_run_of_the_tutorial_once() -> None:
    of = whole(2, "keras-2.3")
    assert len(set(of.experiments)) == len(of.experiments)
    for name in TRAINED:
        key = ("keras-2.3", name)
        expected = [cell.seeded(2) for cell in of.studies[key].cells]
        assert [[of.experiments[run] for run in runs] for runs in of.runs[key]] == expected


def test_a_milestone_is_all_that_the_claims_of_a_study_rest_on() -> None:
    of = whole(3, "keras-2.3")
    for runs, name in zip(milestones(3, "keras-2.3"), TRAINED, strict=True):
        wanted = {
            measure.cell("keras-2.3").experiment
            for claim in by_study()[name]
            for measure in claim.measures
            if not claim.exact
        }
        assert {of.experiments[run].replace({"seed": 0}) for run in runs} == wanted
        assert len(runs) == 3 * len(wanted)


def test_before_any_run_only_exact_claims_are_judged() -> None:
    assert list(verdicts_of((), 10, "keras-2.3")) == EXACT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["holds", "depends", "fails"])
def test_a_verdict_is_a_word_and_a_shape_as_well_as_a_colour(kind: str, language: str) -> None:
    words = Words(language)
    html = card(CLAIM, verdict(kind, 5, 10), words)
    assert words(f"claims.{kind}") in html
    assert SHAPES[kind] in html
    assert f"claim-{kind}" in html
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_the_share_carries_its_interval() -> None:
    assert share(verdict("holds", 9, 10), EN) == "9 of 10 seeds agree (60–98 %)"
    assert share(verdict("depends", 1, 2), EN).startswith("1 of 2 seeds agrees")
    assert share(verdict("fails", 0, 1), EN).startswith("The one seed disagrees")
    assert share(ClaimVerdict(CLAIM, "holds", None, ()), EN) == EN("claims.exact")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["holds", "fails"])
def test_a_verdict_of_few_seeds_is_given_so_far(kind: str, language: str) -> None:
    words = Words(language)
    said = words("claims.so_far", verdict=words(f"claims.{kind}"))
    few, many = (verdict(kind, total * (kind == "holds"), total) for total in (3, 10))
    assert said in card(CLAIM, few, words)
    assert share(few, words) in words("claims.unsure", share=agreeing(few.share, words))
    assert said not in card(CLAIM, many, words)
    assert share(many, words) == agreeing(many.share, words)


@pytest.mark.parametrize(
    ("holds", "fails", "told"),
    [
        (10, 10, "Of 26 claims 1 holds, 1 fails, 24 wait for their runs."),
        (3, 10, "Of 26 claims 1 holds, 1 fails, 24 wait for their runs. “So far” stands with 1:"),
    ],
)
def test_the_count_says_how_many_are_not_sure(holds: int, fails: int, told: str) -> None:
    found = {"one": verdict("holds", holds, holds), "other": verdict("fails", 0, fails)}
    assert count_sentence(found, EN).startswith(told)
    assert ("So far" in count_sentence(found, EN)) == (holds == 3)


def test_an_interval_stays_inside_what_is_possible() -> None:
    # 53 ± 4.303 · 74.2 / √3 = 53 ± 184
    wide = ClaimFigure(CLAIM.measures[0], "", estimate([8.0, 13.0, 139.0]), 13.0, 0)
    assert figures(ClaimVerdict(CLAIM, "depends", wilson(2, 3), (wide,)), EN) == [
        "First epoch with 80 % test accuracy, the mean of the seeds: "
        "53, interval 1 to 200 (momentum 0.9)"
    ]


def test_of_two_seeds_both_values_are_given() -> None:
    """Two that got there at 21 and 139 are no 80 ± 750."""
    two = ClaimFigure(CLAIM.measures[0], "", estimate([21.0, 139.0]), 80.0, 8)
    [told] = figures(ClaimVerdict(CLAIM, "depends", wilson(2, 10), (two,)), EN)
    assert told.endswith(": 21, 139, never in 8 (momentum 0.9)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_that_would_seem_petty_says_why(language: str) -> None:
    claim = next(claim for claim in CLAIMS if claim.id == "paper-ends-near-0.0004")
    said = unescaped(card(claim, judge(claim, ClaimRuns([])), Words(language)))
    assert "4.78e-4" in said
    assert "0.000478" in said
    assert "0.0005" in said


def test_a_fall_is_told_with_a_minus_sign() -> None:
    claim = next(claim for claim in CLAIMS if claim.id == "rates-learn-nothing")
    fell = ClaimFigure(claim.measures[0], "", estimate([-0.02, -0.03, -0.04]), -0.03, 0)
    [told] = figures(ClaimVerdict(claim, "holds", wilson(3, 3), (fell,)), EN)
    assert told.endswith("−3.0 ± 2.5 % (learning rate 1e-6)")


def test_figures_carry_their_interval_and_those_that_never_got_there() -> None:
    # t of 2 degrees of freedom, 4.303, times 1 / √3
    assert figures(verdict("holds", 10, 10), EN) == [
        "First epoch with 80 % test accuracy, the mean of the seeds: 9 ± 2 (momentum 0.9); "
        "9 ± 2, never in 1 (momentum 0.99)"
    ]
    never = ClaimFigure(CLAIM.measures[0], "", estimate([]), math.inf, 3)
    assert figures(ClaimVerdict(CLAIM, "fails", wilson(0, 3), (never,)), EN) == [
        "First epoch with 80 % test accuracy, the mean of the seeds: never (momentum 0.9)"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_has_its_card_and_its_way_to_the_study(lent: Laboratory, language: str) -> None:
    page = PageApp("claims", lent, seeds="1", lang=language)
    for claim in CLAIMS:
        assert Words(language)(f"claims.claim_{claim.id}") in unescaped(page.html)
    assert len(page.app.get("page_link")) == len(CLAIMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_can_be_pinned_from_its_claims(lent: Laboratory, language: str) -> None:
    page = PageApp("claims", lent, seeds="2", preset="keras-3", lang=language)
    page.app.button(key="claims-pin-optimizer").click()
    page.run()
    held = page.app.session_state["comparison"]
    assert held.pins == (Pin(study="optimizer", preset="keras-3"),)
    assert held.seeds == 2
    assert [one.value for one in page.app.caption].count(Words(language)("compare.is_pinned")) == 1


def test_verdicts_appear_when_the_runs_have_ended(lent: Laboratory) -> None:
    page = PageApp("claims", lent, seeds="2")
    page.wait()
    assert page.html.count("data-verdict=") == len(CLAIMS)
    assert 'data-verdict="waiting"' not in page.html
    assert "wait for their runs" not in page.html


def test_the_chart_tells_when_the_runs_of_a_study_have_ended(lent: Laboratory) -> None:
    chart = PageApp("claims", lent, seeds="2").component("claims-chart")
    assert chart is not None
    assert chart["milestones"] == milestones(2, "keras-2.3")
    assert chart["tells"]


def unescaped(html: str) -> str:
    """What is read, whatever terms are marked in it."""
    return re.sub("</?dfn[^>]*>", "", html).replace("&#x27;", "'").replace("&quot;", '"')
