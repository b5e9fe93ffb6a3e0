"""What can be chosen, read and taken of a chart, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from core.experiment.records import COLUMNS
from tests.browser.steered import ACCURACY, HOVERED, PLOT, Live, begun
from tests.live.fake import made_up

TOUCH = 44  # px


@pytest.fixture
def server(serve):
    return serve("live_app.py")


@pytest.fixture
def live(server, page):
    """A chart of one run, trained."""
    return begun(Live(server, page, explore=1)).do("train").shows(state="done", points=200)


def press(live, name):
    live.page.get_by_role("button", name=name, exact=True).click()


def pressed(live, name):
    return live.page.get_by_role("button", name=name, exact=True, pressed=True)


def drawn(live, script, value):
    """Wait until the chart draws it."""
    live.page.wait_for_function(
        f"value => (plot => {script})(document.querySelector('{PLOT}'))?.toString() === value",
        arg=str(value),
    )


def test_the_loss_is_linear_or_logarithmic_by_one_click(live):
    drawn(live, "plot._fullLayout.yaxis2.type", "log")
    press(live, "linear")
    drawn(live, "plot._fullLayout.yaxis2.type", "linear")
    expect(pressed(live, "linear")).to_be_visible()
    expect(pressed(live, "log")).to_have_count(0)


def test_an_accuracy_is_zoomed_to_what_happens_and_to_what_it_is_measured_against(live):
    drawn(live, "plot._fullLayout.yaxis.range[0] <= 0.34", "true")
    low, high = live.ask("plot._fullLayout.yaxis.range")
    everything = made_up(0, 1, 200)[:, [COLUMNS.index("accuracy"), COLUMNS.index("val_accuracy")]]
    assert low <= everything.min()
    assert high >= max(everything.max(), 0.84)
    assert high - low < 0.75
    press(live, "0–100 %")
    drawn(live, "plot._fullLayout.yaxis.range", "0,1.02")


def test_epochs_become_updates_or_seconds(live):
    press(live, "updates")
    drawn(live, f"plot.data[{ACCURACY}].x[199]", 16 * 200)
    drawn(live, "plot._fullLayout.xaxis.title.text", "update")
    press(live, "seconds")
    live.page.wait_for_function(
        f"Math.abs(document.querySelector('{PLOT}').data[{ACCURACY}].x[199] - 2) < 1e-9"
    )
    assert "estimated" in live.ask("plot._fullLayout.xaxis.title.text")


def test_smoothing_is_off_at_first_and_keeps_the_raw_line_in_sight(live):
    assert live.ask("plot.data.length") == 10
    press(live, "smooth")
    drawn(live, "plot.data.length", 14)
    np.testing.assert_allclose(live.y(ACCURACY), made_up(0, 1, 200)[:, 4], rtol=1e-6)
    assert live.ask(f"plot.data[{ACCURACY}].opacity") < 0.5
    assert np.diff(live.y(10)).std() < 0.5 * np.diff(live.y(ACCURACY)).std()
    press(live, "smooth")
    drawn(live, "plot.data.length", 10)


def test_python_hears_what_was_chosen_and_can_choose(live):
    press(live, "linear")
    expect(live.page.get_by_text("('loss', 'linear')")).to_be_visible()
    press(live, "log")
    expect(live.page.get_by_text("('loss', 'log')")).to_be_visible()
    press(live, "Options of Python")
    drawn(live, "plot._fullLayout.yaxis2.type", "linear")


def test_options_train_nothing(live):
    press(live, "updates")
    expect(live.page.get_by_text("('x', 'updates')")).to_be_visible()
    live.shows(job=live.job, state="done", points=200)
    assert live.page.evaluate("Object.keys(__lrl.charts.chart.jobs)") == [live.job]


def test_what_is_possible_and_guessing_are_lines_with_their_names_and_numbers(live):
    names = live.page.locator(".annotation-text")
    expect(names.filter(has_text=re.compile("possible|guessing"))).to_have_count(2)
    levels = live.ask(
        "plot.layout.shapes.filter(s => s.yref === 'y' && s.xref === 'x domain').map(s => s.y0)"
    )
    assert sorted(levels) == [0.34, 0.84]
    names.filter(has_text="possible").hover()
    expect(live.page.locator(".hoverlayer")).to_contain_text("possible: 84.0 %")


def test_what_bears_the_verdict_out_is_shaded_with_a_tip(live):
    drawn(live, "plot.layout.shapes.filter(s => s.type === 'rect').length", 1)
    [span] = live.ask("plot.layout.shapes.filter(s => s.type === 'rect')")
    assert (span["x0"], span["x1"], span["yref"]) == (151, 200, "y domain")
    live.page.locator(".annotation-text", has_text="▾").hover()
    expect(live.page.locator(".hoverlayer")).to_contain_text("Test accuracy in the last quarter")


def test_the_next_step_is_one_click(live):
    live.page.get_by_role("button", name="Set it: Try learning rate 0.1").click()
    expect(live.page.get_by_text("Next: optimizer.learning_rate 0.1")).to_be_visible()


def test_against_before_is_told_in_points(live):
    expect(live.page.locator(".lrl-against")).to_have_text("")
    live.next_job().do("records", run=0, count=20).do("outcome", run=0, kind="finished", epoch=20)
    live.do("finish").shows(job=live.job, state="done", points=20)
    last, before = (made_up(0, epoch, 1)[0, COLUMNS.index("val_accuracy")] for epoch in (20, 200))
    said = f"−{100 * (before - last):.1f} points"
    expect(live.page.locator(".lrl-against")).to_have_text(f"last epoch against before{said}")


def test_arrow_keys_show_an_epoch_and_read_it_out(live):
    chart = live.page.locator(".lrl-chart")
    chart.focus()
    voice = live.page.locator(".lrl-frame [aria-live=polite]")
    for key, epoch in (("ArrowRight", 1), ("PageDown", 11), ("ArrowLeft", 10), ("End", 200)):
        live.page.keyboard.press(key)
        accuracy = made_up(0, epoch, 1)[0, COLUMNS.index("val_accuracy")]
        expect(voice).to_contain_text(f"Epoch {epoch}. test accuracy {100 * accuracy:.1f} %")
        expect(live.page.locator(f"{HOVERED} .legendtitletext")).to_have_text(f"epoch {epoch}")
    live.page.keyboard.press("Escape")
    expect(live.page.locator(HOVERED)).to_have_count(0)


def test_the_table_has_every_epoch_within_reach(live):
    press(live, "Table")
    table = live.page.get_by_role("table")
    expect(table.locator("tbody tr")).to_have_count(100)
    press(live, "Later epochs")
    expect(live.page.get_by_text("Epochs 101 to 200 of 200")).to_be_visible()
    [record] = made_up(0, 200, 1)
    of = dict(zip(COLUMNS, record, strict=True))
    last = table.locator("tbody tr").last
    expect(last.locator("th")).to_have_text("200")
    expect(last.locator("td").first).to_have_text(f"{100 * of['val_accuracy']:.1f} %")
    live.page.keyboard.press("Escape")
    expect(table).to_have_count(0)
    expect(live.page.get_by_role("button", name="Table", exact=True)).to_be_focused()


def test_the_table_can_be_copied_whole(live):
    live.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(live, "Table")
    press(live, "Copy all")
    expect(live.page.get_by_role("button", name="Copied")).to_be_visible()
    lines = live.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].split("\t")[0] == "epoch"
    assert len(lines) == 201
    figures = [float(value) for value in lines[200].split("\t")]
    assert figures[1] == pytest.approx(made_up(0, 200, 1)[0, COLUMNS.index("val_accuracy")])


def saved(live, kind):
    press(live, "Picture")
    with live.page.expect_download() as file:
        press(live, kind)
    return file.value


def test_a_picture_is_white_with_title_axes_and_legend_also_from_the_dark_theme(live):
    live.page.emulate_media(color_scheme="dark")
    file = saved(live, "SVG")
    assert file.suggested_filename == "sgd-b-rate-b-0.01.svg"
    svg = ElementTree.fromstring(Path(file.path()).read_text())
    words = " ".join(svg.itertext())
    for name in (
        "SGD, <b>rate</b> 0.01",
        "Learns well",
        "accuracy",
        "loss",
        "epoch",
        "train",
        "test",
    ):
        assert name in words
    paper = next(svg.iter("{http://www.w3.org/2000/svg}rect"))
    assert paper.get("width") == svg.get("width")
    assert "fill: rgb(255, 255, 255)" in str(paper.get("style"))
    fills = re.findall(r"fill: rgb\((\d+), ", ElementTree.tostring(svg, "unicode"))
    assert "230" not in fills  # the letters of the dark theme


def test_a_picture_as_png_is_twice_as_sharp_and_white_at_its_edge(live):
    data = Path(saved(live, "PNG").path()).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20], "big") == 2 * 1100


def test_a_zero_loss_is_told_on_a_logarithmic_axis_alone(server, page):
    live = begun(Live(server, page, explore=1)).do("records", run=0, count=24)
    live.do("records", run=0, count=10, loss_is_zero=True).do("finish").shows(points=34)
    said = page.locator(".annotation-text", has_text="training loss exactly 0 from epoch 25")
    expect(said).to_be_visible()
    press(live, "linear")
    expect(said).to_have_count(0)


def test_why_test_may_lie_above_train_is_one_sentence_away(live):
    live.page.get_by_role("button", name="Why may test lie above train?").focus()
    expect(live.page.get_by_role("tooltip")).to_contain_text("Train is the mean over the epoch")


BELOW = """() => {
    const top = (name) => document.querySelector(name).getBoundingClientRect().top;
    return top(".lrl-chart") - top(".lrl-live");
}"""


def test_on_a_phone_everything_can_be_touched_and_nothing_moves(server, phone):
    live = begun(Live(server, phone, explore=1)).do("train").shows(state="done")
    buttons = phone.locator(".lrl-live button:visible")
    sizes = buttons.evaluate_all("all => all.map(b => [b.offsetWidth, b.offsetHeight])")
    assert len(sizes) > 10
    assert all(min(size) >= TOUCH for size in sizes)
    before = phone.evaluate(BELOW)
    live.next_job().do("train").shows(job=live.job, state="done")
    expect(phone.locator(".lrl-against")).to_contain_text("±0.0 points")
    assert phone.evaluate(BELOW) == before
    assert phone.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
