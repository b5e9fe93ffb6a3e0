"""The page of one run as tests use it: what it shows, and how it is moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.rest import at_rest
from tests.browser.server import Server

SECONDS = 1000.0  # in the milliseconds of Playwright
QUICK = "epochs=40"
PATIENCE = 240 * SECONDS  # a curve may wait for TensorFlow to start on a busy machine

LIVE_TRACES = """() => {
    const plot = document.querySelector(".lrl-plot");
    return (plot?.data ?? []).filter((trace) => !trace.opacity).map((trace) => ({
        name: trace.name,
        axis: trace.yaxis,
        x: Array.from(trace.x ?? []),
        y: Array.from(trace.y ?? []),
    }));
}"""


def chart(page: Page) -> Locator:
    return page.locator(".lrl-chart").first


def job(page: Page) -> str:
    return chart(page).get_attribute("data-job") or ""


def points(page: Page) -> int:
    return int(chart(page).get_attribute("data-points") or 0)


def wait_done(page: Page, not_job: str = "") -> str:
    """Wait until the chart shows a job, other than `not_job`, that is done, and all is at rest."""
    page.wait_for_function(
        """(old) => {
            const { job, state, points } = document.querySelector(".lrl-chart")?.dataset ?? {};
            return job && job !== old && state === "done" && Number(points) > 0;
        }""",
        arg=not_job,
        timeout=PATIENCE,
    )
    at_rest(page)
    return job(page)


def open_page(page: Page, app: Server, query: str = QUICK) -> str:
    """The page of a link, with its training done; the job."""
    page.goto(f"{app.url}/?{query}")
    return wait_done(page)


def traces(page: Page) -> list[dict[str, Any]]:
    """The lines of the run itself, without its ghost: name, axis, x, y."""
    found: list[dict[str, Any]] = page.evaluate(LIVE_TRACES)
    return found


def plotted(page: Page) -> list[list[float]]:
    return [trace["y"] for trace in traces(page)]


def told(page: Page, key: str) -> Locator:
    """What the control of that key was refused, below it."""
    return page.locator(f".stElementContainer.st-key-{key} + .stElementContainer .lrl-refused")


def link(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def press(page: Page, label: str, key: str, times: int = 1) -> None:
    """Move a slider by keyboard."""
    at_rest(page)
    slider = page.get_by_role("slider", name=label, exact=True)
    slider.focus()
    for _ in range(times):
        slider.press(key)


def choose(page: Page, label: str, option: str) -> None:
    """Choose by name in a select."""
    box = page.get_by_role("combobox", name=label)
    box.focus()  # scrolls to it, which would close its list
    at_rest(page)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


def download(page: Page, name: str) -> str:
    """The text of the file behind a link, pressed by key: where it is does not matter."""
    at_rest(page)
    unfold_takings(page)
    with page.expect_download() as file:
        page.locator("a[download]", has_text=name).press("Enter")
    return Path(file.value.path()).read_text()


def unfold_takings(page: Page) -> None:
    """Open what is folded away of the files to take home, on pages that have such a fold."""
    fold = page.locator(".st-key-along [data-testid=stPopoverButton]")
    if fold.count() and fold.get_attribute("aria-expanded") != "true":
        fold.press("Enter")
        page.locator("[data-testid=stPopoverBody]").wait_for()


def no_sideways(page: Page) -> None:
    """Nothing is wider than the window."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= window
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, label, p, dt, dd, h1, h2, h3, h5, summary")]
            .filter((e) => e.offsetParent && getComputedStyle(e).overflowX !== "visible"
                && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
            .map((e) => e.textContent)"""
    )
    assert cut == []


def no_traceback(page: Page) -> None:
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect(page.locator(".stException")).to_have_count(0)
