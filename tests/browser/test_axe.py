"""What axe-core finds on the pages: nothing, in every state that they have, in both themes."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.text import Words
from tests.browser.compare import TABS, THREE, open_tab
from tests.browser.explore import PATIENCE, QUICK, at_rest, wait_done
from tests.browser.server import Server

AXE = Axe()
OUTSIDE = {"exclude": [[".lrl-plot .svg-container"]]}  # of a chart: it is one picture, by its role
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], **EVERYTHING}
LONG = "epochs=2000&batch_size=5&samples=1000&hidden=256,256,200"
STUDY = "study=own&vary=momentum:list:0,0.5&epochs=30&seeds=2"
# By rule and element, what is Streamlit's own and cannot be mended from here, with the reason.
STREAMLITS_OWN: dict[str, tuple[str, ...]] = {}

SETTLED = {  # states of pages that a link alone leads to
    "explore, done": f"/?{QUICK}",
    "explore, diverged": f"/?{QUICK}&learning_rate=100",
    "explore, untrained": f"/?{QUICK}&live=false&seed=41",
    "explore, refused": f"/?{QUICK}&learning_rate=-3&momentum=2",
    "explore, for a room": f"/?{QUICK}&present=true",
    "explore, Chinese": f"/?{QUICK}&lang=zh",
    "studies, the data": "/studies?study=data",
    "studies, on paper": "/studies?study=decay-on-paper",
    "studies, one's own": f"/studies?{STUDY}",
    "studies, refused": f"/studies?{STUDY}&seeds=-1",
    "claims": "/claims?seeds=2",
    "compare, empty": "/compare",
    "compare, refused": "/compare?pin=momentum~7",
}


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe finds in both themes; colours are all that the second can change."""
    found = found_now(page, within=within)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.stApp')).colorScheme.includes('dark')"
    )
    found += found_now(page, COLOURS, within)
    page.emulate_media(color_scheme="light")
    return found


def found_now(page: Page, options: Any = EVERYTHING, within: str = "html") -> list[str]:
    """What it finds in a part of the page, where the others are as they were looked at before."""
    answer = AXE.run(page, {"include": [[within]], **OUTSIDE}, options=options).response
    return [
        f"{violation['id']}: {node['html']}"
        for violation in answer["violations"]
        for node in violation["nodes"]
        if not any(own in node["html"] for own in STREAMLITS_OWN.get(violation["id"], ()))
    ]


def shown(page: Page, address: str) -> None:
    """The page of an address, once nothing more comes."""
    page.goto(address)
    page.wait_for_function(
        """() => {
            const { job, state } = document.querySelector(".lrl-chart")?.dataset ?? {};
            return document.querySelector("[aria-current=page]") && (!job || state === "done");
        }""",
        timeout=PATIENCE,
    )
    at_rest(page)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


@pytest.mark.parametrize("state", SETTLED)
def test_axe_finds_nothing(page: Page, app: Server, state: str) -> None:
    shown(page, f"{app.url}{SETTLED[state]}")
    assert violations(page) == []


def test_axe_finds_nothing_while_a_run_goes_on_nor_when_it_was_stopped(
    page: Page, app: Server
) -> None:
    page.goto(f"{app.url}/?{LONG}&seed=5")
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    assert found_now(page) == []
    page.get_by_role("button", name="Stop").click()
    wait_done(page)
    assert violations(page) == []


def test_axe_finds_nothing_whatever_group_is_open(page: Page, app: Server) -> None:
    shown(page, f"{app.url}/?{QUICK}")
    for group in page.locator(".st-key-controls summary").all():
        group.click()
        at_rest(page)
        assert found_now(page, within=".st-key-controls") == []


def test_axe_finds_nothing_beside_a_check(page: Page, app: Server) -> None:
    shown(page, f"{app.url}/?epochs=5&samples=20")
    page.get_by_role("button", name="Check against Keras").click()
    page.mouse.move(0, 0)  # the button's own help goes
    check = page.locator(".lrl-beside")
    expect(check).to_be_visible()
    expect(page.get_by_role("tooltip")).to_have_count(0)
    assert found_now(page) == []
    expect(check).to_have_attribute("data-state", "done", timeout=PATIENCE)
    assert violations(page) == []


def test_axe_finds_nothing_in_any_tab(page: Page, app: Server) -> None:
    shown(page, f"{app.url}/compare?{THREE}")
    for name in TABS:
        open_tab(page, name, Words("en"))
        at_rest(page)
        assert violations(page, "html" if name == TABS[0] else "[data-testid=stTabs]") == []


def test_axe_finds_nothing_on_a_phone(phone: Page, app: Server) -> None:
    shown(phone, f"{app.url}/?{QUICK}")
    assert found_now(phone) == []
    phone.get_by_role("button", name="More").tap()
    assert found_now(phone) == []
