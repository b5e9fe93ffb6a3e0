"""How a page looks, measured: contrast of its words, and whether any are cut off or overlap."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as StillMoving

REST_MS = 10_000  # that a page which was drawn a moment ago may need on busy cores
CONTRAST_MIN = 4.5  # WCAG 2.2, level AA, for text of any size

# A colour in any notation is painted on a pixel over what lies behind it, and read back.
WEAK = """(least) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const painted = (layers, colour = "transparent", opacity = 1) => {
        pen.clearRect(0, 0, 1, 1);
        for (const layer of [...layers, colour]) {
            pen.globalAlpha = layer === colour ? opacity : 1;
            pen.fillStyle = layer;
            pen.fillRect(0, 0, 1, 1);
        }
        return pen.getImageData(0, 0, 1, 1).data;
    };
    const opaque = (element) =>
        element ? Number(getComputedStyle(element).opacity) * opaque(element.parentElement) : 1;
    const bright = (pixel) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, n) => {
        const c = pixel[n] / 255;
        return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    }, 0);
    const behind = (element) => {
        const layers = [];
        for (let e = element; e; e = e.parentElement) {
            layers.unshift(getComputedStyle(e).backgroundColor);
        }
        return ["#fff", ...layers];
    };
    const weak = [];
    const walk = document.createTreeWalker(document.querySelector(".stMain"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const element = walk.currentNode.parentElement;
        const text = walk.currentNode.textContent.trim();
        const { width } = element.getBoundingClientRect();
        const seen = element.checkVisibility({ visibilityProperty: true });
        if (!text || !seen || width < 2) continue;
        // A thumb's number stands above it, on the page.
        const elsewhere = element.closest("svg, [data-testid=stSliderThumbValue]");
        const [{ color }, opacity] = [getComputedStyle(element), opaque(element)];
        if (elsewhere || element.closest("[disabled]") || opacity === 0) continue;
        const ground = behind(element);
        const [one, other] = [painted(ground, color, opacity), painted(ground)].map(bright);
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < least) weak.push([text.slice(0, 60), Number(ratio.toFixed(2))]);
    }
    return weak;
}"""

# Words of a chart that leave it, or that lie on other words of it.
CHART = """() => [...document.querySelectorAll(".lrl-plot")].flatMap((plot) => {
    const frame = plot.getBoundingClientRect();
    const words = [...plot.querySelectorAll("svg text")]
        .filter((text) => text.textContent.trim() && text.checkVisibility())
        .map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0);
    const cut = words.filter(([, box]) =>
        box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    const over = words.filter(([, a], n) => words.some(([, b], m) => m > n
        && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
    return [...cut.map(([text]) => `cut off: ${text}`), ...over.map(([text]) => `over: ${text}`)];
})"""

# Words of a table that leave their cell, or cells that leave the window.
TABLE = """() => [...document.querySelectorAll(".lrl-table th, .lrl-table td, .plain-table td")]
    .filter((cell) => cell.checkVisibility() && (cell.scrollWidth > cell.clientWidth + 1
        || cell.getBoundingClientRect().right > innerWidth + 1))
    .map((cell) => cell.textContent)"""


def weak_words(page: Page) -> list[Any]:
    """Words with less contrast than they need, with what they have."""
    return at_rest(page, WEAK, CONTRAST_MIN)


def misplaced_words(page: Page) -> list[str]:
    """Words of charts and tables that are cut off or lie on each other."""
    return [*at_rest(page, CHART), *at_rest(page, TABLE)]


def at_rest(page: Page, look: str, argument: float | None = None) -> list[Any]:
    """What a look finds wrong, unless that passes by itself: a page may still fade and move."""
    with suppress(StillMoving):
        page.wait_for_function(f"(of) => !({look})(of).length", arg=argument, timeout=REST_MS)
    found: list[Any] = page.evaluate(look, argument)
    return found
