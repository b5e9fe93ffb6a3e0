"""What a visitor tried, in a real browser with real workers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.text import Words
from tests.browser.explore import at_rest, link, no_sideways, no_traceback, open_page, wait_done
from tests.browser.looks import weak_words
from tests.browser.server import Server
from tests.browser.tabs import DEVICES

EN = Words("en")
ITEMS = ".lrl-history-list li"
KEEP = "Object.keys(localStorage).find((name) => name.startsWith('lrl-history'))"


def tried(page: Page, app: Server, *momenta: str) -> None:
    """Runs with these momenta, one after the other, each of which became an entry."""
    job = open_page(page, app, "epochs=20")
    unfold(page)
    expect(page.locator(ITEMS)).to_have_count(1)
    for count, momentum in enumerate(momenta, 2):
        field = page.locator(".st-key-control-momentum input[type=text]")
        field.fill(momentum)
        field.press("Enter")
        job = wait_done(page, not_job=job)
        expect(page.locator(ITEMS)).to_have_count(count)
    at_rest(page)


def unfold(page: Page) -> None:
    """On a phone it is folded at first."""
    if page.locator(".lrl-history:not([open])").count():
        page.locator(".lrl-history summary").click()
    expect(page.locator(".lrl-history")).to_have_attribute("open", "")


def names(page: Page) -> list[str]:
    return page.locator(".lrl-history-go").all_inner_texts()


def item(page: Page, name: str) -> Any:
    return page.locator(ITEMS).filter(has_text=name)


def test_what_was_tried_is_listed_with_what_differs_and_what_came_of_it(
    page: Page, app: Server
) -> None:
    tried(page, app, "0.9", "0.5")
    assert names(page) == ["Momentum 0.5, epochs 20", "Momentum 0.9, epochs 20", "Epochs 20"]
    assert page.locator(".lrl-history-go b").all_inner_texts() == ["Momentum 0.5", "Momentum 0.9"]
    final = page.locator(".lrl-figures dd").first.inner_text()
    newest = page.locator(ITEMS).first
    expect(newest).to_contain_text(final)
    expect(newest).to_have_attribute("aria-current", "true")
    expect(newest).to_be_in_viewport(ratio=1)  # with the strip of a first visit, unscrolled
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(page.locator(f"{ITEMS}[aria-current]")).to_have_count(1)
    expect(page.locator(".lrl-history summary")).to_have_text("History (3)")
    no_traceback(page)


def test_a_reload_keeps_the_list_and_the_same_run_again_does_not_double(
    page: Page, app: Server
) -> None:
    tried(page, app, "0.9")
    latest = f"JSON.parse(localStorage[{KEEP}]).entries.at(-1).time"
    before = page.evaluate(latest)
    page.reload()
    wait_done(page)
    unfold(page)
    assert names(page) == ["Momentum 0.9, epochs 20", "Epochs 20"]
    page.wait_for_function(f"(before) => {latest} > before", arg=before)  # it has ended again
    assert names(page) == ["Momentum 0.9, epochs 20", "Epochs 20"]


def test_a_click_goes_back_to_a_run_and_undo_returns(page: Page, app: Server) -> None:
    tried(page, app, "0.9")
    job = page.locator(".lrl-chart").first.get_attribute("data-job") or ""
    page.locator(".lrl-history-go").last.click()
    page.wait_for_url("**optimizer.momentum=0.0**")
    job = wait_done(page, not_job=job)
    expect(page.locator(".lrl-history-go").first).to_have_text("Epochs 20")
    expect(page.locator(ITEMS)).to_have_count(2)
    at_rest(page)
    page.locator(".st-key-explore-undo").get_by_role("button").first.click()
    page.wait_for_url("**optimizer.momentum=0.9**")
    wait_done(page, not_job=job)


def test_a_run_is_pinned_under_its_name_and_a_name_is_only_text(page: Page, app: Server) -> None:
    tried(page, app, "0.9")
    given = "<b>Fast</b> %{x}"
    item(page, "Momentum 0.9").get_by_role("button", name="Give a name").click()
    field = page.get_by_role("textbox", name=EN("history.name_label"))
    expect(field).to_be_focused()
    field.fill(given)
    field.press("Enter")
    assert names(page) == [given, "Epochs 20"]
    item(page, given).get_by_role("button", name="Pin to compare").click()
    page.locator(".st-key-pinning-pin a").click()
    page.wait_for_url("**/compare?**")
    expect(page.locator(".pin-name")).to_contain_text(given)
    no_traceback(page)


def test_escape_leaves_a_name_as_it_was_and_an_empty_one_takes_it_away(
    page: Page, app: Server
) -> None:
    tried(page, app)
    for text, key, expected in (
        ("One", "Enter", "One"),
        ("Two", "Escape", "One"),
        ("", "Enter", "Epochs 20"),
    ):
        page.get_by_role("button", name="Give a name").press("Enter")
        field = page.get_by_role("textbox", name=EN("history.name_label"))
        field.fill(text)
        field.press(key)
        assert names(page) == [expected]
        expect(page.get_by_role("button", name="Give a name")).to_be_focused()


def test_what_was_cleared_comes_back_by_undo(page: Page, app: Server) -> None:
    tried(page, app, "0.9")
    before = names(page)
    page.get_by_role("button", name=EN("history.clear"), exact=True).click()
    expect(page.locator(ITEMS)).to_have_count(0)
    undo = page.locator(".lrl-history").get_by_role("button", name=EN("history.undo"))
    expect(undo).to_be_focused()
    undo.press("Enter")
    assert names(page) == before
    page.get_by_role("button", name=EN("history.clear"), exact=True).click()
    page.reload()
    assert page.evaluate(f"JSON.parse(localStorage[{KEEP}]).entries") == []


def test_the_list_is_taken_home_as_json(page: Page, app: Server) -> None:
    tried(page, app, "0.9")
    with page.expect_download() as file:
        page.locator(".lrl-history").get_by_role("button", name="JSON").click()
    entries = json.loads(Path(file.value.path()).read_text())["history"]
    assert [one["settings"]["optimizer.momentum"] for one in entries] == ["0.0", "0.9"]
    page.goto(entries[0]["link"])
    wait_done(page)
    assert link(page)["optimizer.momentum"] == "0.0"


def test_what_a_link_of_the_list_gets_wrong_is_told_as_of_any_link(page: Page, app: Server) -> None:
    tried(page, app)
    page.evaluate(
        f"""() => {{
            const kept = JSON.parse(localStorage[{KEEP}]);
            kept.entries[0].query = "optimizer.momentum=7&optimizer.learning_rate=0.02";
            kept.entries[0].key = "foreign";
            localStorage[{KEEP}] = JSON.stringify(kept);
        }}"""
    )
    page.reload()
    wait_done(page)
    unfold(page)
    page.locator(".lrl-history-go").last.click()
    expect(page.locator(".stAlert")).to_contain_text("Momentum must be")
    page.wait_for_url("**optimizer.learning_rate=0.02**")
    no_traceback(page)


@pytest.mark.parametrize("kept", ["{", '{"version":1,"entries":[{"query":5},null]}'])
def test_what_is_no_history_is_dropped_and_the_page_works(
    page: Page, app: Server, kept: str
) -> None:
    page.goto(f"{app.url}/?epochs=20")
    page.evaluate("(kept) => (localStorage['lrl-history:/'] = kept)", kept)
    page.reload()
    wait_done(page)
    unfold(page)
    expect(page.locator(ITEMS)).to_have_count(1)


def test_without_a_store_the_list_lasts_as_long_as_the_page(
    visit: Callable[..., Page], app: Server
) -> None:
    page = visit()
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("forbidden", "SecurityError"); },
        });"""
    )
    tried(page, app, "0.9")
    assert names(page) == ["Momentum 0.9, epochs 20", "Epochs 20"]


def test_nothing_of_the_list_is_sent_but_by_a_click(page: Page, app: Server) -> None:
    sent: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda said: sent.append(said)))
    tried(page, app)
    page.get_by_role("button", name="Give a name").click()
    field = page.get_by_role("textbox", name=EN("history.name_label"))
    field.fill("between-us")
    field.press("Enter")
    sent.clear()
    page.locator(".st-key-control-momentum input[type=text]").fill("0.9")
    page.locator(".st-key-control-momentum input[type=text]").press("Enter")
    expect(page.locator(ITEMS)).to_have_count(2)
    assert sent
    assert not any(
        b"between-us" in (one if isinstance(one, bytes) else one.encode()) for one in sent
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_all_of_it_is_large_enough_for_a_finger(
    tab: Callable[..., Page], app: Server, scheme: str
) -> None:
    phone = tab(**DEVICES["phone"], color_scheme=scheme)
    open_page(phone, app, "epochs=20")
    phone.locator(".lrl-history summary").tap()
    expect(phone.locator(ITEMS)).to_have_count(1)
    for one in phone.locator(".lrl-history :is(summary, button):visible").all():
        box = one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    no_sideways(phone)
    assert weak_words(phone) == []
