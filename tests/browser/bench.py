"""What a visitor waits for, measured in Chromium: `python -m tests.browser.bench`; JSON.

One server is started cold with an empty store. Times are in milliseconds, by the browser's clock.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.explore import job, wait_done
from tests.browser.server import ROOT, Server, children_of, start
from tests.browser.tabs import FLAGS, FREE, LAPTOP, chromium

RATES = [round(0.011 + 0.0017 * n, 4) for n in range(60)]  # none of them trained before
WARM_UP = 3  # moves that are not counted
LOOK_MS = 2_000
IDLE_SHARE = 0.05  # of one core
LARGE = "epochs=2000&batch_size=5&hidden=256,256"  # 13 ms an epoch and run: many records to see
EIGHT = "vary=seed:list:1,2,3,4,5,6,7,8"
RECORDS = 60  # drawings of records that are measured; the run has about twice as many
PATIENCE_MS = 120_000
EXPLORE, STUDIES = "explore-chart", "studies-chart"

LET_GO = """() => document.addEventListener(
    "change", () => { window.__letGo = performance.now(); }, { capture: true })"""
WHOLE = """(before) => {
    const { job, state, points } = document.querySelector(".lrl-chart").dataset;
    const { firstPainted, lastPainted, points: painted } =
        window.__lrl.charts["explore-chart"].jobs[job] ?? {};
    const whole = job !== before && state === "done" && painted > 0 && painted === Number(points);
    return whole && [firstPainted - window.__letGo, lastPainted - window.__letGo];
}"""


def spread(times: list[float]) -> dict[str, float]:
    """Median, 95th percentile and how many."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(p95, 1),
        "n": len(ordered),
    }


def first_page(browser: Browser, server: Server, started: float) -> dict[str, Any]:
    """From the start of the server to a usable page and to its first whole curve, cold."""
    page = browser.new_context(viewport=LAPTOP, **FREE).new_page()
    page.goto(server.url)
    page.get_by_role("slider", name="Learning rate", exact=True).wait_for()
    usable = time.monotonic() - started
    wait_done(page)
    curve = time.monotonic() - started
    page.context.close()
    return {"page_usable_ms": round(1000 * usable), "first_curve_ms": round(1000 * curve)}


def settle(page: Page, server: Server) -> None:
    """Until the workers have loaded and compiled what they prepare beforehand, and rest."""
    busy = True
    while busy:
        before = seconds_of(server)
        page.wait_for_timeout(LOOK_MS)
        busy = seconds_of(server) - before > IDLE_SHARE * LOOK_MS / 1000


def seconds_of(server: Server) -> float:
    """Processor time that the server's workers have used (`proc(5)`, stat, utime and stime)."""
    fields = (Path(f"/proc/{pid}/stat").read_text() for pid in children_of(server.process.pid))
    ticks = (stat.rpartition(")")[2].split()[11:13] for stat in fields)
    return sum(int(tick) for both in ticks for tick in both) / os.sysconf("SC_CLK_TCK")


def slider(page: Page, times: int) -> dict[str, Any]:
    """From letting a value go to the first points and to the whole curve, warm."""
    page.evaluate(LET_GO)
    field = page.locator(".st-key-control-learning_rate input[type=text]")
    measured = []
    for rate in RATES[: times + WARM_UP]:
        before = job(page)
        field.fill(str(rate))
        field.press("Enter")
        measured.append(page.wait_for_function(WHOLE, arg=before).json_value())
    first, whole = zip(*measured[WARM_UP:], strict=True)
    return {
        "slider_to_first_points_ms": spread(list(first)),
        "slider_to_whole_curve_ms": spread(list(whole)),
    }


def records(page: Page, url: str, chart: str) -> dict[str, Any]:
    """From a record's leaving the server to its being painted, while a long training goes on."""
    page.goto(url)
    if chart == STUDIES:  # so large a study asks first
        page.get_by_role("button", name="Train", exact=True).click()
    until_painted(page, chart, 1)  # what comes while the page loads waits for the page
    page.evaluate(
        "(key) => Object.assign(window.__lrl.charts[key], { latencies: [], draws: [] })", chart
    )
    until_painted(page, chart, RECORDS)
    report = page.evaluate(
        """(key) => { const { latencies, draws } = window.__lrl.charts[key];
                      return { latencies, draws }; }""",
        chart,
    )
    page.get_by_role("button", name="Stop").click()
    return {"record_to_painted_ms": spread(report["latencies"]), "draw_ms": spread(report["draws"])}


def until_painted(page: Page, chart: str, count: int) -> None:
    page.wait_for_function(
        "([key, count]) => window.__lrl?.charts[key]?.latencies.length >= count",
        arg=[chart, count],
        timeout=PATIENCE_MS,
    )


def measure(times: int) -> dict[str, Any]:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        store = str(Path(folder) / "runs.sqlite")
        started = time.monotonic()
        server = start(ROOT / "app.py", LEARNING_RATE_LAB_STORE=store)
        try:
            found = first_page(browser, server, started)
            page = browser.new_context(viewport=LAPTOP, **FREE).new_page()
            page.goto(server.url)
            wait_done(page)
            settle(page, server)
            found |= slider(page, times)
            found["one_run"] = records(page, f"{server.url}/?{LARGE}", EXPLORE)
            eight = f"{server.url}/studies?study=own&view=overlay&seeds=1&{EIGHT}&{LARGE}"
            found["eight_runs"] = records(page, eight, STUDIES)
        finally:
            server.end()
            server.log.unlink()
            browser.close()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30, help="how often the slider is moved")
    print(json.dumps(measure(parser.parse_args().times), indent=2))
