"""The choice of what becomes of the rate, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explore import at_rest, link, no_sideways, open_page, press, wait_done
from tests.browser.server import Server
from tests.browser.tabs import DEVICES

TILES = ".st-key-control-schedule [role=radio]"
QUERY = "epochs=20"
WAYS = {"en": "falls steadily", "zh": "持续下降"}


def boxes(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.locator(TILES).evaluate_all(
        """(tiles) => tiles.map((tile) => {
            const { x, y, width, height } = tile.getBoundingClientRect();
            return { x, y, width, height };
        })"""
    )
    return found


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("language", WAYS)
def test_six_tiles_stand_in_two_even_rows_with_a_drawing_each(
    tab: Callable[..., Page], app: Server, device: str, language: str
) -> None:
    page = tab(**DEVICES[device])
    open_page(page, app, f"{QUERY}&lang={language}")
    expect(page.get_by_role("radio", name=WAYS[language])).to_be_attached()
    found = boxes(page)
    assert len(found) == 6
    columns, rows = ({round(box[side]) for box in found} for side in ("x", "y"))
    assert (len(columns), len(rows)) == (3, 2)
    assert max(box["width"] for box in found) - min(box["width"] for box in found) < 1
    assert all(box["height"] >= 44 for box in found)
    masks = page.locator(TILES).evaluate_all(
        "(tiles) => tiles.map((tile) => getComputedStyle(tile, '::before').maskImage)"
    )
    assert len(set(masks)) == 6
    assert all(mask.startswith('url("data:image/svg+xml') for mask in masks)
    no_sideways(page)


def test_a_tile_is_chosen_and_its_number_stands_right_below(page: Page, app: Server) -> None:
    job = open_page(page, app, QUERY)
    page.get_by_role("radio", name="falls along a cosine").click()
    job = wait_done(page, not_job=job)
    assert link(page)["schedule.kind"] == "cosine"
    press(page, "Ends at", "ArrowRight", times=2)
    wait_done(page, not_job=job)
    page.wait_for_url("**schedule.final_fraction=0.1**")


def test_the_five_controls_are_in_sight_whatever_the_rate_does(page: Page, app: Server) -> None:
    open_page(page, app, QUERY)
    for tile in page.locator(TILES).all():
        tile.click()
        at_rest(page)
        expect(tile).to_be_checked()
        for name in ("Learning rate", "Momentum", "Decay", "Patience"):
            expect(page.get_by_role("slider", name=name, exact=True)).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("combobox", name="Optimizer")).to_be_in_viewport(ratio=1)


def test_what_a_step_set_aside_is_said_and_taken_back_in_place(page: Page, app: Server) -> None:
    job = open_page(page, app, f"{QUERY}&schedule=plateau&patience=10")
    press(page, "Decay", "PageUp")
    job = wait_done(page, not_job=job)
    aside = page.locator(".st-key-control-schedule-aside")
    expect(aside).to_contain_text("Patience 10 is set aside.")
    aside.get_by_role("button", name="Undo").click()
    wait_done(page, not_job=job)
    expect(aside).to_have_count(0)
    assert link(page)["schedule.patience"] == "10"
