"""The live chart in a real browser, over a laboratory that the test steers."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from playwright.sync_api import expect

from core.records import COLUMNS
from tests.live.fake import made_up

PLOT = ".lrl-plot"
HOVERED = ".hoverlayer .legend"
SECONDS = 1000.0  # in the milliseconds of Playwright
PATIENCE = 30 * SECONDS  # of what a busy server may take to answer
STEP_BACK, SUPERSEDED = 600, 300  # ms, as in dashboard/live/chart.js
ASKING = 40  # ms, of a page's own time, in which a click reaches the server
DRAWING = 200  # ms, of a page's own time, in which an answer that is there is acted on
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


ACCURACY, GHOST = 5, 0  # of the traces of one run: five ghosts, then five lines


@pytest.fixture
def server(serve):
    return serve("live_app.py")


@pytest.fixture
def live(server, page):
    return Live(server, page)


def begun(live, **more):
    live.do("begin", state="training", **more).open()
    return live.shows(job=live.job)


def test_points_arrive_while_training_goes_on(live):
    begun(live)
    for epochs in (20, 40, 60):
        live.do("records", run=0, count=20).shows(points=epochs, state="training")
        np.testing.assert_allclose(live.y(ACCURACY), made_up(0, 1, epochs)[:, 4], rtol=1e-6)
    live.do("finish").shows(state="done", points=60)


def test_the_chart_is_never_made_again(live):
    begun(live).do("records", run=0, count=20).shows(points=20)
    live.ask("plot.mark = 'the same'")
    live.page.get_by_role("combobox", name="Language").click()
    live.page.get_by_role("option", name="zh").click()
    expect(live.page.locator(".lrl-verdict")).to_have_text("已到第 20 轮。")
    live.next_job().do("train").shows(job=live.job, points=200)
    assert live.ask("plot.mark") == "the same"


def test_zoom_and_hidden_lines_survive_records_and_a_new_job(live):
    begun(live).do("records", run=0, count=60).shows(points=60)
    zoom(live)
    live.page.locator(".legendtoggle").nth(1).click()
    live.page.wait_for_function(f"document.querySelector('{PLOT}')._fullData[6].visible !== true")
    zoomed = live.ask("plot._fullLayout.xaxis.range")
    live.do("records", run=0, count=60).shows(points=120)
    live.next_job().do("train").shows(job=live.job, points=200)
    assert live.ask("plot._fullLayout.xaxis.range") == zoomed
    assert live.ask("plot._fullData[6].visible") == "legendonly"
    assert live.ask("plot._fullData[5].visible") is True


def zoom(live):
    """Draw a rectangle over the middle of the first panel, as a visitor does."""
    box = live.page.locator(f"{PLOT} .nsewdrag").first.bounding_box()
    across, down = box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.2
    live.page.mouse.move(across, down)
    live.page.mouse.down()
    live.page.mouse.move(across + box["width"] * 0.3, down + box["height"] * 0.5, steps=4)
    live.page.mouse.up()
    expect(live.page.get_by_role("button", name="Reset zoom")).to_be_visible()


def test_one_click_takes_the_zoom_back(live):
    begun(live).do("records", run=0, count=60).shows(points=60)
    zoom(live)
    live.page.get_by_role("button", name="Reset zoom").click()
    live.page.wait_for_function(
        f"document.querySelector('{PLOT}')._fullLayout.xaxis.range.join() === '0,200'"
    )
    expect(live.page.get_by_role("button", name="Reset zoom")).to_be_hidden()


def hover(live):
    box = live.page.locator(f"{PLOT} .nsewdrag").first.bounding_box()
    live.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5)


def test_hover_tells_accuracy_loss_and_rate_of_one_epoch_together(live):
    begun(live).do("records", run=0, count=60).shows(points=60)
    hover(live)
    expect(live.page.locator(f"{HOVERED} .traces")).to_have_count(5)
    [epoch] = live.page.locator(f"{HOVERED} .legendtitletext").all_text_contents()
    [record] = made_up(0, int(epoch), 1)
    figures = dict(zip(COLUMNS, record, strict=True))
    assert live.page.locator(f"{HOVERED} .legendtext").all_text_contents() == [
        f"train : {figures['accuracy']:.0%}",
        f"train : {figures['loss']:.7f}",
        f"train : {figures['learning_rate']:.9f}",
        f"test : {figures['val_accuracy']:.0%}",
        f"test : {figures['val_loss']:.7f}",
    ]


def test_hover_goes_on_through_new_records(live):
    begun(live).do("records", run=0, count=60).shows(points=60)
    hover(live)
    expect(live.page.locator(HOVERED)).to_contain_text("train")
    live.do("records", run=0, count=60).shows(points=120)
    expect(live.page.locator(HOVERED)).to_contain_text("train")


def test_the_job_before_becomes_the_ghost(live):
    begun(live).do("records", run=0, count=120).do("finish").shows(state="done", ghost=0)
    live.next_job().do("records", run=0, count=30).shows(job=live.job, points=30, ghost=120)
    np.testing.assert_allclose(live.y(GHOST), made_up(0, 1, 120)[:, 4], rtol=1e-6)
    assert len(live.y(ACCURACY)) == 30


def test_old_curves_stand_until_the_new_job_has_records(live):
    begun(live).do("records", run=0, count=120).do("finish").shows(state="done")
    first = live.job
    live.hold_time()
    live.next_job_in_held_time().shows(job=first, points=120)
    live.page.clock.run_for(STEP_BACK)
    live.page.clock.resume()
    live.shows(job=live.job, points=0, ghost=120)


def test_divergence_is_a_line_and_words_at_its_epoch(live):
    begun(live).do("records", run=0, count=41)
    live.do("outcome", run=0, kind="diverged", epoch=42).do("finish").shows(state="done")
    expect(live.page.locator(".annotation-text")).to_have_text("diverged at epoch 42")
    (shape,) = live.ask("plot.layout.shapes")
    assert (shape["x0"], shape["x1"], shape["line"]["color"]) == (42, 42, "#D55E00")
    assert shape["line"]["dash"] == "dash"


def test_a_run_that_diverges_at_once_says_so_on_an_empty_chart(live):
    begun(live).do("outcome", run=0, kind="diverged", epoch=1).do("finish").shows(state="done")
    expect(live.page.locator(".annotation-text")).to_have_text("diverged at epoch 1")


def test_a_rate_of_zero_is_said_in_words(live):
    begun(live).do("records", run=0, count=24, rate_is_zero=False)
    live.do("records", run=0, count=100, rate_is_zero=True).do("finish").shows(points=124)
    expect(live.page.locator(".annotation-text")).to_have_text("the rate is 0 from epoch 25 on")


def test_what_is_said_stands_above_and_moves_nothing(live):
    live.do("begin", state="queued").open()
    before = live.page.locator(".lrl-chart").bounding_box()
    live.do("state", state="training").do("records", run=0, count=50)
    expect(live.page.locator(".lrl-verdict")).to_have_text("Learns well: epoch 50 reached.")
    expect(live.page.locator(".lrl-figures dd")).to_have_count(4)
    expect(live.page.locator(".lrl-status")).to_have_text("Training: epoch 50 of 200")
    assert live.page.locator(".lrl-chart").bounding_box() == before


def test_a_long_sentence_moves_nothing_on_a_phone(server, phone):
    live = begun(Live(server, phone)).do("train").shows(state="done")
    before = phone.locator(".lrl-chart").bounding_box()
    live.next_job().do("state", state="loading", what="trainer").shows(job=live.job, points=0)
    expect(phone.locator(".lrl-status")).to_contain_text("TensorFlow is starting")
    assert phone.locator(".lrl-chart").bounding_box() == before


def test_a_job_that_is_superseded_is_not_said_to_have_been_stopped(live):
    begun(live).do("records", run=0, count=50)
    expect(live.page.locator(".lrl-verdict")).to_have_text("Learns well: epoch 50 reached.")
    live.hold_time()
    with live.heard("/live", '"done"'):
        live.do("outcome", run=0, kind="stopped", epoch=50).do("state", state="done")
    live.next_job_in_held_time()
    live.page.clock.run_for(SUPERSEDED)
    live.page.clock.resume()
    live.do("records", run=0, count=70).shows(job=live.job, points=70, ghost=50)
    expect(live.page.locator(".lrl-status")).to_have_text("Training: epoch 70 of 200")
    expect(live.page.get_by_text("Ended: none", exact=True)).to_be_visible()


def test_a_job_that_a_visitor_stops_is_said_to_be(live):
    begun(live).do("records", run=0, count=50).shows(points=50)
    live.do("outcome", run=0, kind="stopped", epoch=50).do("state", state="done")
    expect(live.page.locator(".lrl-status")).to_have_text("Stopped")
    live.shows(state="done")


def test_a_screen_reader_hears_the_verdict(live):
    begun(live).do("records", run=0, count=50).do("finish").shows(state="done")
    chart = live.page.get_by_role("img", name="Learns well: epoch 50 reached.")
    expect(chart).to_be_visible()
    expect(live.page.locator(".lrl-verdict")).to_have_attribute("aria-live", "polite")
    expect(live.page.locator(".lrl-verdict")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"state": "queued", "ahead": 1}, "Waiting behind one other training."),
        ({"state": "queued", "ahead": 3}, "Waiting behind 3 other trainings."),
        ({"state": "loading", "what": "trainer"}, "TensorFlow is starting; the first curve"),
        ({"state": "loading", "what": "program"}, "Preparing the training program"),
        ({"state": "retrying", "why": "lost"}, "A training process was lost"),
    ],
)
def test_what_is_waited_for_is_said(live, state, sentence):
    live.do("begin").do("state", **state).open()
    expect(live.page.locator(".lrl-status")).to_contain_text(sentence)
    expect(live.page.locator(".lrl-waiting")).to_contain_text(sentence)


def test_python_hears_once_that_a_job_has_ended(live):
    begun(live).do("train").shows(state="done")
    expect(live.page.get_by_text(f"Ended: {live.job}", exact=True)).to_be_visible()
    live.next_job().do("train").shows(job=live.job, state="done")
    ended = f"Ended: {live.name}-1 {live.name}-2"
    expect(live.page.get_by_text(ended, exact=True)).to_be_visible()


def test_the_end_of_a_job_runs_no_script_that_nobody_asked_for(server, page):
    live = begun(Live(server, page, tells=0))
    live.do("train").shows(state="done")
    expect(page.locator(".lrl-verdict")).to_have_text("Learns well: epoch 200 reached.")
    live.next_job().do("train").shows(job=live.job, state="done")
    expect(page.get_by_text("Scripts: 2", exact=True)).to_be_visible()


def test_a_job_that_is_no_longer_kept_is_said_and_told_to_python(server, page):
    live = Live(server, page, tells=0).open()
    expect(page.locator(".lrl-status")).to_contain_text("This training is no longer kept.")
    expect(page.get_by_text(f"Ended: {live.job}", exact=True)).to_be_visible()


def test_the_page_knows_while_something_runs(live):
    root = live.page.locator("html")
    begun(live)
    expect(root).to_have_attribute("data-lrl-running", "")
    live.do("train").shows(state="done")
    expect(root).not_to_have_attribute("data-lrl-running", "")


def test_a_logarithmic_axis_has_numbers_that_people_read(live):
    begun(live).do("train").shows(points=200)
    assert live.page.locator(".y3tick").all_text_contents() == ["0.002", "0.005", "0.01"]


def test_a_job_that_is_over_is_shown_at_once(live):
    live.do("train").open().shows(points=200, state="done")


def test_a_cut_line_loses_nothing_and_doubles_nothing(live):
    lines = []

    def through(line):
        lines.append((line, line.connect_to_server()))

    live.page.route_web_socket("**/live", through)
    begun(live).do("records", run=0, count=30).shows(points=30)
    for epochs in (60, 90):
        browser, beyond = lines.pop()
        beyond.close()
        browser.close()
        live.do("records", run=0, count=30).shows(points=epochs)
    live.do("finish").shows(state="done", points=90)
    np.testing.assert_allclose(live.y(ACCURACY), made_up(0, 1, 90)[:, 4], rtol=1e-6)
    np.testing.assert_array_equal(live.ask(f"[...plot.data[{ACCURACY}].x]"), np.arange(1, 91))


def test_a_lost_line_is_said_until_it_is_back(live):
    lines, broken = [], []

    def through(line):
        if broken:
            line.close()
        else:
            lines.append((line, line.connect_to_server()))

    live.page.route_web_socket("**/live", through)
    begun(live).do("records", run=0, count=30).shows(points=30)
    broken.append(True)
    browser, beyond = lines.pop()
    beyond.close()
    browser.close()
    status = live.page.locator(".lrl-status")
    expect(status).to_contain_text("The connection is lost")
    live.do("records", run=0, count=30)
    broken.clear()
    live.shows(points=60)
    expect(status).to_have_text("Training: epoch 60 of 200")


def test_a_hidden_chart_is_not_drawn_until_it_is_seen(live):
    begun(live).do("records", run=0, count=30).shows(points=30)
    live.page.locator(".lrl-live").evaluate("live => (live.style.display = 'none')")
    live.do("records", run=0, count=30)
    expect(live.page.locator(".lrl-verdict")).to_have_text("Learns well: epoch 60 reached.")
    live.shows(points=30)
    live.page.locator(".lrl-live").evaluate("live => (live.style.display = '')")
    live.shows(points=60)


def test_the_chart_follows_the_theme(live):
    begun(live).do("records", run=0, count=30).shows(points=30)
    light = live.ask("plot._fullLayout.font.color")
    live.page.emulate_media(color_scheme="dark")
    live.page.wait_for_function(
        f"document.querySelector('{PLOT}')._fullLayout.font.color !== '{light}'"
    )


def test_the_chart_fits_its_place(live):
    begun(live).do("train").shows(points=200)
    live.page.set_viewport_size({"width": 900, "height": 700})
    live.page.wait_for_function(
        f"document.querySelector('{PLOT} .main-svg').clientWidth"
        f" === document.querySelector('{PLOT}').clientWidth"
    )


def test_a_phone_shows_it_without_sideways_scrolling(server, phone):
    live = Live(server, phone)
    begun(live).do("train").shows(points=200)
    assert phone.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    box = phone.locator(PLOT).bounding_box()
    assert box["width"] > 340
    assert box["height"] < 844 / 2


def test_the_mean_of_runs_waits_for_the_last_of_them(live):
    begun(live, runs=2).do("records", run=0, count=50).shows(points=50)
    drawn = live.page.evaluate(MEAN, {"factor": 0})
    assert drawn == []
    live.do("records", run=1, count=20).shows(points=70)
    both = np.stack([made_up(run, 1, 20)[:, 3] for run in (0, 1)])
    np.testing.assert_allclose(live.page.evaluate(MEAN, {"factor": 0}), both.mean(0), rtol=1e-6)
    upper = both.mean(0) + both.std(0, ddof=1)
    np.testing.assert_allclose(live.page.evaluate(MEAN, {"factor": 1}), upper, rtol=1e-6)
    live.do("outcome", run=1, kind="diverged", epoch=21).shows(points=70)
    live.page.wait_for_function(f"({MEAN})({{ factor: 0 }}).then(y => y.length === 50)")
    tail = live.page.evaluate(MEAN, {"factor": 0})[20:]
    np.testing.assert_allclose(tail, made_up(0, 21, 30)[:, 3], rtol=1e-6)


# The points of a bind over both runs, by the page's own module and the chart's own records.
MEAN = """async ({ factor }) => {
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const { points } = await import(fetched.find((name) => name.endsWith("/series.js")));
  const bind = { field: "loss", runs: [0, 1], factor };
  return [...points(bind, __lrl.charts.chart.records).y];
}"""


def test_everything_comes_from_this_server(live):
    asked = []
    live.page.on("request", lambda request: asked.append(request.url))
    begun(live).do("train").shows(points=200)
    assert all(url.startswith((live.server.url, "blob:", "data:")) for url in asked)


def test_the_app_may_live_under_a_path(serve, page):
    live = Live(serve("live_app.py", "/lab"), page)
    begun(live).do("train").shows(points=200, state="done")
