"""The page that compares, in a real browser with real workers."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from dashboard.settings.pin import escape_word
from dashboard.text import Words
from tests.browser.compare import (
    THREE,
    TWO,
    close_menu,
    edit,
    names,
    nothing_cut_off,
    open_compare,
    panel,
    pins,
    said,
)
from tests.browser.explore import (
    PATIENCE,
    at_rest,
    download,
    job,
    no_traceback,
    plotted,
    press,
    wait_done,
)
from tests.browser.server import Server
from tests.browser.tabs import DEVICES

NASTY = "![p](//h/p.png) %{x} {epoch} <i>c</i>"


def test_everything_a_visitor_wrote_is_text(page: Page, app: Server) -> None:
    query = urlencode({"pin": f"name~{escape_word(NASTY)}~epochs~40"})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_compare(page, app, f"{query}&{TWO}&tab=overlay")
    expect(page.locator(".legendtext").first).to_have_text(NASTY)
    page.locator(".nsewdrag").hover()
    expect(page.locator(".hoverlayer")).to_contain_text(f"{NASTY} ")
    open_compare(page, app, f"{query}&{TWO}&tab=difference")
    expect(page.locator(".compare-key")).to_contain_text(f"higher than {NASTY}.")
    expect(said(page)).to_contain_text(NASTY)
    open_compare(page, app, f"{query}&{TWO}")
    expect(page.locator(".annotation-text").first).to_contain_text("![p](//h/p.png)")
    assert not [url for url in asked if "//h/" in url]


def test_what_is_pinned_on_the_first_page_stands_side_by_side(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?epochs=40")
    first = wait_done(page)
    slow = plotted(page)
    page.get_by_role("button", name="Pin to compare", exact=True).click()
    expect(page.get_by_role("link", name="Compare (1)")).to_be_visible()
    press(page, "Learning rate", "PageUp")
    second = wait_done(page, not_job=first)
    fast = plotted(page)
    page.get_by_role("button", name="Pin to compare", exact=True).click()
    page.get_by_role("link", name="Compare (2)").click()
    page.wait_for_url("**/compare?pin=**")
    third = wait_done(page, not_job=second)
    page.goto(page.url.replace("seeds=5", "seeds=1"))  # what is compared starts with five seeds
    wait_done(page, not_job=third)
    assert panel(page, 1) == slow[:2]  # accuracy, train and test
    assert panel(page, 2) == fast[:2]
    assert pins(page) == ["epochs~40", "optimizer.learning_rate~0.1~epochs~40"]


def test_a_study_is_pinned_with_its_seeds(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/studies?study=optimizer&preset=keras-3&seeds=3")
    first = wait_done(page)
    page.get_by_role("button", name="Pin to compare", exact=True).click()
    page.get_by_role("link", name="Compare (1)").click()
    page.wait_for_url("**/compare?pin=**")
    wait_done(page, not_job=first)
    assert pins(page) == ["study~optimizer~preset~keras-3"]
    expect(page.locator(".st-key-compare-seeds input[type=text]")).to_have_value("3")
    expect(names(page)).to_have_text(["Optimizers, Keras 3"])


@pytest.mark.parametrize("language", ["zh"])  # which no profile brings by itself
def test_a_link_shows_the_same_in_a_fresh_profile(
    page: Page, visit: Callable[..., Page], app: Server, language: str
) -> None:
    first = page
    open_compare(first, app, f"{THREE}&seeds=3&show=loss&lang={language}")
    expect(said(first)).not_to_be_empty()
    second = visit()
    second.goto(first.url)
    wait_done(second)
    assert plotted(second) == plotted(first)
    expect(names(second)).to_have_text(names(first).all_inner_texts())
    expect(said(second)).to_have_text(said(first).inner_text())
    assert second.url == first.url


def test_a_panels_slider_changes_its_own_run_only(page: Page, app: Server) -> None:
    first = open_compare(page, app, THREE)
    before = [panel(page, number) for number in (1, 2, 3)]
    slider = page.locator(".st-key-pin-1").get_by_role("slider", name="Learning rate")
    slider.focus()
    slider.press("PageUp")
    wait_done(page, not_job=first)
    after = [panel(page, number) for number in (1, 2, 3)]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]
    ghosts = page.evaluate(
        """() => document.querySelector(".lrl-plot").data
            .filter((trace) => trace.opacity).map((trace) => [trace.yaxis, Array.from(trace.y)])"""
    )
    assert ghosts == [["y2", curve] for curve in before[1]]
    assert pins(page)[1] == "optimizer.learning_rate~0.1~optimizer.momentum~0.9~epochs~40"


def test_a_panels_optimizer_can_be_chosen(page: Page, app: Server) -> None:
    first = open_compare(page, app)
    page.locator(".st-key-pin-1").get_by_role("combobox", name="Optimizer").click()
    page.get_by_role("option", name="RMSprop", exact=True).click()
    wait_done(page, not_job=first)
    assert pins(page) == ["epochs~40", "optimizer.kind~rmsprop~epochs~40"]
    expect(names(page)).to_have_text(["SGD", "RMSprop"])


def test_a_removed_pin_comes_back_by_undo_with_the_keyboard_alone(page: Page, app: Server) -> None:
    first = open_compare(page, app, THREE)
    before, link = plotted(page), pins(page)
    edit(page, 1, "Remove")
    second = wait_done(page, not_job=first)
    expect(names(page)).to_have_text(["SGD", "Adam"])
    assert len(plotted(page)) == 4
    close_menu(page)
    page.get_by_role("button", name="Undo").press("Enter")
    wait_done(page, not_job=second)
    assert plotted(page) == before
    assert pins(page) == link
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_pins_are_duplicated_renamed_and_moved_and_each_step_is_undone(
    page: Page, app: Server
) -> None:
    open_compare(page, app)
    edit(page, 0, "Duplicate")
    expect(names(page)).to_have_count(3)
    close_menu(page)
    edit(page, 2, "Move earlier")
    expect(names(page).nth(1)).to_have_text("Momentum 0.9")
    close_menu(page)
    at_rest(page)
    page.locator(".st-key-pin-1 [data-testid=stPopover] button").click()
    name = page.get_by_label("Name", exact=True)
    name.fill("Quick ~ 100 %")
    name.press("Enter")
    expect(names(page).nth(1)).to_have_text("Quick ~ 100 %")
    close_menu(page)
    page.wait_for_url("**Quick**")
    for expected in (
        ["Momentum 0", "Momentum 0.9", "Momentum 0 (2)"],
        ["Momentum 0", "Momentum 0 (2)", "Momentum 0.9"],
        ["Momentum 0", "Momentum 0.9"],
    ):
        at_rest(page)
        page.get_by_role("button", name="Undo").click()
        expect(names(page)).to_have_text(expected)


def test_the_back_button_undoes_as_well(page: Page, app: Server) -> None:
    first = open_compare(page, app, THREE)
    link = pins(page)
    edit(page, 2, "Remove")
    second = wait_done(page, not_job=first)
    page.go_back()
    wait_done(page, not_job=second)
    assert pins(page) == link


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_stopped_goes_on(page: Page, app: Server, language: str) -> None:
    words = Words(language)
    long = "epochs~2000~batch_size~8"  # 126,000 updates a run; no machine is done with 50 at once
    page.goto(f"{app.url}/compare?pin={long}&seeds=50&lang={language}")
    seen = "() => Number(document.querySelector('.lrl-chart')?.dataset.points) > 0"
    page.wait_for_function(seen, timeout=PATIENCE)
    stop, go_on = (
        page.get_by_role("button", name=words(f"studies.{name}"), exact=True)
        for name in ("stop", "train_on")
    )
    stop.click()
    stopped = wait_done(page)
    go_on.click()
    page.wait_for_function("document.querySelector('.lrl-chart').dataset.state !== 'done'")
    assert job(page) != stopped
    stop.click()
    expect(go_on).to_be_visible(timeout=PATIENCE)
    no_traceback(page)


def test_settings_show_what_differs_and_on_demand_all(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/compare?{TWO}&tab=settings")
    rows = page.locator(".compare-settings tbody tr")
    expect(rows).to_have_count(1, timeout=PATIENCE)
    expect(rows.first).to_contain_text("Momentum")
    page.get_by_text("All settings", exact=True).click()
    expect(rows.nth(10)).to_be_visible()
    expect(page.locator(".compare-settings tr.differs")).to_have_count(1)


def test_the_table_sorts_and_can_be_taken_home(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/compare?{THREE}&seeds=3&tab=table")
    first = page.locator(".lrl-table tbody tr").first
    expect(first).to_contain_text("3 finished", timeout=PATIENCE)
    page.locator(".lrl-table th button", has_text="Test loss").click()
    page.wait_for_url("**sort=val_loss**")
    losses = page.locator(".lrl-table tbody tr td:nth-child(6)").all_inner_texts()
    values = [float(loss.split()[0].rstrip(",")) for loss in losses]
    assert values == sorted(values)
    assert len(download(page, "Table as CSV").splitlines()) == 4
    assert len(download(page, "All epochs as CSV").splitlines()) == 1 + 3 * 3 * 40


def test_a_bad_pin_is_told_and_the_others_apply(page: Page, app: Server) -> None:
    open_compare(page, app, "pin=epochs~40&pin=epochs~40~momentum~7&pin=haste~1&seeds=0")
    for words in ("Pin 2: Momentum must be", "Pin 3: The link has a field haste", "Seeds must be"):
        expect(page.locator(".stAlert p").filter(has_text=words)).to_be_visible()
    expect(page.locator(".stAlert")).to_have_count(1)
    assert pins(page) == ["epochs~40", "epochs~40", "run"]
    no_traceback(page)


def test_more_pins_than_there_is_room_for_are_told(page: Page, app: Server) -> None:
    open_compare(page, app, "&".join(f"pin=epochs~{10 + n}" for n in range(10)))
    expect(page.locator(".stAlert")).to_contain_text("10 pins; at most 8")
    assert len(pins(page)) == 8
    assert len(plotted(page)) == 16
    page.locator(".st-key-pin-0 [data-testid=stPopover] button").click()
    page.get_by_role("button", name="Duplicate").click()
    expect(page.locator(".stAlert")).to_contain_text("Remove one first")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_page_says_how_to_begin_and_begins_by_one_click(
    tab: Callable[..., Page], app: Server, language: str
) -> None:
    words, page = Words(language), tab(color_scheme="dark", **DEVICES["phone"])
    page.goto(f"{app.url}/compare?lang={language}")
    expect(page.get_by_text(words("compare.empty_title"))).to_be_visible(timeout=PATIENCE)
    nothing_cut_off(page)
    page.get_by_role("button", name=words("compare.start_momentum")).click()
    wait_done(page)
    assert pins(page) == ["run", *(f"optimizer.momentum~{m}" for m in (0.5, 0.9, 0.99))]
    assert len(plotted(page)) == 24  # of four, train and test, each on a band of two edges


def test_studies_stand_side_by_side_too(page: Page, app: Server) -> None:
    open_compare(page, app, "pin=study~optimizer~epochs~40&pin=study~momentum~epochs~20")
    assert [len(panel(page, 1)), len(panel(page, 2))] == [4, 4]
    assert {len(curve) for curve in panel(page, 2)} == {20}
    edit(page, 1, "Take apart into runs")
    expect(names(page)).to_have_count(5)
    no_traceback(page)
