"""The charts of the page that compares: what they show, and how they are looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.compare import THREE, TWO, open_compare, said
from tests.browser.explore import chart, choose, traces
from tests.browser.server import Server


def test_zoom_and_hover_are_linked(page: Page, app: Server) -> None:
    open_compare(page, app, THREE)
    box = chart(page).bounding_box()
    assert box is not None
    y = box["y"] + 120
    page.mouse.move(box["x"] + 150, y)
    page.mouse.move(box["x"] + 160, y)
    expect(page.locator(".hoverlayer .hovertext")).to_have_count(6)  # train and test of three
    page.mouse.down()
    page.mouse.move(box["x"] + 300, y, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "() => document.querySelector('.lrl-plot')._fullLayout.xaxis2.range[0] > 1"
    )
    ranges = page.evaluate(
        """() => ["xaxis", "xaxis2", "xaxis3"].map(
            (name) => document.querySelector(".lrl-plot")._fullLayout[name].range)"""
    )
    assert ranges[0] == ranges[1] == ranges[2]


def test_the_difference_is_told_seed_by_seed(page: Page, app: Server) -> None:
    open_compare(page, app, f"{TWO}&seeds=5&tab=difference")
    expect(said(page)).to_contain_text("5 paired seeds")
    assert len(traces(page)) == 3  # a mean, and the two ends of its interval
    choose(page, "Compared to", "Momentum 0.9")
    page.wait_for_url("**reference=2**")
    expect(said(page)).to_contain_text("Momentum 0 ")


def test_a_difference_of_accuracies_is_in_points(page: Page, app: Server) -> None:
    open_compare(page, app, f"{TWO}&seeds=3&tab=difference")
    box = chart(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.move(box["x"] + 310, box["y"] + 160)
    hover = page.locator(".hoverlayer")
    expect(hover).to_contain_text("Momentum 0.9")
    labels = [*page.locator(".ytick").all_text_contents(), hover.text_content()]
    assert "0" in labels
    assert not any("%" in str(label) for label in labels)


def test_two_studies_stand_for_their_values_a_thin_line_each(page: Page, app: Server) -> None:
    studies = "pin=study~learning-rate~epochs~20&pin=study~momentum~epochs~20"
    open_compare(page, app, f"{studies}&seeds=2&tab=overlay")
    assert len(traces(page)) == 8 + 4
    expect(page.locator(".legend .traces")).to_have_count(0)
    expect(page.get_by_text("Each thin line is one value")).to_be_visible()


def test_an_interval_is_that_of_the_runs_that_have_not_ended(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/compare")
    upper = page.evaluate(
        """async () => {
            const at = (file) => new URL(`assets/live/${file}`, document.baseURI).href;
            const { points } = await import(at("series.js"));
            const { Records } = await import(at("records.js"));
            const records = new Records("made up");
            [[1, 2], [2, 4], [6]].forEach((losses, number) => {
                records.run(number).write(1, ["loss"], losses);
                records.run(number).outcome = { kind: "diverged" };
            });
            const bind = { field: "loss", runs: [0, 1, 2], factor: 3, factors: [0, 0, 2, 3] };
            return Array.from(points(bind, records).y);
        }"""
    )
    # 1, 2, 6: mean 3, deviation √7; 2, 4: mean 3, deviation √2
    assert upper == pytest.approx([3 + 3 * 7**0.5, 3 + 2 * 2**0.5])


def test_lines_stand_at_their_own_updates_and_the_table_names_them(page: Page, app: Server) -> None:
    """500 rows are 16 batches of 32, or one of 500."""
    pins = "pin=epochs~20&pin=epochs~20~batch_size~500"
    open_compare(page, app, f"{pins}&seeds=1&tab=overlay&chart.x=updates")
    ends = page.evaluate("document.querySelector('.lrl-plot').data.map(({ x }) => x.at(-1))")
    assert sorted(ends) == [20, 20, 320, 320]
    page.get_by_role("button", name="Table", exact=True).click()
    names = page.locator(".lrl-curve thead th").all_inner_texts()
    assert names[1] == "Batch size 32: training accuracy"
