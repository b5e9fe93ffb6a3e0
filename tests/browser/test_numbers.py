"""The links to a page's numbers, in a real browser with real workers."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explore import QUICK, at_rest, unfold_takings, wait_done
from tests.browser.server import Server

PAGES = {
    "explore": ("", QUICK),
    "studies": ("studies", "study=momentum&seeds=1"),
    "compare": ("compare", "pin=epochs~40&pin=epochs~40~optimizer.momentum~0.9&seeds=1"),
    "claims": ("claims", "seeds=2"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leads_to_the_numbers_of_what_it_shows(page: Page, app: Server, name: str) -> None:
    path, query = PAGES[name]
    page.goto(f"{app.url}/{path}?{query}")
    wait_done(page)
    at_rest(page)
    unfold_takings(page)
    links = page.locator(".numbers-links a")
    expect(links).to_have_count(2)
    addresses = [links.nth(n).evaluate("(link) => link.href") for n in range(2)]
    answers = [page.request.get(address) for address in addresses]
    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.headers["content-type"] for answer in answers] == [
        "application/json",
        "text/csv; charset=utf-8",
    ]
    counts = json.loads(answers[0].text())["counts"]
    assert counts["runs"] == counts["ended"] > 0
