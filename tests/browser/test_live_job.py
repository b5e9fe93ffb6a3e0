"""What the live chart makes of a job, from its first word to its last, in a real browser."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.steered import ACCURACY, STEP_BACK, SUPERSEDED, Live, begun
from tests.live.fake import made_up


@pytest.fixture
def server(serve):
    return serve("live_app.py")


@pytest.fixture
def live(server, page):
    return Live(server, page)


@pytest.fixture
def live_apart(server, visit):
    """In a tab of its own, since no tab gets rid of a held clock or of a tapped line."""
    return Live(server, visit())


def test_a_chart_has_a_name_before_anything_is_told(live):
    live.do("begin", state="queued").open()
    expect(live.page.get_by_role("img", name="Chart of the training")).to_be_visible()


def test_old_curves_stand_until_the_new_job_has_records(live_apart):
    live = live_apart
    begun(live).do("records", run=0, count=120).do("finish").shows(state="done")
    first = live.job
    live.hold_time()
    live.next_job_in_held_time().shows(job=first, points=120)
    live.page.clock.run_for(STEP_BACK)
    live.page.clock.resume()
    live.shows(job=live.job, points=0, ghost=120)


def test_a_job_that_is_superseded_is_not_said_to_have_been_stopped(live_apart):
    live = live_apart
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


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"state": "queued", "ahead": 1}, "Waiting behind one other training."),
        ({"state": "queued", "ahead": 3}, "Waiting behind 3 other trainings."),
        ({"state": "loading", "what": "trainer"}, "TensorFlow is starting; the first curve"),
        ({"state": "loading", "what": "program"}, "Preparing the training program"),
        ({"state": "paused"}, "It goes on at once."),
        ({"state": "paused", "full": True}, "when others have ended"),
        ({"state": "retrying", "why": "lost"}, "the run starts again on another"),
        ({"state": "retrying", "why": "lost", "from": 120}, "the run goes on from epoch 120 on"),
    ],
)
def test_what_is_waited_for_is_said(live, state, sentence):
    live.do("begin").do("state", **state).open()
    expect(live.page.locator(".lrl-status")).to_contain_text(sentence)
    expect(live.page.locator(".lrl-waiting")).to_contain_text(sentence)


def test_what_was_interrupted_says_from_which_epoch_it_goes_on(live):
    begun(live).do("records", run=0, count=50).do("state", state="training", **{"from": 40})
    far = "Training: epoch 50 of 200. It goes on from epoch 40."
    expect(live.page.locator(".lrl-status")).to_have_text(far)
    live.do("state", state="training", again=True)
    anew = "Training: epoch 50 of 200. It was interrupted and began anew."
    expect(live.page.locator(".lrl-status")).to_have_text(anew)


def test_python_hears_once_that_a_job_has_ended(live):
    begun(live).do("train").shows(state="done")
    expect(live.page.get_by_text(f"Ended: {live.job}", exact=True)).to_be_visible()
    live.next_job().do("train").shows(job=live.job, state="done")
    ended = f"Ended: {live.name}-1 {live.name}-2"
    expect(live.page.get_by_text(ended, exact=True)).to_be_visible()


def test_a_job_that_ends_before_its_script_is_told_after_it(server, page):
    """Else Python would take what the widgets held before for what a visitor chose."""
    live = begun(Live(server, page, gated=1)).do("train").shows(state="done")
    expect(page.get_by_text(f"Ended: {live.job}", exact=True)).to_be_visible()
    live.next_job().do("train").shows(job=live.job, points=200, state="done")
    live.do("open_gate")
    expect(page.get_by_text(f"Ended: {live.name}-1 {live.name}-2", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Kind")).to_have_value("Kind 2")
    expect(page.get_by_text("Heard: nothing", exact=True)).to_be_visible()


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


def test_a_job_that_is_over_is_shown_at_once(live):
    live.do("train").open().shows(points=200, state="done")


def test_a_cut_line_loses_nothing_and_doubles_nothing(live_apart):
    live = live_apart
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


def test_a_lost_line_is_said_until_it_is_back(live_apart):
    live = live_apart
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


def test_everything_comes_from_this_server(live):
    asked = []
    live.page.on("request", lambda request: asked.append(request.url))
    begun(live).do("train").shows(points=200)
    assert all(url.startswith((live.server.url, "blob:", "data:")) for url in asked)


def test_the_app_may_live_under_a_path(serve, page):
    live = Live(serve("live_app.py", "/lab"), page)
    begun(live).do("train").shows(points=200, state="done")
