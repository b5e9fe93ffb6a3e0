"""The browser's way back and forth: one entry for each thing that somebody did."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.explore import at_rest, no_traceback, wait_done
from tests.browser.server import Server

PATHS = ("", "", "studies", "studies", "")
ARRIVED = """([before, path]) =>
    location.href !== before && location.search && location.pathname.endsWith(`/${path}`)"""


def entries(page: Page) -> int:
    found: int = page.evaluate("history.length")
    return found


def test_an_address_that_a_page_completes_is_no_step(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?learning_rate=0.3&epochs=5")
    before = entries(page)
    page.wait_for_url("**optimizer.learning_rate=0.3**")
    assert entries(page) == before
    page.reload()
    page.wait_for_url("**optimizer.learning_rate=0.3**")
    assert entries(page) == before


def test_back_and_forward_lead_through_all_that_was_done_page_by_page(
    page: Page, app: Server
) -> None:
    page.goto(f"{app.url}/?learning_rate=0.3&epochs=5")
    wait_done(page)
    seen = [page.url]
    steps = (
        lambda: page.get_by_role("slider", name="Learning rate").press("ArrowRight"),
        lambda: page.get_by_role("link", name="Studies").click(),
        lambda: page.get_by_role("radio", name="1 Data").click(),
        lambda: page.get_by_role("link", name="Explore").click(),
    )
    for step, path in zip(steps, PATHS[1:], strict=True):
        at_rest(page)
        step()
        page.wait_for_function(ARRIVED, arg=[seen[-1], path])
        seen.append(page.url)
    assert seen[1] == seen[-1] != seen[0]
    for there in reversed(seen[:-1]):
        page.go_back()
        page.wait_for_url(there)
        at_rest(page)
    for there in seen[1:]:
        page.go_forward()
        page.wait_for_url(there)
        at_rest(page)
    page.evaluate("history.back(); setTimeout(() => history.back(), 50)")  # as quickly as one can
    page.wait_for_url(seen[-3])
    at_rest(page)
    page.go_forward()
    page.wait_for_url(seen[-2])
    at_rest(page)
    page.reload()
    expect(page.get_by_role("radio", name="1 Data")).to_be_checked()
    assert page.url == seen[-2]
    no_traceback(page)
