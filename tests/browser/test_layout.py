"""How pages lie at every width, on a phone, for a room, and while they load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Response, expect

from dashboard.navigation import PAGES
from tests.browser.compare import THREE
from tests.browser.explore import PATIENCE, QUICK, at_rest, chart, link, open_page, wait_done
from tests.browser.server import Server
from tests.browser.tabs import DEVICES
from tests.browser.widths import (
    HEIGHT,
    SHIFT_MOST,
    WATCH_SHIFTS,
    WIDTHS,
    ZOOMED,
    faults_by_size,
    is_in_view,
    resize,
    shifts,
    style_of,
)

STUDY = "study=own&vary=momentum:list:0,0.5,0.9&epochs=30&seeds=2"
SHOWN = {  # of each page something that is trained at once
    "explore": f"/?{QUICK}",
    "studies": f"/studies?{STUDY}",
    "compare": f"/compare?{THREE}",
    "claims": "/claims?seeds=2",
}
TOUCH = 44  # px, WCAG 2.2, 2.5.5


def test_of_every_page_something_is_looked_at() -> None:
    assert set(SHOWN) == set(PAGES)


@pytest.mark.parametrize("address", [*SHOWN.values(), f"/?{QUICK}&present=true"])
def test_no_controls_overlap_at_any_width_nor_zoomed(page: Page, app: Server, address: str) -> None:
    page.goto(f"{app.url}{address}")
    wait_done(page)
    at_rest(page)
    assert faults_by_size(page, [*((width, HEIGHT) for width in WIDTHS), *ZOOMED]) == {}


GROUPS = ("Schedule", "Optimizer", "Data", "Network", "Training")


def open_group(page: Page, name: str) -> None:
    page.locator(".st-key-controls summary").filter(has_text=name).click()
    expect(page.locator(".st-key-controls details[open]").filter(has_text=name)).to_have_count(1)
    at_rest(page)


def test_the_stage_is_in_view_whatever_groups_are_open(page: Page, app: Server) -> None:
    open_page(page, app)
    open_group(page, GROUPS[0])
    open_group(page, GROUPS[-1])
    last = page.locator(".st-key-controls details[open] input[type=text]").last
    for size in ((1440, 900), (1040, 700), (800, 700)):
        resize(page, *size)
        last.click()  # which looks for it, and finds it where nothing lies over it
        assert is_in_view(chart(page))
        assert page.locator(".stMain").evaluate("(e) => e.scrollTop") == 0


def test_a_group_closes_when_another_opens(page: Page, app: Server) -> None:
    open_page(page, app)
    for name in GROUPS[1:]:
        open_group(page, name)
        expect(page.locator(".st-key-controls details[open]")).to_have_count(1)


def places(page: Page) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    controls, stage, aside = (
        page.locator(f".st-key-{name}").bounding_box() for name in ("controls", "stage", "aside")
    )
    return controls, stage, aside


def beside(one: dict[str, float], two: dict[str, float]) -> bool:
    return one["x"] + one["width"] <= two["x"] and abs(one["y"] - two["y"]) < 1


def above(one: dict[str, float], two: dict[str, float]) -> bool:
    return one["y"] + one["height"] <= two["y"] and abs(one["x"] - two["x"]) < 1


def test_width_decides_what_lies_beside_what(page: Page, app: Server) -> None:
    open_page(page, app)
    controls, stage, aside = places(page)
    assert beside(controls, stage)
    assert beside(stage, aside)
    resize(page, 800)
    controls, stage, aside = places(page)
    assert beside(controls, stage)
    assert above(stage, aside)
    resize(page, 600)
    controls, stage, aside = places(page)
    assert above(stage, controls)
    assert above(controls, aside)


def test_by_taps_a_phone_gets_to_every_page_and_back_to_its_settings(
    phone: Page, app: Server
) -> None:
    open_page(phone, app, f"{QUICK}&learning_rate=0.05")
    at_rest(phone)
    bar = phone.get_by_role("navigation")
    for name in ("Studies", "Compare"):
        bar.get_by_role("link", name=name).tap()
        phone.wait_for_url(f"**/{name.lower()}*")
        expect(bar.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        at_rest(phone)
    expect(bar.get_by_role("link", name="Claims")).to_be_hidden()
    bar.get_by_role("button", name="More").tap()
    bar.get_by_role("link", name="Claims").tap()
    phone.wait_for_url("**/claims*")
    at_rest(phone)
    expect(bar.get_by_role("link", name="Claims")).to_be_hidden()  # the sheet has closed
    bar.get_by_role("link", name="Explore").tap()
    phone.wait_for_url("**learning_rate=0.05**")
    wait_done(phone)


def test_on_a_phone_four_tabs_are_in_sight_and_large_enough_for_a_thumb(
    phone: Page, app: Server
) -> None:
    open_page(phone, app)
    phone.locator(".st-key-control-patience").scroll_into_view_if_needed()
    tabs = phone.locator(".st-key-tabs").locator("a, button")
    expect(tabs).to_have_text(["Explore", "Studies", "Compare", "More"])
    for tab in tabs.all():
        box = tab.bounding_box()
        assert min(box["width"], box["height"]) >= TOUCH
        assert box["y"] > phone.viewport_size["height"] * 0.75
        assert is_in_view(tab)


def test_under_more_a_phone_finds_the_language(phone: Page, app: Server) -> None:
    open_page(phone, app)
    more = phone.get_by_role("button", name="More")
    more.tap()
    expect(more).to_have_attribute("aria-expanded", "true")
    phone.get_by_role("radio", name="中文").tap()
    expect(phone.get_by_role("link", name="研究")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("radio", name="中文")).to_be_hidden()


def test_by_present_type_and_lines_grow_and_the_controls_fold_away(page: Page, app: Server) -> None:
    open_page(page, app)
    expect(page.locator(".st-key-controls")).to_be_visible()
    page.locator(".st-key-present-toggle label").click()
    expect(page.locator(".st-key-controls")).to_be_hidden()
    assert float(style_of(page.locator("html"), "font-size")[:-2]) >= 18
    page.wait_for_function(
        """() => {
            const plot = document.querySelector(".lrl-plot");
            const text = plot.querySelector(".xtick text");
            return plot.data.every((trace) => trace.line.width >= 3 || trace.opacity < 1)
                && parseFloat(getComputedStyle(text).fontSize) >= 18;
        }"""
    )
    back = page.get_by_role("button", name="Controls")
    back.click()
    expect(page.locator(".st-key-controls")).to_be_visible()
    back.click()
    page.get_by_role("link", name="Studies").click()
    page.wait_for_url("**/studies**")
    expect(page.locator("html[data-lrl-present]")).to_have_count(1)


def test_a_link_opens_for_a_room_and_the_settings_stay_what_they_are(
    page: Page, app: Server
) -> None:
    open_page(page, app, f"{QUICK}&momentum=0.5&present=true")
    expect(page.locator(".st-key-controls")).to_be_hidden()
    assert link(page)["optimizer.momentum"] == "0.5"
    expect(page.locator(".stAlert")).to_have_count(0)
    page.reload()  # as a lecture may need
    expect(page.locator("html[data-lrl-present]")).to_have_count(1)
    wait_done(page)
    page.get_by_role("link", name="Compare").click()
    page.wait_for_url("**/compare**present=true**")
    at_rest(page)
    page.locator(".st-key-present-toggle label").click()
    page.wait_for_function("!location.search.includes('present')")
    expect(page.locator("html[data-lrl-present]")).to_have_count(0)


def test_on_a_wide_window_type_grows_by_itself_and_the_controls_stay(
    page: Page, app: Server
) -> None:
    resize(page, 1920, 1080)
    open_page(page, app)
    assert float(style_of(page.locator("html"), "font-size")[:-2]) >= 18
    assert is_in_view(page.locator(".st-key-control-learning_rate"))


def test_the_focus_is_seen_on_every_link_of_the_navigation(page: Page, app: Server) -> None:
    open_page(page, app)
    links = page.get_by_role("navigation").get_by_role("link")
    expect(links).to_have_count(len(PAGES))
    page.locator("body").press("Tab")  # by keyboard, so that the ring is asked for
    for here in links.all():
        here.focus()
        assert style_of(here, "outline-style") == "solid"
        assert float(style_of(here, "outline-width")[:-2]) >= 2


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("address", SHOWN.values())
def test_a_page_that_loads_does_not_move_and_misses_nothing(
    tab: Callable[..., Page], app: Server, device: str, address: str
) -> None:
    page = tab(**DEVICES[device])
    page.add_init_script(WATCH_SHIFTS)
    missed = refusals_of(page)
    with everything_fetched(page):
        page.goto(f"{app.url}{address}")
        wait_done(page)
        at_rest(page)
    assert shifts(page) < SHIFT_MOST
    assert missed == []


@contextmanager
def everything_fetched(page: Page) -> Iterator[None]:
    """As if nobody had been here before: the browser takes nothing from its cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    yield
    session.detach()


def refusals_of(page: Page) -> list[str]:
    """What the server has not got for a page, from now on."""
    missed: list[str] = []

    def heed(response: Response) -> None:
        if response.status >= 400:
            missed.append(response.url)

    page.on("response", heed)
    return missed


def test_below_a_path_every_page_opens_by_its_address(page: Page, below: Server) -> None:
    missed = refusals_of(page)
    for name in PAGES:
        page.goto(f"{below.url}/{name if name != PAGES[0] else ''}")
        here = page.locator(f".st-key-nav-{name} a[aria-current=page]")
        expect(here).to_be_visible(timeout=PATIENCE)
    page.get_by_role("navigation").get_by_role("link", name="Explore").click()
    page.wait_for_url("**/lab/?**")
    assert missed == []


def test_links_of_the_navigation_can_be_opened_in_a_tab_of_their_own(
    page: Page, app: Server
) -> None:
    page.goto(f"{app.url}/studies?{STUDY}")
    links = page.get_by_role("navigation").get_by_role("link")
    expect(links).to_have_count(len(PAGES))
    paths = ["/" if name == PAGES[0] else f"/{name}" for name in PAGES]
    expect(page.locator("a[aria-current=page]")).to_have_count(1)
    assert [a.evaluate("(a) => new URL(a.href).pathname") for a in links.all()] == paths
