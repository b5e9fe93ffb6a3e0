"""The page of studies, in a real browser with real workers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explore import (
    PATIENCE,
    at_rest,
    chart,
    choose,
    download,
    link,
    no_sideways,
    no_traceback,
    points,
    told,
    wait_done,
)
from tests.browser.looks import misplaced_words, weak_words
from tests.browser.server import Server
from tests.browser.tabs import DEVICES

STUDIES = ("data", "learning-rate", "momentum", "decay-on-paper", "decay", "patience", "optimizer")
TRAINED = ("learning-rate", "momentum", "decay", "patience", "optimizer")
QUICK = "study=own&vary=momentum:list:0,0.5,0.9&epochs=30&seeds=2"
LONG = "study=own&vary=momentum:list:0,0.9&epochs=2000&batch_size=5&hidden=256,256&seeds=2"
MAP = "study=own&vary=momentum:list:0,0.9&and_vary=learning_rate:list:0.1,0.01&epochs=30&seeds=2"
QUERIES = (*(f"study={name}&seeds=2" for name in STUDIES), QUICK, MAP)


def open_study(page: Page, app: Server, query: str) -> str:
    """The page of a link, with its training done and its table there; the job."""
    page.goto(f"{app.url}/studies?{query}")
    token = wait_done(page)
    expect(page.locator(".lrl-table tbody tr").first).to_be_visible(timeout=PATIENCE)
    return token


def click_study(page: Page, name: str) -> None:
    at_rest(page)
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()


@pytest.mark.parametrize("name", TRAINED)
def test_a_study_is_one_click_and_ends_with_its_table(page: Page, app: Server, name: str) -> None:
    page.goto(f"{app.url}/studies?study=data&seeds=1")
    labels = {n: f"{k} {n.replace('-', ' ').capitalize()}" for k, n in enumerate(STUDIES, 1)}
    click_study(page, labels[name])
    wait_done(page)
    cells = 8 if name == "learning-rate" else 4
    expect(page.locator(".lrl-table tbody tr")).to_have_count(cells, timeout=PATIENCE)
    expect(page.locator(".study-said")).to_contain_text("One seed: this may be chance.")
    assert link(page)["study"] == name
    no_traceback(page)


def test_curves_grow_while_a_study_trains_and_stop_keeps_them(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/studies?{LONG}")
    page.get_by_role("button", name="Train", exact=True).click(timeout=PATIENCE)
    page.wait_for_function(
        "Number(document.querySelector('.lrl-chart')?.dataset.points) > 0", timeout=PATIENCE
    )
    some = points(page)
    page.wait_for_function(
        "(some) => Number(document.querySelector('.lrl-chart').dataset.points) > some", arg=some
    )
    expect(page.locator(".lrl-status")).to_contain_text("Training")
    page.get_by_role("button", name="Stop").click()
    wait_done(page)
    expect(page.locator(".study-said")).to_contain_text("Stopped: 0 of 4 runs")
    assert some < points(page) < 4 * 2000
    page.get_by_role("button", name="Go on").click()
    page.wait_for_function("document.querySelector('.lrl-chart').dataset.state !== 'done'")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_one_more_seed_changes_the_lines_and_another_view_needs_no_training(
    page: Page, app: Server
) -> None:
    first = open_study(page, app, f"{QUICK}&view=panels")
    slider = page.get_by_role("slider", name="Seeds")
    slider.press("ArrowRight")
    second = wait_done(page, not_job=first)
    assert link(page)["seeds"] == "3"
    click_study(page, "Overlay")
    page.wait_for_url("**view=overlay**")
    assert chart(page).get_attribute("data-job") == second


def test_the_band_says_which_it_is(page: Page, app: Server) -> None:
    open_study(page, app, f"{QUICK}&view=panels")
    legend = page.locator(".lrl-plot .legend")
    expect(legend).to_contain_text("± 1 standard deviation")
    page.get_by_text("95 % interval of the mean", exact=True).first.click()
    expect(legend).to_contain_text("95 % interval of the mean")
    expect(page.get_by_text("Student's t", exact=False).first).to_be_visible()


def test_the_table_sorts_by_number_and_the_link_remembers_it(page: Page, app: Server) -> None:
    open_study(page, app, QUICK.replace("seeds=2", "seeds=3"))  # of two both values are given
    names = page.locator(".lrl-table tbody th")
    assert names.all_inner_texts() == ["0", "0.5", "0.9"]
    page.locator(".lrl-table thead button").first.click()
    assert names.all_inner_texts() == ["0.9", "0.5", "0"]
    page.wait_for_url("**sort=-value**")
    page.locator(".lrl-table thead button", has_text="Final").click()
    finals = page.locator(".lrl-table tbody td[data-label=Final]").all_inner_texts()
    numbers = [float(text.partition(" ")[0]) for text in finals]
    assert numbers == sorted(numbers, reverse=True)
    assert all("±" in text for text in finals)


def test_the_table_and_the_records_can_be_taken_home(page: Page, app: Server) -> None:
    open_study(page, app, QUICK)
    rows = list(csv.DictReader(download(page, "Table (CSV)").splitlines()))
    assert [row["run"] for row in rows] == ["momentum=0.0", "momentum=0.5", "momentum=0.9"]
    assert all(float(row["final"]) > 0 and row["final_low"] == "" for row in rows)  # of two seeds
    assert len(download(page, "Records (CSV)").splitlines()) == 1 + 3 * 2 * 30


def test_a_line_of_the_table_opens_its_run(page: Page, app: Server) -> None:
    open_study(page, app, QUICK)
    page.get_by_role("button", name="Explore: 0.9").click()
    page.wait_for_url(f"{app.url}/?**")
    wait_done(page)
    assert link(page)["optimizer.momentum"] == "0.9"
    assert link(page)["epochs"] == "30"
    page.go_back()
    page.wait_for_url(f"{app.url}/studies?study=own**")
    expect(page.locator(".lrl-table tbody tr")).to_have_count(3, timeout=PATIENCE)
    page.reload()
    expect(page.locator(".lrl-table tbody tr")).to_have_count(3, timeout=PATIENCE)


def test_results_are_zoomed_read_by_keys_and_opened_by_them(page: Page, app: Server) -> None:
    open_study(page, app, f"{QUICK}&view=results")
    expect(page.locator(".annotation-text", has_text="possible")).to_be_visible(timeout=PATIENCE)
    whole = "document.querySelector('.lrl-plot')._fullLayout.yaxis.range[1] > 1"
    assert not page.evaluate(whole)
    page.get_by_role("button", name="0–100 %", exact=True).click()
    page.wait_for_url("**chart.ends=whole**")
    page.wait_for_function(whole)
    page.locator(".lrl-chart").focus()
    page.keyboard.press("End")
    voice = page.locator(".lrl-frame [aria-live=polite]")
    expect(voice).to_contain_text("Momentum 0.9. final test accuracy ")
    at_rest(page)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{app.url}/?**")
    assert link(page)["optimizer.momentum"] == "0.9"


def test_a_cell_of_the_map_is_read_out_and_opens_its_run(page: Page, app: Server) -> None:
    open_study(page, app, MAP)
    page.locator(".lrl-chart").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    said = page.locator(".lrl-frame [aria-live=polite]")
    expect(said).to_contain_text("Momentum 0.9, learning rate 0.1. final test accuracy ")
    z = page.evaluate("document.querySelector('.lrl-plot').data[0].z")
    assert [len(row) for row in z] == [2, 2]
    assert all(0 < value < 1 for row in z for value in row)
    at_rest(page)
    box = page.locator(".lrl-plot .xy .plot, .lrl-plot .heatmaplayer").first.bounding_box()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.75 * box["height"])
    expect(page.locator(".hoverlayer")).to_contain_text("0.01")  # of the cell below the pointer
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(f"{app.url}/?**")
    wait_done(page)
    found = link(page)
    assert (found["optimizer.momentum"], found["optimizer.learning_rate"]) == ("0.9", "0.01")


def test_the_back_button_undoes_a_choice(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/studies?study=data")
    click_study(page, "4 Decay on paper")
    page.wait_for_url("**study=decay-on-paper**")
    page.go_back()
    expect(page.get_by_text("500 points train the network", exact=False)).to_be_visible()
    assert link(page)["study"] == "data"


def test_decay_on_paper_follows_its_sliders(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/studies?study=decay-on-paper")
    last = "document.querySelector('.lrl-plot')?.data?.[0]?.y.at(-1)"
    page.wait_for_function(f"{last} > 0.00047 && {last} < 0.00049", timeout=PATIENCE)
    page.locator(".lrl-chart").focus()
    page.keyboard.press("ArrowRight")
    said = page.locator(".lrl-frame [aria-live=polite]")
    expect(said).to_contain_text("Update 0. Decay 0.1 0.01, Decay 0.01 0.01")
    slider = page.get_by_role("slider", name="Decay 1", exact=True)
    slider.press("PageUp")
    page.wait_for_function(f"{last} < 0.00006")
    slider = page.get_by_role("slider", name="Updates", exact=True)
    slider.press("PageUp")
    page.wait_for_function("document.querySelector('.lrl-plot').data[0].x.length > 200")


def test_a_study_of_ones_own_is_made_of_a_field_and_its_values(page: Page, app: Server) -> None:
    first = open_study(page, app, QUICK)
    values = page.get_by_role("textbox", name="List of values")
    values.fill("0, 0.7")
    values.press("Enter")
    second = wait_done(page, not_job=first)
    expect(page.locator(".lrl-table tbody tr")).to_have_count(2)
    values.fill("0, 7")
    values.press("Enter")
    refusal = told(page, "studies-values-0")
    expect(refusal).to_contain_text("must be a number at least 0 and at most 0.999")
    expect(page.locator(".stAlert")).to_have_count(0)
    assert weak_words(page) == []
    assert chart(page).get_attribute("data-job") == second
    choose(page, "Vary", "Activation")
    wait_done(page, not_job=second)
    expect(page.locator(".lrl-table tbody tr")).to_have_count(4)


def test_a_grid_that_is_too_large_is_a_sentence(page: Page, app: Server) -> None:
    page.goto(
        f"{app.url}/studies?study=own&vary=learning_rate:log:0.001:1:60"
        "&and_vary=momentum:linear:0:0.9:60"
    )
    expect(page.get_by_text("3600 cells", exact=False)).to_be_visible(timeout=PATIENCE)
    no_traceback(page)


def test_another_language_changes_the_words_and_nothing_else(page: Page, app: Server) -> None:
    token = open_study(page, app, QUICK)
    page.get_by_text("中文", exact=True).click()
    expect(page.locator(".study-said")).to_contain_text("最终最好：动量")
    assert chart(page).get_attribute("data-job") == token
    assert link(page)["vary"] == "optimizer.momentum:list:0,0.5,0.9"


@pytest.mark.combinations("look", [*product(QUERIES, ("en", "zh"), DEVICES)])
def test_nothing_is_cut_off(tab: Callable[..., Page], app: Server, look: Sequence[str]) -> None:
    query, language, device = look
    page = tab(**DEVICES[device])
    page.goto(f"{app.url}/studies?{query}&lang={language}")
    settled(page, query)
    check_looks(page)


@pytest.mark.parametrize("size", DEVICES)
def test_two_versions_side_by_side_fit_in_every_view(
    tab: Callable[..., Page], app: Server, size: str
) -> None:
    page = tab(**DEVICES[size])
    open_study(page, app, "study=optimizer&seeds=2&preset=both&view=panels")
    for view in ("Panels", "Overlay", "Results"):
        click_study(page, view)
        at_rest(page)
        expect(page.get_by_role("radio", name=view)).to_be_checked()
        expect(page.get_by_text("only warned about", exact=False)).to_be_visible()
        check_looks(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_can_be_read(tab: Callable[..., Page], app: Server, theme: str) -> None:
    page = tab(color_scheme=theme)
    open_study(page, app, f"{QUICK}&preset=both")
    assert weak_words(page) == []


def test_on_a_phone_the_chart_comes_before_the_settings(phone: Page, app: Server) -> None:
    open_study(phone, app, QUICK)
    settings = phone.locator(".st-key-study-settings").bounding_box()
    assert chart(phone).bounding_box()["y"] < settings["y"]


def test_on_a_phone_the_button_that_pins_is_whole(phone: Page, app: Server) -> None:
    open_study(phone, app, QUICK)
    pin = phone.get_by_role("button", name="Pin to compare").first
    alone = pin.bounding_box()["width"]
    pin.click()
    expect(phone.get_by_role("link", name="Compare (1)")).to_be_visible()
    assert pin.bounding_box()["width"] >= alone
    no_sideways(phone)


def settled(page: Page, query: str) -> None:
    """Until everything of a study is there."""
    if "study=data" in query or "on-paper" in query:
        page.wait_for_function(
            "document.querySelector('.lrl-plot')?.data?.length > 0", timeout=PATIENCE
        )
    else:
        wait_done(page)
        expect(page.locator(".lrl-table tbody tr").first).to_be_visible(timeout=PATIENCE)


def check_looks(page: Page) -> None:
    no_traceback(page)
    no_sideways(page)
    assert misplaced_words(page) == []


def test_options_of_the_chart_stand_in_the_link_and_train_nothing(page: Page, app: Server) -> None:
    job = open_study(page, app, f"{QUICK}&view=overlay")
    tools = page.locator(".lrl-toolbar")
    tools.get_by_role("button", name="zoomed", exact=True).click()
    page.wait_for_url("**chart.accuracy=zoomed**")
    page.wait_for_function(
        "(([low, high]) => high - low < 0.9)"
        "(document.querySelector('.lrl-plot')._fullLayout.yaxis.range)"
    )
    assert chart(page).get_attribute("data-job") == job
    click_study(page, "Difference")
    page.wait_for_url("**view=difference**")
    # A difference has no scale to choose.
    expect(tools.locator(".lrl-group-name")).to_have_text(["along"])
    assert link(page)["chart.accuracy"] == "zoomed"


def test_a_studys_chart_is_read_by_keys_panel_by_panel_and_as_a_table(
    page: Page, app: Server
) -> None:
    open_study(page, app, f"{QUICK}&view=panels")
    page.locator(".lrl-chart").focus()
    page.keyboard.press("End")
    voice = page.locator(".lrl-frame [aria-live=polite]")
    expect(voice).to_contain_text("Epoch 30. Momentum 0: training accuracy ")
    expect(voice).to_contain_text(", Momentum 0: test accuracy ")
    page.keyboard.press("ArrowDown")
    expect(voice).to_contain_text("Epoch 30. Momentum 0.5: training accuracy ")
    page.get_by_role("button", name="Table", exact=True).click()
    head = page.locator(".lrl-curve thead th")
    values = ("0", "0.5", "0.9")
    columns = [f"Momentum {v}: {kind} accuracy" for v in values for kind in ("training", "test")]
    assert head.all_inner_texts() == ["epoch", *columns]
