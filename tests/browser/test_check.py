"""A second run in the chart, beside the one that it checks, in a real browser."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.components.first_visit.first_visit import COOKIE, SEEN
from dashboard.text import Words
from tests.browser.explore import PATIENCE, at_rest, download, link, open_page, press, wait_done
from tests.browser.server import Server
from tests.browser.steered import Live
from tests.browser.widths import HEIGHT, WIDTHS, ZOOMED, faults_by_size
from tests.live.fake import made_up

FIRST = 10  # of the lines of a check: five ghosts and five of the run lie below
TEST = 1  # among the lines of one run: training accuracy, test accuracy, …
LINE = ".lrl-beside"


class Checked(Live):
    """One page with the chart of a run that was trained, and of its check, which goes on."""

    def __init__(self, serve, page, state="training", **more):
        super().__init__(serve("live_app.py"), page, explore=1, checked=1)
        self.do("train").check("begin", state="queued").check("state", state=state, **more)
        self.open().shows(state="done", points=200)

    def check(self, verb, **more):
        self.server.post(f"/fake/{verb}", job=f"{self.name}-check", **more)
        return self

    @property
    def line(self):
        return self.page.locator(LINE)

    def says(self, text):
        expect(self.line).to_contain_text(text)
        return self


def test_a_check_is_drawn_thin_over_the_run_as_it_comes(serve, page):
    live = Checked(serve, page).check("records", run=0, count=50).shows(beside=50, points=200)
    live.says("Epoch 50 of 200").says("50 of 200 epochs")
    expect(live.page.get_by_role("progressbar", name="Epochs of the check")).to_have_js_property(
        "value", 50
    )
    drawn = made_up(0, 1, 50)[:, -1]
    np.testing.assert_allclose(live.y(FIRST + TEST), drawn, rtol=1e-6)
    ink = live.ask("getComputedStyle(plot).getPropertyValue('--st-text-color').trim()")
    line = live.ask(f"plot.data[{FIRST + TEST}].line")
    assert line["color"] == ink
    assert line["width"] < live.ask(f"plot.data[{FIRST // 2 + TEST}].line.width") / 2
    live.check("records", run=0, count=150).check("finish").shows(beside=200)
    live.says("200 of 200 epochs")
    expect(live.line.get_by_role("progressbar")).to_be_hidden()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"state": "queued", "ahead": 1}, "Keras trains one run at a time: one is ahead"),
        ({"state": "queued", "ahead": 3}, "Keras trains one run at a time: 3 are ahead"),
        ({"state": "loading", "what": "trainer"}, "Keras is starting"),
        ({"state": "retrying", "why": "lost"}, "Keras’s process was lost"),
    ],
)
def test_a_check_says_what_it_waits_for(serve, page, state, said):
    live = Checked(serve, page, **state).says(said)
    expect(live.line.get_by_role("progressbar")).to_be_hidden()
    live.shows(beside=0)


def test_a_check_is_stopped_and_removed_by_the_button_beside_it(serve, page):
    live = Checked(serve, page).check("records", run=0, count=20).says("Epoch 20 of 200")
    live.line.get_by_role("button", name="Stop the check").click()
    expect(page.get_by_text("Beside: stop", exact=True)).to_be_visible()
    live.check("outcome", run=0, kind="stopped", epoch=20).check("state", state="done")
    live.says("The check was stopped.").says("20 of 200 epochs").shows(beside=20)
    live.line.get_by_role("button", name="Remove the thin line").click()
    expect(page.get_by_text("Beside: remove", exact=True)).to_be_visible()


def test_a_check_goes_with_the_run_that_it_was_of(serve, page):
    live = Checked(serve, page).check("records", run=0, count=20).shows(beside=20)
    live.next_job().do("train").shows(job=live.job, state="done", beside=0)
    expect(live.line).to_be_hidden()
    assert live.ask("plot.data.length") == FIRST
    live.check("records", run=0, count=20).check("finish")
    live.next_job().do("train").shows(job=live.job, beside=0)


def test_what_is_said_of_both_is_said_anew_when_the_run_ends_after_its_check(serve, page):
    live = Live(serve("live_app.py"), page, explore=1, checked=1)
    live.do("begin", state="training").do("records", run=0, count=10)
    live.server.post("/fake/train", job=f"{live.name}-check")
    live.open().shows(beside=200)
    expect(page.locator(LINE)).to_contain_text("200 of 10 epochs")
    live.do("records", run=0, count=190).do("finish")
    expect(page.locator(LINE)).to_contain_text("200 of 200 epochs")


def test_another_language_says_it_anew_and_keeps_the_line(serve, page):
    live = Checked(serve, page).check("records", run=0, count=200).check("finish")
    live.says("chaos").shows(beside=200)
    expect(live.line.locator("dfn")).to_have_text(["epochs", "chaos"])
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="zh").click()
    live.says("混沌").shows(beside=200)
    expect(live.line.get_by_role("button")).to_have_text("移除")


def test_a_smoothed_chart_smooths_the_check_too(serve, page):
    live = Checked(serve, page)
    page.get_by_role("button", name="smooth").click()
    live.check("records", run=0, count=50).shows(beside=50)
    assert live.ask("plot.data.filter(({ name }) => name === 'Keras').length") == 5 + 4


def test_a_run_is_checked_by_keras_and_the_two_agree(page: Page, app: Server) -> None:
    """The real engines, on an experiment of a second."""
    first = open_page(page, app, "epochs=5&samples=20")
    at_rest(page)
    page.get_by_role("button", name="Check against Keras").click()
    said = page.locator(".lrl-beside-said")
    expect(said).to_contain_text("Plain Keras draws the same curve", timeout=PATIENCE)
    expect(page.locator(".lrl-chart")).to_have_attribute("data-beside", "5")
    rows = download(page, "CSV").splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["compiled"] * 5 + ["keras"] * 5
    page.reload()
    expect(said).to_contain_text("Plain Keras draws the same curve", timeout=PATIENCE)
    at_rest(page)
    page.get_by_role("button", name="Remove the thin line").click()
    expect(page.locator(LINE)).to_be_hidden()
    at_rest(page)
    assert "check" not in link(page)
    page.get_by_role("button", name="Check against Keras").click()
    expect(said).to_contain_text("Plain Keras draws the same curve", timeout=PATIENCE)
    press(page, "Learning rate", "PageUp")
    wait_done(page, not_job=first)
    expect(page.locator(LINE)).to_be_hidden()


def test_a_page_is_trained_by_keras_and_checked_by_the_compiled_engine(
    page: Page, app: Server
) -> None:
    open_page(page, app, "epochs=4&samples=20&engine=keras")
    expect(page.get_by_text("The curve comes from plain Keras")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Check against compiled").click()
    said = page.locator(".lrl-beside-said")
    expect(said).to_contain_text("Plain Keras draws the same curve", timeout=PATIENCE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_lies_over_a_check_at_any_width(page: Page, app: Server, language: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": SEEN, "url": app.url}])
    open_page(page, app, f"epochs=5&lang={language}")
    at_rest(page)
    page.get_by_role("button", name=Words(language)("keras.check_keras")).click()
    page.mouse.move(0, 0)
    expect(page.locator(LINE)).to_have_attribute("data-state", "done", timeout=PATIENCE)
    assert faults_by_size(page, [*((width, HEIGHT) for width in WIDTHS[::3]), *ZOOMED]) == {}


def test_on_a_phone_the_check_that_begins_comes_into_sight(phone: Page, app: Server) -> None:
    open_page(phone, app, "epochs=5&samples=20")
    at_rest(phone)
    phone.get_by_role("button", name="Check against Keras").tap()
    expect(phone.locator(LINE)).to_be_in_viewport(ratio=1, timeout=PATIENCE)
    expect(phone.locator(".lrl-chart")).to_be_in_viewport(ratio=0.5)
