"""A page that was asked something is at rest once it was answered, and not before."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.rest import AT_REST, at_rest
from tests.browser.steered import Live, begun

CLICK = """(name) => {
    [...document.querySelectorAll("button")].find((one) => one.innerText === name).click();
}"""


def test_from_the_click_until_the_end_of_its_script_a_page_is_not_at_rest(serve, page: Page):
    page.goto(serve("sliders_app.py").url)
    expect(page.get_by_role("button", name="Again")).to_be_visible()
    at_rest(page)
    assert page.evaluate(f"() => {{ ({CLICK})('Again'); return ({AT_REST})(); }}") is False
    at_rest(page)


def test_a_page_whose_script_waits_is_not_at_rest(serve, page: Page):
    live = begun(Live(serve("live_app.py"), page, gated=1)).do("train").shows(state="done")
    at_rest(page)
    expect(page.get_by_text(f"Ended: {live.job}", exact=True)).to_be_visible()  # told before
    live.next_job().shows(job=live.job)
    assert not page.evaluate(AT_REST)
    live.do("open_gate")
    at_rest(page)
