"""How a page lies at a width, measured: what overlaps, what moves, what is in sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Locator, Page

# In steps, and right beside where things change places (the widths of the style sheets).
EDGES = (641, 801, 1001, 1101, 1321, 1599)
WIDTHS = sorted({*range(320, 2561, 40), *EDGES})
HEIGHT = 900
ZOOMED = ((720, 450), (640, 400))  # what pages have of 1440 × 900 and 1280 × 800 at 200 %
SHIFT_MOST = 0.1  # "good" by web.dev/cls

# Controls that can be used and lie on each other. What is in a bar that stays, such as the tabs at
# the bottom, is only held against that bar's own; what scrolls out of a column is not there.
OVERLAPS = """() => {
    const CONTROLS = "a[href], button, input, summary, [role=slider], [role=combobox], [role=tab]";
    const WIDGETS = ["Selectbox", "Checkbox", "Slider"].map((n) => `[data-testid=st${n}]`).join();
    const bar = (e) => e.closest(".st-key-rest") ?? e.closest(".st-key-tabs")
        ?? e.closest(".st-key-header") ?? document;
    const boxed = (element) => {
        let { left, top, right, bottom } = element.getBoundingClientRect();
        for (let e = element.parentElement; e && !e.matches(".stMain"); e = e.parentElement) {
            if (getComputedStyle(e).overflowY === "visible") continue;
            const box = e.getBoundingClientRect();
            [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
            [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
        }
        return { left, top, right, bottom };
    };
    const found = [...document.querySelectorAll(CONTROLS)]
        .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .map((e) => ({ e, bar: bar(e), ...boxed(e) }))
        .filter((box) => box.right - box.left > 2 && box.bottom - box.top > 2);
    const name = (e) => (e.ariaLabel || e.textContent || e.className).trim().slice(0, 30);
    const over = [];
    for (const [n, a] of found.entries()) {
        for (const b of found.slice(n + 1)) {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide <= 2 || high <= 2 || a.bar !== b.bar) continue;
            // Parts of one control may lie in each other.
            if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
            const whole = a.e.closest(WIDGETS);
            if (whole && whole === b.e.closest(WIDGETS)) continue;
            over.push(`${name(a.e)} × ${name(b.e)}`);
        }
    }
    return over;
}"""

# What a page is too wide for, beside the page itself: things that leave the window.
SIDEWAYS = """() => {
    const main = document.querySelector(".stMain");
    const wide = [document.documentElement, main].filter((e) => e.scrollWidth > e.clientWidth);
    return wide.map((e) => `${e.className} ${e.scrollWidth} > ${e.clientWidth}`);
}"""

# Until the page has drawn itself anew, also what listens to its size; a browser that draws nothing
# calls nobody, so after a while it is as well.
DRAWN = """new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 1000);
})"""
AFTER_A_FRAME = f"""async () => {{
    await {DRAWN};
    return [...({OVERLAPS})(), ...({SIDEWAYS})()];
}}"""

# From the first moment on; what follows a click within half a second is meant to move.
WATCH_SHIFTS = """window.shifts = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
}).observe({ type: "layout-shift", buffered: true });"""


def resize(page: Page, width: int, height: int = HEIGHT) -> None:
    """Another window, once the page has drawn itself anew in it."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(DRAWN)


def faults_by_size(
    page: Page, sizes: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], list[str]]:
    """What is wrong with a page in which windows.

    Meanwhile its charts are drawn once a second at most, as for those who want less motion: a
    chart has its place before it is drawn, and drawing it at every width takes longest of all.
    """
    page.emulate_media(reduced_motion="reduce")
    found = {}
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        if wrong := page.evaluate(AFTER_A_FRAME):
            found[width, height] = wrong
    page.emulate_media(reduced_motion="no-preference")
    return found


def shifts(page: Page) -> float:
    """By how much the page has moved by itself; `WATCH_SHIFTS` must have been there first."""
    moved: float = page.evaluate("window.shifts")
    return moved


IN_VIEW = """(e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    return inside && e.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
}"""


def is_in_view(thing: Locator) -> bool:
    """Whether all of it is in the window, and nothing lies over its middle."""
    whole: bool = thing.evaluate(IN_VIEW)
    return whole


def style_of(thing: Locator, name: str) -> Any:
    return thing.evaluate("(e, name) => getComputedStyle(e).getPropertyValue(name)", name)
