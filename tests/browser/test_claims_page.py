"""The page of claims, in a real browser with real workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from core.analysis.claims import CLAIMS
from tests.browser.explore import PATIENCE, link, no_sideways, no_traceback, wait_done
from tests.browser.looks import misplaced_words, weak_words
from tests.browser.server import Server, children_of
from tests.browser.tabs import DEVICES

SEEDS = 2


def open_claims(page: Page, app: Server, query: str = f"seeds={SEEDS}") -> str:
    """The page of a link, with every verdict given; the job."""
    page.goto(f"{app.url}/claims?{query}")
    token = wait_done(page)
    expect(page.locator("[data-verdict=waiting]")).to_have_count(0, timeout=PATIENCE)
    return token


def test_every_claim_gets_a_verdict_with_its_share_and_figures(page: Page, app: Server) -> None:
    open_claims(page, app)
    cards = page.locator(".claim")
    expect(cards).to_have_count(len(CLAIMS))
    card = page.locator("[data-claim='rate-0.1-learns']")
    expect(card).to_have_attribute("data-verdict", "holds")
    expect(card).to_contain_text("A rate of 0.1 learns the problem well.")
    expect(card).to_contain_text("2 of 2 seeds agree (34–100 %)")
    expect(card).to_contain_text("Test accuracy at the end, the median of ten epochs: 8")
    exact = page.locator("[data-claim='paper-ends-near-0.0004']")
    expect(exact).to_have_attribute("data-verdict", "fails")
    expect(exact).to_contain_text("4.78e-4")
    expect(page.locator(".study-said")).to_contain_text(f"Of {len(CLAIMS)} claims")
    page.locator(".lrl-chart").first.focus()
    for key in ("End", "ArrowDown"):
        page.keyboard.press(key)
    voice = page.locator(".lrl-frame [aria-live=polite]").first
    expect(voice).to_contain_text("Epoch 200. Momentum · 0 ")
    no_traceback(page)


@contextmanager
def held(processes: Sequence[int]) -> Iterator[None]:
    """Processes do nothing meanwhile, so that what is on the page stays as it is."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:  # else all tests after this one wait for them
        for process in processes:
            os.kill(process, signal.SIGCONT)


def test_verdicts_appear_while_others_wait_and_stop_ends_it(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/claims?seeds=40")
    expect(page.locator("[data-verdict=waiting]").first).to_be_visible(timeout=PATIENCE)
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    with held(children_of(app.process.pid)):
        expect(page.locator("[data-verdict=waiting]").first).to_be_visible()
        expect(page.locator(".claim:not([data-verdict=waiting])").first).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        wait_done(page)
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    no_traceback(page)


def test_a_claim_leads_to_its_study(page: Page, app: Server) -> None:
    open_claims(page, app)
    row = page.locator(".st-key-claim-patience-2-near-65")
    row.get_by_role("link", name="See the study").click()
    page.wait_for_url("**/studies?**")
    assert (link(page)["study"], link(page)["seeds"]) == ("patience", str(SEEDS))
    wait_done(page)
    expect(page.locator(".lrl-table tbody tr")).to_have_count(4, timeout=PATIENCE)


def test_more_seeds_train_only_what_is_missing(page: Page, app: Server) -> None:
    first = open_claims(page, app)
    page.get_by_role("slider", name="Seeds").press("ArrowRight")
    wait_done(page, not_job=first)
    expect(page.get_by_text("3 of 3 seeds agree", exact=False).first).to_be_visible()
    assert link(page)["seeds"] == "3"


def test_keras_3_ignores_the_decay_and_the_claims_on_it_fail(page: Page, app: Server) -> None:
    open_claims(page, app, f"seeds={SEEDS}&preset=keras-3")
    decayed = page.locator("[data-claim='decay-0.1-ends-at-3.1e-05']")
    expect(decayed).to_have_attribute("data-verdict", "fails")
    expect(decayed).to_contain_text("0.01")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", DEVICES)
def test_nothing_is_cut_off(
    tab: Callable[..., Page], app: Server, size: str, language: str
) -> None:
    page = tab(**DEVICES[size])
    open_claims(page, app, f"seeds={SEEDS}&lang={language}")
    no_sideways(page)
    assert misplaced_words(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_can_be_read(tab: Callable[..., Page], app: Server, theme: str) -> None:
    page = tab(color_scheme=theme)
    open_claims(page, app)
    assert weak_words(page) == []
