"""The page of one run, in a real browser with real workers."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.experiment import Experiment
from core.experiment.records import Outcome, Run
from core.service.store import Store
from tests.browser.explore import (
    PATIENCE,
    chart,
    choose,
    job,
    link,
    no_sideways,
    no_traceback,
    plotted,
    points,
    press,
    traces,
    wait_done,
)
from tests.browser.server import ROOT, Server, children_of
from tests.browser.tabs import PHONE
from tests.live.fake import made_up

LARGE = "batch_size=5&samples=1000&hidden=256,256,200"  # an epoch takes 10 to 25 ms of a core
LONG = f"epochs=2000&{LARGE}"  # as long as a run may be: half a minute where nothing else runs
QUICK = "epochs=40"


def open_page(page: Page, app: Server, query: str = QUICK) -> str:
    """The page of a link, with its training done; the job."""
    page.goto(f"{app.url}/?{query}")
    return wait_done(page)


@pytest.mark.parametrize(
    ("label", "key", "name"),
    [
        ("Learning rate", "PageUp", "learning_rate"),
        ("Momentum", "PageUp", "momentum"),
        ("Decay", "PageUp", "decay"),
        ("Patience", "ArrowRight", "patience"),
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


def test_the_device_is_named_also_where_the_store_knew_the_run(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    store = str(tmp_path / "runs.sqlite")
    with Store(store) as kept:
        kept.put([Run(Experiment(epochs=40), made_up(0, 1, 40), Outcome("finished", 40))])
    open_page(page, serve(ROOT / "app.py", LEARNING_RATE_LAB_STORE=store))
    expect(page.locator(".lrl-device")).to_have_text(re.compile("^(CPU|GPU) · "), timeout=PATIENCE)


def test_a_link_shows_identical_numbers_in_a_fresh_profile(
    visit: Callable[..., Page], app: Server
) -> None:
    first = visit()
    open_page(first, app, "learning_rate=0.05&momentum=0.5&epochs=60&noise=1.5&seed=3")
    second = visit()
    second.goto(first.url)
    wait_done(second)
    assert plotted(second) == plotted(first)
    verdict = first.locator(".lrl-head").inner_text()
    expect(second.locator(".lrl-head")).to_have_text(verdict, use_inner_text=True)


def test_the_back_button_undoes_a_change(page: Page, app: Server) -> None:
    first = open_page(page, app)
    before, rate = plotted(page), link(page)["learning_rate"]
    press(page, "Learning rate", "PageUp")
    second = wait_done(page, not_job=first)
    page.go_back()
    wait_done(page, not_job=second)
    assert plotted(page) == before
    assert link(page)["learning_rate"] == rate


def test_a_killed_worker_is_replaced_and_its_run_is_finished(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?epochs=200&{LARGE}&seed=5")
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    expect(chart(page)).to_have_attribute("data-state", "training", timeout=PATIENCE)
    for pid in children_of(app.process.pid):
        os.kill(pid, signal.SIGKILL)
    wait_done(page)
    assert points(page) == 200
    no_traceback(page)
    first = job(page)
    press(page, "Learning rate", "PageDown")
    wait_done(page, not_job=first)


def test_without_live_nothing_is_trained_until_train_is_pressed(page: Page, app: Server) -> None:
    first = open_page(page, app)
    before = plotted(page)
    page.get_by_text("Live", exact=True).click()
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_visible()
    press(page, "Momentum", "PageUp")
    expect(page.get_by_text("Press Train")).to_be_visible()
    assert plotted(page) == before
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


def test_a_bad_link_says_which_field_and_applies_the_rest(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?momentum=7&learning_rate=0.02&layers=9&epochs=1000000000&seed=x")
    wait_done(page)
    for words in ("Momentum must be", "layers", "Epochs must be", "Seed must be"):
        expect(page.locator(".stAlert").filter(has_text=words)).to_be_visible()
    assert link(page)["learning_rate"] == "0.02"
    no_traceback(page)


def test_a_typed_value_that_is_refused_is_said_beside_the_control(page: Page, app: Server) -> None:
    first = open_page(page, app)
    field = page.locator(".st-key-control-learning_rate input[type=text]")
    field.fill("ten")
    field.press("Enter")
    expect(page.locator(".st-key-control-learning_rate")).to_contain_text("it was ten.")
    expect(page.locator(".st-key-control-learning_rate")).to_contain_text("Learning rate must be")
    assert job(page) == first
    field.fill("0.02")
    field.press("Enter")
    wait_done(page, not_job=first)
    expect(page.locator(".st-key-control-learning_rate")).not_to_contain_text("must be")
    assert link(page)["learning_rate"] == "0.02"


def test_every_control_is_in_a_group_that_opens(page: Page, app: Server) -> None:
    first = open_page(page, app, f"{QUICK}&patience=5&schedule=plateau")
    for group, labels in {
        "more_patience": ("Factor", "Smallest improvement"),
        "more_optimizer": ("Preset",),
        "group-schedule": ("Schedule", "Warm-up"),
        "group-data": ("Data", "Noise", "Points"),
        "group-network": ("Hidden layers", "Activation"),
        "group-training": ("Epochs", "Batch size", "Seed"),
    }.items():
        page.locator(f".st-key-{group} summary").click()
        for label in labels:
            field = page.locator(f".st-key-{group}").get_by_label(label, exact=False).first
            expect(field).to_be_visible()
    assert job(page) == first
    choose(page, "Activation", "tanh")
    wait_done(page, not_job=first)
    assert link(page)["activation"] == "tanh"


def test_a_count_out_of_bounds_is_said_in_the_visitors_language(
    tab: Callable[..., Page], app: Server
) -> None:
    page = tab(locale="zh-CN")
    open_page(page, app)
    page.locator(".st-key-group-training summary").click()
    field = page.get_by_role("textbox", name="批大小")
    field.fill("1000000")
    field.press("Enter")
    expect(page.locator(".stAlert").filter(has_text="1000000")).to_contain_text("5000 之间的整数")
    expect(page.get_by_text("outside the allowed range")).to_have_count(0)


def test_a_text_box_keeps_what_was_refused_until_it_is_put_right(page: Page, app: Server) -> None:
    first = open_page(page, app, f"{QUICK}&schedule=plateau&min_delta=0.000123456789")
    page.locator(".st-key-more_patience summary").click()
    box = page.get_by_role("textbox", name="Smallest improvement")
    expect(box).to_have_value("0.000123456789")
    alert = page.locator(".stAlert").filter(has_text="Smallest improvement")
    for right in ("", "0,000123456789"):
        box.fill("1,000")
        box.press("Enter")
        expect(alert).to_contain_text("could be 1 or 1000")
        expect(box).to_have_value("1,000")
        box.fill(right)
        box.press("Enter")
        expect(alert).to_have_count(0)
        expect(box).to_have_value("0.000123456789")
    assert job(page) == first


def test_a_whole_number_is_read_as_people_write_it(page: Page, app: Server) -> None:
    open_page(page, app)
    page.locator(".st-key-group-training summary").click()
    box = page.get_by_role("textbox", name="Batch size")
    box.fill("1e2")
    box.press("Enter")
    expect(box).to_have_value("100")
    page.wait_for_url("**batch_size=100**")


def test_the_language_is_the_browsers_and_can_be_switched(
    tab: Callable[..., Page], app: Server
) -> None:
    page = tab(locale="zh-CN")
    open_page(page, app)
    expect(page.get_by_role("slider", name="学习率", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
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
    with page.expect_download() as csv:
        page.get_by_role("button", name="CSV").click()
    rows = Path(csv.value.path()).read_text().splitlines()
    assert rows[0].startswith("run,seed,epoch,updates,learning_rate,loss,accuracy")
    assert len(rows) == 41
    with page.expect_download() as experiment:
        page.get_by_role("button", name="Experiment").click()
    assert '"epochs": 40' in Path(experiment.value.path()).read_text()
