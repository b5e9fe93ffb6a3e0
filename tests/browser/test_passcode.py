"""The page that asks for the passcode, on a phone, under the policy of all pages."""

from __future__ import annotations

from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from dashboard.guard.passcode import Passcode
from dashboard.guard.policy import Policy
from dashboard.text import Words
from tests.browser.explore import no_sideways
from tests.browser.tabs import DEVICES, Tabs
from tests.browser.test_axe import COLOURS, found_now
from tests.guard.served import served

ZH = Words("zh")
INSIDE = HTMLResponse("<!DOCTYPE html><title>in</title><p id=in>")
TOUCH = 44  # px


def test_the_passcode_leads_a_phone_to_its_link_and_a_wrong_one_says_so(tabs: Tabs) -> None:
    app = Starlette(routes=[Route("/{path:path}", lambda _: INSIDE)])
    phone = tabs.open(**DEVICES["phone"], bypass_csp=False, locale="zh-CN")
    with served(Policy(Passcode(app, "0.1", lambda: "secret"), lambda: ())) as server:
        link = f"http://127.0.0.1:{server.port}/studies?study=momentum&seeds=3"
        phone.goto(link)
        field = phone.get_by_label(ZH("guard.passcode_label"))
        expect(field).to_be_focused()
        field.fill("0.2")
        phone.get_by_role("button", name=ZH("guard.passcode_enter")).tap()
        expect(phone.get_by_role("alert")).to_have_text(ZH("guard.passcode_wrong"))
        assert found_now(phone) == []
        phone.emulate_media(color_scheme="dark")
        assert found_now(phone, COLOURS) == []
        sizes = phone.locator("input, button").evaluate_all("all => all.map(e => e.offsetHeight)")
        assert min(sizes) >= TOUCH
        no_sideways(phone)
        assert all("401" in said for said in tabs.errors)  # the two pages that asked
        tabs.errors.clear()
        field.fill("0.1")
        field.press("Enter")
        phone.locator("#in").wait_for(state="attached")
        assert phone.url == link
