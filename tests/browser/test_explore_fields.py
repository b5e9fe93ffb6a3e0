"""What is written into links and boxes of the page of one run, and what is refused beside them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.explore import (
    QUICK,
    at_rest,
    choose,
    job,
    link,
    no_traceback,
    open_page,
    press,
    told,
    wait_done,
)
from tests.browser.looks import weak_words
from tests.browser.server import Server

FIELD = ".lrl-slider-field"
# Of an element's words, painted on a pixel: any notation becomes numbers.
COLOUR = """(element) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = getComputedStyle(element).color;
    pen.fillRect(0, 0, 1, 1);
    return Array.from(pen.getImageData(0, 0, 1, 1).data).slice(0, 3);
}"""


def test_a_bad_link_says_which_field_and_applies_the_rest(page: Page, app: Server) -> None:
    page.goto(f"{app.url}/?momentum=7&learning_rate=0.02&layers=9&epochs=1000000000&seed=x")
    wait_done(page)
    expect(page.locator(".stAlert")).to_have_count(1)
    for words in ("Momentum must be", "layers", "Epochs must be", "Seed must be"):
        expect(page.locator(".stAlert p").filter(has_text=words)).to_be_visible()
    assert link(page)["optimizer.learning_rate"] == "0.02"
    no_traceback(page)


def test_a_typed_value_that_is_refused_is_said_beside_the_control(page: Page, app: Server) -> None:
    first = open_page(page, app)
    field = page.locator(".st-key-control-learning_rate input[type=text]")
    field.fill("ten")
    field.press("Enter")
    expect(page.locator(".st-key-control-learning_rate")).to_contain_text("it was ten.")
    expect(page.locator(".st-key-control-learning_rate")).to_contain_text("Learning rate must be")
    assert job(page) == first
    at_rest(page)
    field.fill("0.02")
    field.press("Enter")
    wait_done(page, not_job=first)
    expect(page.locator(".st-key-control-learning_rate")).not_to_contain_text("must be")
    assert link(page)["optimizer.learning_rate"] == "0.02"


def test_every_control_is_in_a_group_that_opens(page: Page, app: Server) -> None:
    first = open_page(page, app, f"{QUICK}&patience=5&schedule=plateau")
    for group, labels in {
        "group-schedule": ("Factor", "Smallest improvement", "Warm-up"),
        "group-optimizer": ("Preset", "Nesterov"),
        "group-data": ("Data", "Noise", "Points"),
        "group-network": ("Hidden layers", "Activation"),
        "group-training": ("Epochs", "Batch size", "Seed"),
    }.items():
        page.locator(f".st-key-{group} summary").click()
        for label in labels:
            field = page.locator(f".st-key-{group}").get_by_label(label, exact=False).first
            expect(field).to_be_visible()
        expect(page.locator(f".st-key-{group} details")).to_be_in_viewport(ratio=0.95)
        at_rest(page)  # while it scrolls into view, what is pressed may move from under the finger
    assert job(page) == first


def test_a_choice_in_a_group_trains_again(page: Page, app: Server) -> None:
    first = open_page(page, app)
    page.locator(".st-key-group-network summary").click()
    expect(page.get_by_role("combobox", name="Activation")).to_be_visible()
    page.locator(".st-key-group-network summary").hover()  # waits until nothing unfolds any more
    at_rest(page)
    page.wait_for_function("document.getAnimations().length === 0")
    choose(page, "Activation", "tanh")
    wait_done(page, not_job=first)
    assert link(page)["model.activation"] == "tanh"


def test_a_count_out_of_bounds_is_said_in_the_visitors_language(
    tab: Callable[..., Page], app: Server
) -> None:
    page = tab(locale="zh-CN")
    open_page(page, app)
    page.locator(".st-key-group-training summary").click()
    field = page.get_by_role("textbox", name="批量大小")
    field.fill("1000000")
    field.press("Enter")
    expect(told(page, "control-batch_size")).to_contain_text("5000 之间的整数")
    expect(told(page, "control-batch_size")).to_contain_text("1000000")
    expect(told(page, "control-batch_size")).to_have_role("alert")
    red, green, blue = told(page, "control-batch_size").evaluate(COLOUR)
    assert red > 1.5 * green > 1.5 * blue
    assert weak_words(page) == []
    expect(page.locator(".stAlert")).to_have_count(0)
    expect(page.get_by_text("outside the allowed range")).to_have_count(0)


def test_a_text_box_keeps_what_was_refused_until_it_is_put_right(page: Page, app: Server) -> None:
    first = open_page(page, app, f"{QUICK}&schedule=plateau&min_delta=0.000123456789")
    page.locator(".st-key-group-schedule summary").click()
    box = page.get_by_role("textbox", name="Smallest improvement")
    expect(box).to_have_value("0.000123456789")
    alert = told(page, "control-min_delta").filter(has_text="Smallest improvement")
    for right in ("", "0,000123456789"):
        at_rest(page)
        box.fill("1,000")
        box.press("Enter")
        expect(alert).to_contain_text("could be 1 or 1000")
        expect(box).to_have_value("1,000")
        at_rest(page)
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


def test_the_slider_of_a_schedule_that_does_not_hold_is_dim_and_keeps_its_value(
    page: Page, app: Server
) -> None:
    open_page(page, app, f"{QUICK}&schedule=plateau&patience=10")
    decay, patience = (page.locator(f".st-key-control-{n}") for n in ("decay", "patience"))
    expect(patience.locator(FIELD)).to_have_css("filter", "none")
    expect(decay.locator(FIELD)).to_have_css("filter", "grayscale(1)")
    assert weak_words(page) == []
    press(page, "Decay", "PageUp")
    page.wait_for_url("**schedule.decay=**")
    expect(patience.locator(FIELD)).to_have_css("filter", "grayscale(1)")
    expect(decay.locator(FIELD)).not_to_have_attribute("data-dim", "")
    expect(decay.get_by_role("slider")).to_be_focused()
    expect(patience.get_by_role("slider")).to_have_attribute("aria-valuetext", "10")
    at_rest(page)
    page.get_by_role("radio", name="falls when stuck").click()
    page.wait_for_url("**schedule.patience=10**")
    expect(patience.locator(FIELD)).to_have_css("filter", "none")
