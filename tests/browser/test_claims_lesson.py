"""Claims opened to their charts, and both versions of Keras, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from core.analysis.claims import CLAIMS
from tests.browser.explore import at_rest, link, no_sideways, no_traceback
from tests.browser.looks import misplaced_words
from tests.browser.server import Server
from tests.browser.test_claims_page import SEEDS, open_claims

POINTS = """(claim) => [...document.querySelectorAll(`.st-key-${claim} .lrl-plot`)].flatMap(
    (plot) => (plot.data ?? []).filter((t) => t.showlegend).map((t) => [t.name, t.y.length]))"""


def opened(page: Page, claim: str) -> None:
    """Open a claim that is in sight, until its chart has its curves."""
    page.locator(f".st-key-claim-open-{claim} summary").click()
    page.wait_for_function(
        f"(c) => ({POINTS})(c).some(([, n]) => n > 1)", arg=f"claim-open-{claim}"
    )
    at_rest(page)


def test_a_claim_opens_to_its_curves_and_closes_again(page: Page, app: Server) -> None:
    open_claims(page, app)
    expect(page.locator(".lrl-plot")).to_have_count(1)  # what is closed is not drawn
    opened(page, "decay-too-fast")
    curves = page.evaluate(POINTS, "claim-open-decay-too-fast")
    assert curves == [["decay 0.1", 200], ["decay 0.01", 200], ["decay 1e-4", 200]]
    group = page.locator(".st-key-claim-open-decay-too-fast")
    expect(group).to_contain_text("2 points below decay 1e-4")
    expect(group).to_contain_text("2 of 2 seeds say yes, so it holds.")
    page.locator(".st-key-claim-open-decay-too-fast summary").click()
    expect(page.locator(".lrl-plot")).to_have_count(1)
    no_traceback(page)


def test_those_that_flip_stand_in_front_and_the_link_carries_it(page: Page, app: Server) -> None:
    open_claims(page, app, f"seeds={SEEDS}&preset=both")
    heads = page.locator(".claim[data-each='holds fails']")
    expect(heads).to_have_count(4)
    first = page.locator(".claim").first.get_attribute("data-each")
    assert first == "holds fails"
    page.get_by_role("radiogroup", name="Show").get_by_text("Flip").click()
    expect(page.locator(".claim")).to_have_count(4)
    assert (link(page)["preset"], link(page)["show"]) == ("both", "flips")
    page.reload()
    expect(page.locator(".claim")).to_have_count(4)
    opened(page, "adagrad-is-faster")
    expect(page.locator(".st-key-claim-open-adagrad-is-faster .lrl-plot")).to_contain_text(
        "Keras 2.3"
    )
    page.get_by_role("radiogroup", name="Keras version").get_by_text("Keras 3").click()
    expect(page.locator(".claim")).to_have_count(len(CLAIMS))
    assert "show" not in link(page)


@pytest.mark.parametrize("claim", ["smaller-is-slower", "patience-2-bottoms-by-25"])
def test_words_of_a_chart_lie_on_no_others(page: Page, app: Server, claim: str) -> None:
    open_claims(page, app)
    opened(page, claim)
    assert misplaced_words(page) == []
    no_sideways(page)
