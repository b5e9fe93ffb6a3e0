"""The page that compares as tests use it: what it shows, and what is done with pins."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from dashboard.text import Words
from tests.browser.explore import at_rest, no_sideways, traces, wait_done
from tests.browser.looks import misplaced_words, weak_words
from tests.browser.server import Server

TABS = ("side-by-side", "overlay", "difference", "settings", "table")
TWO = "pin=epochs~40&pin=epochs~40~momentum~0.9"
THREE = f"{TWO}&pin=epochs~40~optimizer~adam"


def open_compare(page: Page, app: Server, query: str = TWO) -> str:
    """The page of a link, with everything trained; the job."""
    page.goto(f"{app.url}/compare?{query}")
    return wait_done(page)


def pins(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("pin", [])


def panel(page: Page, number: int) -> list[list[float]]:
    """The curves of a panel, counted from 1."""
    axis = "y" if number == 1 else f"y{number}"
    return [trace["y"] for trace in traces(page) if trace["axis"] == axis]


def names(page: Page) -> Locator:
    return page.locator(".pin-name")


def said(page: Page) -> Locator:
    return page.locator(".compare-said")


def open_tab(page: Page, name: str, words: Words) -> None:
    at_rest(page)
    page.get_by_role("tab", name=words(f"compare.tab_{name}"), exact=True).click()
    wanted = "" if name == "side-by-side" else f"tab={name}"
    page.wait_for_function("(wanted) => location.search.includes(wanted)", arg=wanted)


def edit(page: Page, place: int, action: str) -> None:
    """Do something with a pin, by keyboard alone."""
    at_rest(page)
    page.locator(f".st-key-pin-{place} [data-testid=stPopover] button").press("Enter")
    page.get_by_role("button", name=action, exact=True).press("Enter")


def close_menu(page: Page) -> None:
    """By keyboard; an open menu would take the focus back, and the next key with it."""
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def nothing_cut_off(page: Page) -> None:
    no_sideways(page)
    wide, seen = page.locator(".stMain").evaluate("(e) => [e.scrollWidth, e.clientWidth]")
    assert wide <= seen
    assert weak_words(page) == []
    assert misplaced_words(page) == []
