"""What becomes of a page when workers die; last of all, as what they compiled dies with them."""

from __future__ import annotations

import os
import signal

from playwright.sync_api import Page, expect

from tests.browser.explore import PATIENCE, chart, no_traceback, points, press, wait_done
from tests.browser.server import Server, children_of

EPOCHS = 1500  # of 5 ms: long enough to be held while the machine is busy with other tests
STEADY = "batch_size=5&samples=1000&hidden=64"


def test_a_killed_worker_is_replaced_and_its_run_is_finished(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?epochs={EPOCHS}&{STEADY}&seed=5")
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    workers = children_of(app.process.pid)
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)  # so that nothing more comes of the run
    try:
        expect(chart(page)).to_have_attribute("data-state", "training", timeout=PATIENCE)
        assert 0 < points(page) < EPOCHS
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
    first = wait_done(page)
    assert points(page) == EPOCHS
    no_traceback(page)
    press(page, "Learning rate", "PageDown")
    wait_done(page, not_job=first)
