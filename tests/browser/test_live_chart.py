"""What the live chart draws, in a real browser."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from core.experiment.records import COLUMNS
from tests.browser.steered import ACCURACY, GHOST, HOVERED, PLOT, Live, begun
from tests.live.fake import made_up


@pytest.fixture
def server(serve):
    return serve("live_app.py")


@pytest.fixture
def live(server, page):
    return Live(server, page)


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


def test_a_screen_reader_hears_the_verdict(live):
    begun(live).do("records", run=0, count=50).do("finish").shows(state="done")
    chart = live.page.get_by_role("img", name="Learns well: epoch 50 reached.")
    expect(chart).to_be_visible()
    expect(live.page.locator(".lrl-verdict")).to_have_attribute("aria-live", "polite")
    expect(live.page.locator(".lrl-verdict")).to_have_attribute("aria-busy", "false")


def test_a_logarithmic_axis_has_numbers_that_people_read(live):
    begun(live).do("train").shows(points=200)
    assert live.page.locator(".y3tick").all_text_contents() == ["0.002", "0.005", "0.01"]


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
    live.page.evaluate(MEAN)
    assert live.page.evaluate("mean(0)") == []
    live.do("records", run=1, count=20).shows(points=70)
    both = np.stack([made_up(run, 1, 20)[:, 3] for run in (0, 1)])
    np.testing.assert_allclose(live.page.evaluate("mean(0)"), both.mean(0), rtol=1e-6)
    upper = both.mean(0) + both.std(0, ddof=1)
    np.testing.assert_allclose(live.page.evaluate("mean(1)"), upper, rtol=1e-6)
    live.do("outcome", run=1, kind="diverged", epoch=21)
    live.page.wait_for_function("mean(0).length === 50")
    tail = live.page.evaluate("mean(0)")[20:]
    np.testing.assert_allclose(tail, made_up(0, 21, 30)[:, 3], rtol=1e-6)


# `mean(factor)`: the points of a bind over both runs, by the chart's module and its own
# records; with a factor, so many standard deviations above their mean.
MEAN = """async () => {
  const at = new URL("assets/live/series.js", document.baseURI).href;
  const { points } = await import(at);
  window.mean = (factor) => {
    const bind = { field: "loss", runs: [0, 1], factor };
    return [...points(bind, __lrl.charts.chart.records).y];
  };
}"""
