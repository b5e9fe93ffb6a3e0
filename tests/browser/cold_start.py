"""Our page from a cold start against a bare Streamlit page, alternating: `scripts/bench --start`.

Each start has a server of its own, an empty store and a browser that was never used. Seconds run
from the server's start, by the clock of this process; JSON on standard output.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Playwright, sync_playwright

from core.service.store import STORE_VARIABLE
from tests.browser.server import ROOT, start
from tests.browser.tabs import FLAGS, FREE, LAPTOP, chromium

TIMES = 5
USABLE_RATIO = 1.25  # at most
CURVE_SECONDS = 6.0
PATIENCE_MS = 60_000
APPS = {"ours": ROOT / "app.py", "bare": Path(__file__).parent / "apps" / "bare_app.py"}
VALUE = "(slider) => slider.ariaValueNow ?? slider.value"
CURVE = ".js-plotly-plot .scatterlayer path.js-line"
LONG = 200  # characters in the path of a curve, so that it is no stub


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the server."""

    answers: float  # the server's health check
    usable: float  # the first slider can be moved
    curve: float  # the first curve is painted


def cold_start(playwright: Playwright, app: Path) -> Start:
    """One start, with the browser already open on nothing."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    page = browser.new_context(viewport=LAPTOP, **FREE).new_page()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        server = start(app, **{STORE_VARIABLE: str(Path(folder) / "runs.sqlite")})
        try:
            answers = time.perf_counter() - begun
            page.goto(server.url, wait_until="commit")
            slider = page.get_by_role("slider").first
            slider.wait_for(timeout=PATIENCE_MS)
            usable = time.perf_counter() - begun
            painted(page)
            curve = time.perf_counter() - begun
            moves(slider)
        finally:
            server.end()
            server.log.unlink()
            browser.close()
    return Start(*(round(seconds, 3) for seconds in (answers, usable, curve)))


def painted(page: Page) -> None:
    """Wait for a whole curve, and for the frame after it."""
    page.wait_for_function(
        """([curve, long]) => [...document.querySelectorAll(curve)].some(
            (path) => path.getAttribute("d").length > long)""",
        arg=[CURVE, LONG],
        timeout=PATIENCE_MS,
    )
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def moves(slider: Locator) -> None:
    """The slider that was taken for usable is one. Raises `AssertionError` where it is not."""
    before = slider.evaluate(VALUE)
    slider.press("ArrowRight")
    if slider.evaluate(VALUE) == before:
        raise AssertionError(f"cold start: slider must move, got {before} as before.")


def report(starts: dict[str, list[Start]]) -> dict[str, Any]:
    """Medians, the median of the paired ratios, and how the budgets read them."""
    found: dict[str, Any] = {
        name: {"median": asdict(median(all_of)), "each": [asdict(one) for one in all_of]}
        for name, all_of in starts.items()
    }
    for what in ("answers", "usable", "curve"):
        pairs = zip(starts["ours"], starts["bare"], strict=True)
        ratios = [round(getattr(ours, what) / getattr(bare, what), 3) for ours, bare in pairs]
        found[f"{what}_ratio"] = {"median": statistics.median(ratios), "each": ratios}
    curve = found["ours"]["median"]["curve"]
    ratio = found["usable_ratio"]["median"]
    found["budgets"] = {
        f"usable, times the bare page, at most {USABLE_RATIO}": ratio <= USABLE_RATIO,
        f"first curve, seconds, at most {CURVE_SECONDS:g}": curve <= CURVE_SECONDS,
    }
    return found


def median(starts: list[Start]) -> Start:
    """Of each figure by itself.

    >>> median([Start(1.0, 2.0, 3.0), Start(3.0, 2.5, 9.0), Start(2.0, 4.0, 8.0)])
    Start(answers=2.0, usable=2.5, curve=8.0)
    """
    columns = zip(*(asdict(one).values() for one in starts), strict=True)
    return Start(*(statistics.median(column) for column in columns))


def measure(times: int) -> dict[str, Any]:
    starts: dict[str, list[Start]] = {name: [] for name in APPS}
    with sync_playwright() as playwright:
        for turn in range(times):
            # Who goes first changes, so that neither always finds the files warmer.
            for name in sorted(APPS, reverse=turn % 2 == 0):
                starts[name].append(cold_start(playwright, APPS[name]))
                print(f"{name}: {starts[name][-1]}", file=sys.stderr)
    return report(starts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="scripts/bench --start", description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="how often each is started")
    print(json.dumps(measure(parser.parse_args().times), indent=2))
