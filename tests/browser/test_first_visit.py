"""The strip of a first visit, in a real browser with real workers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.text import Words
from tests.browser.explore import at_rest, link, no_sideways, no_traceback, wait_done
from tests.browser.looks import weak_words
from tests.browser.server import Server
from tests.browser.tabs import DEVICES

EN = Words("en")
STRIP, TIP = ".lrl-first", ".lrl-term-tip:popover-open"


def open_first(page: Page, app: Server, query: str = "") -> str:
    page.goto(f"{app.url}/{query}")
    job = wait_done(page)
    expect(page.locator(STRIP)).to_be_visible()
    return job


def test_three_rates_lead_to_the_claims_and_back_again(page: Page, app: Server) -> None:
    job = open_first(page, app)
    strip = page.locator(STRIP)
    expect(strip).to_contain_text(EN("first_visit.ask_large"))
    slider = page.get_by_role("slider", name="Learning rate", exact=True)
    slider.focus()
    for _ in range(2):  # a decade each
        slider.press("PageUp")
    job = wait_done(page, not_job=job)
    expect(strip).to_contain_text(EN("first_visit.seen_large"))
    for name, rate in (("tiny", "0.0001"), ("good", "0.1")):
        strip.get_by_role("button", name=EN("first_visit.set", rate=rate)).click()
        expect(strip).to_contain_text(EN(f"first_visit.seen_{name}"))
        job = wait_done(page, not_job=job)
        assert float(link(page)["optimizer.learning_rate"]) == float(rate)
    at_rest(page)
    page.get_by_role("link", name=EN("first_visit.claims")).click()
    page.wait_for_url("**/claims?**")
    expect(page.locator(".claim").first).to_be_visible()
    page.go_back()
    expect(page.locator(STRIP)).to_be_visible()
    no_traceback(page)


def test_who_closed_it_does_not_see_it_again_after_a_reload(page: Page, app: Server) -> None:
    open_first(page, app)
    page.locator(STRIP).get_by_role("button", name="Close").click()
    expect(page.locator(STRIP)).to_have_count(0)
    # Every element that is ever put on the page is looked at: it must not flash up, either.
    page.add_init_script(
        """new MutationObserver(() => {
            if (document.querySelector(".lrl-first")) window.flashed = true;
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.reload()
    wait_done(page)
    at_rest(page)
    assert not page.evaluate("window.flashed ?? false")
    page.get_by_role("button", name="First steps").click()
    expect(page.locator(STRIP)).to_contain_text(EN("first_visit.ask_large"))


def test_the_strip_folds_away_before_a_room(page: Page, app: Server) -> None:
    open_first(page, app)
    page.locator(".st-key-present-toggle label").click()
    expect(page.locator(STRIP)).to_be_hidden()


def test_the_slider_that_is_meant_has_a_line_around_it(page: Page, app: Server) -> None:
    open_first(page, app)
    field = page.locator(".lrl-slider-field", has=page.get_by_label("Learning rate", exact=True))
    expect(field).to_have_css("outline-style", "solid")
    page.locator(STRIP).get_by_role("button", name="Close").click()
    expect(field).to_have_css("outline-style", "none")


def test_a_term_is_explained_by_mouse_and_by_keyboard(page: Page, app: Server) -> None:
    open_first(page, app)
    term = page.locator(f"{STRIP} .lrl-first-seen .lrl-term").first
    term.hover()
    expect(page.locator(TIP)).to_have_text(EN("glossary.epoch"))
    page.mouse.move(0, 0)
    page.locator(STRIP).hover(position={"x": 5, "y": 5})
    expect(page.locator(TIP)).to_have_count(0)
    term.focus()
    expect(page.locator(TIP)).to_have_text(EN("glossary.epoch"))
    assert term.get_attribute("aria-describedby") == page.locator(TIP).get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.locator(TIP)).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_it_is_short_and_a_tap_explains(
    tab: Callable[..., Page], app: Server, language: str
) -> None:
    page = tab(**DEVICES["phone"])
    open_first(page, app, f"?lang={language}")
    box = page.locator(STRIP).bounding_box()
    assert box is not None
    assert box["height"] <= 844 / 4  # a quarter of the screen
    no_sideways(page)
    page.locator(f"{STRIP} .lrl-term:visible").first.tap()
    tip = page.locator(TIP)
    expect(tip).to_be_visible()
    edges = tip.bounding_box()
    assert edges is not None
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= 390
    page.get_by_role("button", name=Words(language)("first_visit.set", rate=1)).tap()
    expect(page.locator(STRIP)).to_contain_text(Words(language)("first_visit.seen_large")[:20])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_words_can_be_read(tab: Callable[..., Page], app: Server, theme: str) -> None:
    page = tab(color_scheme=theme)
    open_first(page, app)
    assert weak_words(page) == []
