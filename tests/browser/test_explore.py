"""The page of one run, in a real browser with real workers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import KNOWN
from tests.browser.explore import (
    PATIENCE,
    QUICK,
    at_rest,
    chart,
    choose,
    download,
    job,
    link,
    no_sideways,
    open_page,
    plotted,
    points,
    press,
    traces,
    wait_done,
)
from tests.browser.server import Server
from tests.browser.tabs import PHONE

LARGE = "batch_size=5&samples=1000&hidden=256,256,200"  # an epoch takes 10 to 25 ms of a core
LONG = f"epochs=2000&{LARGE}"  # as long as a run may be: half a minute where nothing else runs


@pytest.mark.parametrize(
    ("label", "key", "name"),
    [
        ("Learning rate", "PageUp", "optimizer.learning_rate"),
        ("Momentum", "PageUp", "optimizer.momentum"),
        ("Decay", "PageUp", "schedule.decay"),
        ("Patience", "ArrowRight", "schedule.patience"),
    ],
)
def test_moving_a_slider_trains_again_with_a_point_for_each_epoch(
    page: Page, app: Server, label: str, key: str, name: str
) -> None:
    first = open_page(page, app)
    before = plotted(page)
    press(page, label, key, times=2)
    wait_done(page, not_job=first)
    page.wait_for_url(f"**{name}=**")
    assert plotted(page) != before
    assert all(trace["x"] == list(range(1, 41)) for trace in traces(page))
    assert len(plotted(page)) == 5


def test_another_optimizer_trains_again_and_shows_only_controls_that_mean_something(
    page: Page, app: Server
) -> None:
    first = open_page(page, app)
    before = plotted(page)
    choose(page, "Optimizer", "Adam")
    wait_done(page, not_job=first)
    assert plotted(page) != before
    expect(page.get_by_role("slider", name="Momentum", exact=True)).to_have_count(0)
    expect(page.get_by_role("slider", name="Learning rate", exact=True)).to_have_count(1)


def test_the_last_result_stays_as_a_ghost(page: Page, app: Server) -> None:
    first = open_page(page, app)
    before = plotted(page)
    press(page, "Learning rate", "PageUp")
    wait_done(page, not_job=first)
    ghosts = page.evaluate(
        """() => document.querySelector(".lrl-plot").data
            .filter((trace) => trace.opacity).map((trace) => Array.from(trace.y))"""
    )
    assert ghosts == before


def test_points_arrive_while_training_goes_on_and_stop_keeps_them(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?{LONG}&seed=1")
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    some = points(page)
    page.wait_for_function(
        "(some) => Number(document.querySelector('.lrl-chart').dataset.points) > some",
        arg=some,
        timeout=PATIENCE,
    )
    page.get_by_role("button", name="Stop").click()
    wait_done(page)
    assert some < points(page) < 2000
    expect(page.locator(".lrl-verdict")).to_contain_text("Stopped after epoch")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()


def test_moving_a_slider_while_training_supersedes_the_old_run(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?{LONG}&seed=2")
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    first = job(page)
    press(page, "Learning rate", "PageDown")  # up, so large a network diverges
    page.wait_for_function(
        """(old) => {
            const { job, points } = document.querySelector(".lrl-chart").dataset;
            return job !== old && Number(points) > 0;
        }""",
        arg=first,
        timeout=PATIENCE,
    )
    page.get_by_role("button", name="Stop").click()
    wait_done(page, not_job=first)


def test_the_device_is_named_as_soon_as_something_was_trained(page: Page, app: Server) -> None:
    open_page(page, app)
    expect(page.locator(".lrl-device")).to_have_text(re.compile("^(CPU|GPU) · "))


def test_the_device_is_named_also_where_the_store_knew_the_run(page: Page, below: Server) -> None:
    open_page(page, below, KNOWN)
    expect(page.locator(".lrl-device")).to_have_text(re.compile("^(CPU|GPU) · "), timeout=PATIENCE)


def test_a_link_shows_identical_numbers_in_a_fresh_profile(
    page: Page, visit: Callable[..., Page], app: Server
) -> None:
    first = page
    open_page(first, app, f"learning_rate=0.05&momentum=0.5&{QUICK}&noise=1.5&seed=3")
    second = visit()
    second.goto(first.url)
    wait_done(second)
    assert plotted(second) == plotted(first)
    verdict = first.locator(".lrl-head").inner_text()
    expect(second.locator(".lrl-head")).to_have_text(verdict, use_inner_text=True)


def test_the_back_button_undoes_a_change(page: Page, app: Server) -> None:
    first = open_page(page, app)
    before, rate = plotted(page), link(page)["optimizer.learning_rate"]
    press(page, "Learning rate", "PageUp")
    second = wait_done(page, not_job=first)
    page.go_back()
    wait_done(page, not_job=second)
    assert plotted(page) == before
    assert link(page)["optimizer.learning_rate"] == rate


def test_without_live_nothing_is_trained_until_train_is_pressed(page: Page, app: Server) -> None:
    first = open_page(page, app)
    before = plotted(page)
    page.get_by_text("Live", exact=True).click()
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_visible()
    press(page, "Momentum", "PageUp")
    expect(page.get_by_text("Press Train")).to_be_visible()
    assert plotted(page) == before
    at_rest(page)
    train.click()
    wait_done(page, not_job=first)
    assert plotted(page) != before


def test_divergence_is_shown_at_its_epoch(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?learning_rate=10&momentum=0.999&epochs=40&samples=200&noise=10")
    page.wait_for_function(
        "document.querySelector('.lrl-chart')?.dataset.state === 'done'", timeout=PATIENCE
    )
    verdict = page.locator(".lrl-verdict")
    expect(verdict).to_contain_text("Diverged")
    expect(page.locator(".lrl-plot .annotation-text").first).to_contain_text("diverged at epoch")


def test_a_rate_of_zero_is_said_in_words(page: Page, app: Server) -> None:
    open_page(page, app, "schedule=plateau&patience=1&min_delta=1&epochs=120")
    notes = page.locator(".lrl-plot .annotation-text")
    expect(notes.filter(has_text="the rate is 0 from epoch")).to_be_visible()


def test_the_language_is_the_browsers_and_can_be_switched(
    tab: Callable[..., Page], app: Server
) -> None:
    page = tab(locale="zh-CN")
    open_page(page, app)
    expect(page.get_by_role("slider", name="学习率", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator(".lrl-device")).not_to_have_text(re.compile("core"))
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("跳到正文")
    page.get_by_text("EN", exact=True).click()
    expect(page.get_by_role("slider", name="Learning rate", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert link(page)["lang"] == "en"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_off_on_a_laptop_and_the_page_needs_no_scrolling(
    page: Page, app: Server, language: str
) -> None:
    open_page(page, app, f"{QUICK}&lang={language}")
    no_sideways(page)
    height, window = page.evaluate("[document.querySelector('.stMain').scrollHeight, innerHeight]")
    assert height <= window


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_the_chart_comes_first_and_stays_in_view(
    phone: Page, app: Server, language: str
) -> None:
    open_page(phone, app, f"{QUICK}&lang={language}")
    no_sideways(phone)
    rate = phone.locator(".st-key-control-learning_rate")
    assert chart(phone).bounding_box()["y"] < rate.bounding_box()["y"]
    phone.locator(".st-key-control-patience").scroll_into_view_if_needed()
    box = chart(phone).bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] < PHONE["height"]


def test_the_experiment_and_the_records_can_be_taken_home(page: Page, app: Server) -> None:
    open_page(page, app)
    rows = download(page, "CSV").splitlines()
    assert rows[0].startswith("run,seed,epoch,updates,learning_rate,loss,accuracy")
    assert len(rows) == 41
    assert '"epochs": 40' in download(page, "Experiment")
