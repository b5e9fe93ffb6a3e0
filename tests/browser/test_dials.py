"""The dials in a real browser: keys, drags, typed values, and who has the last word."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

ORDER = ("Learning rate", "Momentum", "Decay", "Patience")


class Dials:
    """A page of dials, and what Python has heard of them."""

    def __init__(self, page, url):
        self.page = page
        page.goto(url)
        expect(self.slider("Patience")).to_be_visible()

    def slider(self, label):
        return self.page.get_by_label(label)

    def exact(self, label):
        return self.page.get_by_label("Exact value").nth(ORDER.index(label))

    def shows(self, label, text):
        expect(self.slider(label)).to_have_attribute("aria-valuetext", text)
        expect(self.exact(label)).to_have_value(text)

    def heard(self, text):
        expect(self.page.get_by_text(f"Heard: {text}", exact=True)).to_be_visible()

    def holds(self, name, value):
        expect(self.page.get_by_text(f"{name} is {value}", exact=True)).to_be_visible()

    def point(self, label, share):
        """Where the thumb stands at this share of the way."""
        box = self.slider(label).bounding_box()
        thumb = 18
        across = box["x"] + thumb / 2 + share * (box["width"] - thumb)
        return across, box["y"] + box["height"] / 2


@pytest.fixture
def dials(serve, page):
    return Dials(page, serve("dials_app.py").url)


def test_a_label_finds_the_slider_and_nothing_else(dials):
    for label in ORDER:
        expect(dials.slider(label)).to_have_count(1)
        expect(dials.slider(label)).to_have_role("slider")
        expect(dials.page.get_by_role("slider", name=label, exact=True)).to_have_count(1)


def test_values_are_written_as_people_write_them(dials):
    for label, text in zip(ORDER, ("0.01", "0", "0", "off"), strict=True):
        dials.shows(label, text)


@pytest.mark.parametrize(
    ("label", "key", "steps"),
    [
        ("Learning rate", "ArrowRight", ["0.011", "0.012", "0.014", "0.016"]),
        ("Learning rate", "ArrowLeft", ["0.009", "0.008", "0.007", "0.006", "0.0055", "0.005"]),
        ("Learning rate", "PageDown", ["0.001", "1e-4", "1e-5", "1e-6", "1e-7", "1e-7"]),
        ("Learning rate", "End", ["10", "10"]),
        ("Momentum", "ArrowUp", ["0.05", "0.1", "0.15"]),
        ("Momentum", "PageUp", ["0.9", "0.99", "0.999", "0.999"]),
        ("Decay", "ArrowRight", ["1e-6", "1.1e-6", "1.2e-6"]),
        ("Decay", "End", ["1"]),
        ("Patience", "ArrowRight", ["1", "2", "3"]),
        ("Patience", "PageUp", ["5", "10", "15"]),
        ("Patience", "End", ["50"]),
    ],
)
def test_keys_move_to_the_next_value(dials, label, key, steps):
    slider = dials.slider(label)
    slider.focus()
    for step in steps:
        slider.press(key)
        dials.shows(label, step)


def test_home_leads_back_to_the_left_end(dials):
    for label, text in zip(ORDER, ("1e-7", "0", "0", "off"), strict=True):
        dials.slider(label).press("End")
        dials.slider(label).press("Home")
        dials.shows(label, text)


def test_a_key_that_is_held_sends_one_value_when_it_is_let_go(dials):
    dials.slider("Momentum").focus()
    for _ in range(5):
        dials.page.keyboard.down("ArrowRight")
    dials.shows("Momentum", "0.25")
    dials.heard("nothing")
    dials.page.keyboard.up("ArrowRight")
    dials.heard("momentum=0.25")


def test_a_drag_shows_every_value_and_sends_the_last(dials):
    mouse = dials.page.mouse
    mouse.move(*dials.point("Learning rate", 5 / 8))
    mouse.down()
    for share, text in ((0.5, "0.001"), (0.25, "1e-5"), (0.75, "0.1")):
        mouse.move(*dials.point("Learning rate", share), steps=3)
        dials.shows("Learning rate", text)
    dials.heard("nothing")
    mouse.up()
    dials.heard("rate=0.1")
    dials.holds("rate", 0.1)


def test_a_click_on_the_track_goes_there(dials):
    dials.page.mouse.click(*dials.point("Momentum", 1 / 3))
    dials.heard("momentum=0.9")


@pytest.mark.parametrize(
    ("label", "typed", "shown", "heard"),
    [
        ("Learning rate", "0.0123", "0.0123", "rate=0.0123"),
        ("Learning rate", " 3E-4 ", "3e-4", "rate=0.0003"),
        ("Learning rate", ".5", "0.5", "rate=0.5"),
        ("Learning rate", "0,02", "0.02", "rate=0.02"),
        ("Momentum", "0.987", "0.987", "momentum=0.987"),
        ("Patience", "7", "7", "patience=7"),
    ],
)
def test_a_typed_value_is_taken_as_it_is(dials, label, typed, shown, heard):
    dials.exact(label).fill(typed)
    dials.exact(label).press("Enter")
    dials.shows(label, shown)
    dials.heard(heard)


def test_a_typed_value_is_taken_when_the_field_is_left(dials):
    dials.exact("Decay").fill("0.001")
    dials.heard("nothing")
    dials.exact("Patience").focus()
    dials.heard("decay=0.001")


def test_the_word_for_off_may_be_typed(dials):
    dials.slider("Patience").press("End")
    dials.heard("patience=50")
    dials.exact("Patience").fill("Off")
    dials.exact("Patience").press("Enter")
    dials.shows("Patience", "off")
    dials.heard("patience=50 patience=0")


def test_a_bad_typed_value_keeps_the_old_one_and_says_why(dials):
    exact = dials.exact("Learning rate")
    exact.fill("fast")
    exact.press("Enter")
    expect(exact).to_have_attribute("aria-invalid", "true")
    sentence = dials.page.get_by_text("Must be a number, it was fast.")
    expect(sentence).to_be_visible()
    expect(exact).to_have_accessible_description("Learning rate Must be a number, it was fast.")
    expect(dials.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.01")
    dials.holds("rate", 0.01)
    exact.fill("0.02")
    exact.press("Enter")
    dials.shows("Learning rate", "0.02")
    expect(exact).not_to_have_attribute("aria-invalid", "true")
    expect(sentence).to_be_hidden()
    dials.heard("rate=fast rate=0.02")


def test_python_may_take_what_lies_beyond_the_dial(dials):
    dials.exact("Patience").fill("80")
    dials.exact("Patience").press("Enter")
    dials.heard("patience=80")
    dials.shows("Patience", "80")
    expect(dials.exact("Patience")).not_to_have_attribute("aria-invalid", "true")
    dials.slider("Patience").press("ArrowLeft")
    dials.shows("Patience", "50")


def test_escape_brings_the_value_back(dials):
    dials.exact("Learning rate").fill("5")
    dials.exact("Learning rate").press("Escape")
    dials.exact("Decay").focus()
    dials.shows("Learning rate", "0.01")
    dials.heard("nothing")


def test_a_preset_overrules_the_dial_each_time(dials):
    preset = dials.page.get_by_role("button", name="Preset")
    for heard in ("momentum=0.999", "momentum=0.999 momentum=0.999"):
        dials.slider("Momentum").press("End")
        dials.heard(heard)
        preset.click()
        dials.shows("Momentum", "0.9")
        dials.holds("momentum", 0.9)


def test_another_run_of_the_script_leaves_the_dial_alone(dials):
    dials.slider("Momentum").press("End")
    dials.heard("momentum=0.999")
    exact = dials.exact("Learning rate")
    exact.click()
    dials.page.keyboard.type("0.0")  # over what was there: a click selects it
    dials.page.evaluate(
        "[...document.querySelectorAll('button')].find(b => b.innerText === 'Again').click()"
    )
    dials.holds("momentum", 0.999)
    expect(exact).to_have_value("0.0")
    dials.shows("Momentum", "0.999")


def test_help_is_there_for_the_mouse_the_keys_and_screen_readers(dials):
    sentence = "How far the weights move against the gradient at each update."
    tip = dials.page.get_by_text(sentence).first
    help_button = dials.page.get_by_label("Help").first
    expect(tip).to_be_hidden()
    help_button.hover()
    expect(tip).to_be_visible()
    dials.page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    help_button.focus()
    expect(tip).to_be_visible()
    dials.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(dials.slider("Learning rate")).to_have_accessible_description(sentence)


def test_a_finger_finds_the_dial(serve, phone):
    phone.goto(serve("dials_app.py").url)
    phone.get_by_test_id("stExpandSidebarButton").tap()
    slider = phone.get_by_label("Learning rate")
    expect(slider).to_be_visible()
    slider.tap()  # in the middle, once the sidebar stands still
    expect(slider).to_have_attribute("aria-valuetext", "0.001")
    box = slider.bounding_box()
    assert box["height"] >= 24
    assert box["width"] > 200
