"""A page with one live chart, over a laboratory that a test steers."""

from __future__ import annotations

from itertools import count

import numpy as np
from playwright.sync_api import expect

PLOT = ".lrl-plot"
HOVERED = ".hoverlayer .legend"
SECONDS = 1000.0  # in the milliseconds of Playwright
PATIENCE = 30 * SECONDS  # of what a busy server may take to answer
STEP_BACK, SUPERSEDED = 600, 300  # ms, as in dashboard/components/live/chart.js
ASKING = 40  # ms, of a page's own time, in which a click reaches the server
DRAWING = 200  # ms, of a page's own time, in which an answer that is there is acted on
ACCURACY, GHOST = 5, 0  # of the traces of one run: five ghosts, then five lines
NAMES = (f"visitor{number}" for number in count())


class Live:
    """One page with one chart, and the verbs that make its job go on."""

    def __init__(self, server, page, **query):
        self.server, self.page, self.name = server, page, next(NAMES)
        self.number, self.lines = 1, []
        page.on("websocket", lambda line: self.lines.append(line))
        options = "".join(f"&{name}={value}" for name, value in query.items())
        self.url = f"{server.url}/?name={self.name}{options}"

    @property
    def job(self):
        return f"{self.name}-{self.number}"

    def do(self, verb, **more):
        self.server.post(f"/fake/{verb}", job=self.job, **more)
        return self

    def open(self):
        self.page.goto(self.url)
        self.page.wait_for_selector(f"{PLOT} .main-svg")
        return self

    def next_job(self):
        """A new job, begun before the page asks for it, as the real one is."""
        self.number += 1
        self.do("begin", state="training")
        self.page.get_by_role("button", name="Next job").click()
        return self

    def heard(self, line, words):
        """Lasts until the browser has received these words over a line, known by its address."""
        [socket] = [one for one in self.lines if one.url.endswith(line)]
        return socket.expect_event(
            "framereceived",
            lambda frame: words in (frame if isinstance(frame, str) else frame.decode("latin-1")),
            timeout=PATIENCE,
        )

    def hold_time(self):
        """From here on the page's own time passes only where a test says so."""
        self.page.clock.install()
        now = self.page.evaluate("Date.now()") / SECONDS
        self.page.clock.pause_at(now + 1)

    def next_job_in_held_time(self):
        """As `next_job`, in less of the page's time than `SUPERSEDED`, however busy the machine."""
        with self.heard("/_stcore/stream", f"{self.name}-{self.number + 1}"):
            self.next_job()
            self.page.clock.run_for(ASKING)
        for _ in range(DRAWING):
            if self.page.evaluate(f"'{self.job}' in __lrl.charts.chart.jobs"):
                return self
            self.page.clock.run_for(1)
        raise AssertionError("the page never asked for the next job")

    def shows(self, **data):
        """Wait until the chart says that it has painted this."""
        for name, value in data.items():
            expect(self.page.locator(".lrl-chart")).to_have_attribute(f"data-{name}", str(value))
        return self

    def ask(self, script):
        return self.page.evaluate(f"(plot => {script})(document.querySelector('{PLOT}'))")

    def y(self, trace):
        return np.array(self.ask(f"[...plot.data[{trace}].y]"))


def begun(live, **more):
    live.do("begin", state="training", **more).open()
    return live.shows(job=live.job)
