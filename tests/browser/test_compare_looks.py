"""How the page that compares looks, on a laptop, a tablet and a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from dashboard.text import Words
from tests.browser.compare import (
    TABS,
    THREE,
    nothing_cut_off,
    open_compare,
    open_tab,
    said,
)
from tests.browser.explore import chart, no_traceback
from tests.browser.server import Server
from tests.browser.tabs import DEVICES


@pytest.mark.parametrize("device", DEVICES)
def test_the_chart_stays_in_view_while_a_slider_moves(
    tab: Callable[..., Page], app: Server, device: str
) -> None:
    page = tab(**DEVICES[device])
    open_compare(page, app, THREE)
    page.locator(".st-key-pin-2").get_by_role(
        "slider", name="Patience"
    ).scroll_into_view_if_needed()
    box = chart(page).bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] < page.viewport_size["height"]


def test_on_a_tablet_the_sliders_stay_in_their_places(
    tab: Callable[..., Page], app: Server
) -> None:
    page = tab(viewport={"width": 820, "height": 1180})
    open_compare(page, app, f"{THREE}&pin=epochs~41")
    nothing_cut_off(page)


@pytest.mark.combinations("look", [*product(DEVICES, ("en", "zh"), ("light", "dark"))])
def test_nothing_is_cut_off_in_any_tab(
    tab: Callable[..., Page], app: Server, look: Sequence[str]
) -> None:
    device, language, scheme = look
    words = Words(language)
    page = tab(color_scheme=scheme, **DEVICES[device])
    study = "pin=study~optimizer~epochs~40"
    open_compare(page, app, f"{THREE}&{study}&pin=epochs~41&seeds=3&lang={language}")
    for name in TABS:
        open_tab(page, name, words)
        expect(
            said(page) if name != "settings" else page.locator(".compare-settings tbody")
        ).not_to_be_empty()
        nothing_cut_off(page)
    no_traceback(page)
