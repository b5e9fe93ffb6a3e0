"""The pages run under their own Content-Security-Policy, and nothing of them runs against it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from dashboard.text import Words
from tests.browser.server import Server
from tests.browser.tabs import PATIENCE_MS, Tabs

EN = Words("en")
VIOLATED = """addEventListener("securitypolicyviolation", (event) => console.error(
    `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""
FOREIGN = """() => document.body.append(
    Object.assign(document.createElement("script"), { textContent: "window.foreign = 1" }))"""
PNG = b"\x89PNG\r\n\x1a\n"


def open_done(page: Page, url: str) -> None:
    """A page with its chart; without evaluating any text, as other tests do."""
    page.goto(url)
    expect(page.locator(".lrl-chart").first).to_have_attribute("data-state", "done")
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")


def picture(page: Page, kind: str) -> bytes:
    page.get_by_role("button", name=EN("chart.picture"), exact=True).first.click()
    with page.expect_download() as file:
        page.get_by_role("button", name=kind, exact=True).first.click()
    return Path(file.value.path()).read_bytes()


def test_nothing_of_a_page_runs_against_the_policy_but_what_is_foreign_does_not_run(
    tabs: Tabs, app: Server
) -> None:
    """Pages, fonts, components and pictures; then a script that somebody has put in."""
    page = tabs.open(bypass_csp=False)
    page.add_init_script(VIOLATED)
    open_done(page, f"{app.url}/?epochs=40")
    assert picture(page, EN("chart.picture_png")).startswith(PNG)
    assert b"<svg" in picture(page, EN("chart.picture_svg"))
    page.locator(".st-key-data-picture .main-svg").first.wait_for(timeout=PATIENCE_MS)
    open_done(page, f"{app.url}/studies?study=momentum&seeds=2&lang=zh")
    open_done(page, f"{app.url}/compare?pin=run&pin=optimizer.momentum~0.9&present=true")
    open_done(page, f"{app.url}/claims?seeds=2")
    claim = page.locator(".st-key-claim-rate-1-oscillates")
    claim.locator("summary").click()
    expect(claim.locator(".lrl-chart")).to_be_visible()
    assert tabs.errors == []
    page.evaluate(FOREIGN)
    assert page.evaluate("window.foreign") is None
    assert any("script-src-elem inline" in said for said in tabs.errors)
    tabs.errors.clear()
