"""The sliders in a real browser: keys, drags, typed values, and who has the last word."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

ORDER = ("Learning rate", "Momentum", "Decay", "Patience")


class Sliders:
    """A page of sliders, and what Python has heard of them."""

    def __init__(self, page, url):
        self.page = page
        page.goto(url)
        expect(self.slider("Patience")).to_be_visible()

    def slider(self, label):
        return self.page.get_by_role("slider", name=label, exact=True)

    def exact(self, label):
        return self.page.get_by_label(f"{label}, exact value")

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
def sliders(serve, page):
    return Sliders(page, serve("sliders_app.py").url)


def test_a_label_finds_the_slider_and_nothing_else(sliders):
    for label in ORDER:
        expect(sliders.slider(label)).to_have_count(1)
        expect(sliders.slider(label)).to_have_role("slider")
        expect(sliders.page.get_by_role("slider", name=label, exact=True)).to_have_count(1)


def test_values_are_written_as_people_write_them(sliders):
    for label, text in zip(ORDER, ("0.01", "0", "0", "off"), strict=True):
        sliders.shows(label, text)


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
def test_keys_move_to_the_next_value(sliders, label, key, steps):
    slider = sliders.slider(label)
    slider.focus()
    for step in steps:
        slider.press(key)
        sliders.shows(label, step)


def test_home_leads_back_to_the_left_end(sliders):
    for label, text in zip(ORDER, ("1e-7", "0", "0", "off"), strict=True):
        sliders.slider(label).press("End")
        sliders.slider(label).press("Home")
        sliders.shows(label, text)


def test_a_key_that_is_held_sends_one_value_when_it_is_let_go(sliders):
    sliders.slider("Momentum").focus()
    for _ in range(5):
        sliders.page.keyboard.down("ArrowRight")
    sliders.shows("Momentum", "0.25")
    sliders.heard("nothing")
    sliders.page.keyboard.up("ArrowRight")
    sliders.heard("momentum=0.25")


def test_a_drag_shows_every_value_and_sends_the_last(sliders):
    mouse = sliders.page.mouse
    mouse.move(*sliders.point("Learning rate", 5 / 8))
    mouse.down()
    for share, text in ((0.5, "0.001"), (0.25, "1e-5"), (0.75, "0.1")):
        mouse.move(*sliders.point("Learning rate", share), steps=3)
        sliders.shows("Learning rate", text)
    sliders.heard("nothing")
    mouse.up()
    sliders.heard("rate=0.1")
    sliders.holds("rate", 0.1)


def test_a_click_on_the_track_goes_there(sliders):
    sliders.page.mouse.click(*sliders.point("Momentum", 1 / 3))
    sliders.heard("momentum=0.9")


@pytest.mark.parametrize(
    ("label", "typed", "shown", "heard"),
    [
        ("Learning rate", "0.0123", "0.0123", "rate=0.0123"),
        ("Learning rate", " 3E-4 ", "3e-4", "rate=0.0003"),
        ("Learning rate", ".5", "0.5", "rate=0.5"),
        ("Learning rate", "0,02", "0.02", "rate=0,02"),
        ("Learning rate", "２e−４", "2e-4", "rate=２e−４"),
        ("Learning rate", "0.1234567890123", "0.1234567890123", "rate=0.1234567890123"),
        ("Momentum", "0.987", "0.987", "momentum=0.987"),
        ("Patience", "7", "7", "patience=7"),
        ("Patience", "1e1", "10", "patience=10"),
        ("Patience", "７", "7", "patience=７"),
    ],
)
def test_a_typed_value_is_taken_as_it_is(sliders, label, typed, shown, heard):
    sliders.exact(label).fill(typed)
    sliders.exact(label).press("Enter")
    sliders.shows(label, shown)
    sliders.heard(heard)


def test_a_text_that_means_what_holds_is_answered_each_time(sliders):
    exact = sliders.exact("Learning rate")
    for heard in ("rate=0,01", "rate=0,01 rate=0,01"):
        exact.fill("0,01")
        exact.press("Enter")
        sliders.heard(heard)
        sliders.shows("Learning rate", "0.01")
        expect(exact).not_to_have_attribute("aria-invalid", "true")


def test_a_typed_value_is_taken_when_the_field_is_left(sliders):
    sliders.exact("Decay").fill("0.001")
    sliders.heard("nothing")
    sliders.exact("Patience").focus()
    sliders.heard("decay=0.001")


def test_the_word_for_off_may_be_typed(sliders):
    sliders.slider("Patience").press("End")
    sliders.heard("patience=50")
    sliders.exact("Patience").fill("Off")
    sliders.exact("Patience").press("Enter")
    sliders.shows("Patience", "off")
    sliders.heard("patience=50 patience=0")


def test_a_bad_typed_value_keeps_the_old_one_and_says_why(sliders):
    exact = sliders.exact("Learning rate")
    exact.fill("fast")
    exact.press("Enter")
    expect(exact).to_have_attribute("aria-invalid", "true")
    sentence = sliders.page.get_by_text("Must be a number, it was fast.")
    expect(sentence).to_be_visible()
    expect(exact).to_have_accessible_description("Learning rate Must be a number, it was fast.")
    expect(sliders.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.01")
    sliders.holds("rate", 0.01)
    exact.fill("0.02")
    exact.press("Enter")
    sliders.shows("Learning rate", "0.02")
    expect(exact).not_to_have_attribute("aria-invalid", "true")
    expect(sentence).to_be_hidden()
    sliders.heard("rate=fast rate=0.02")


@pytest.mark.parametrize("right", ["", "0.01", "0,01", "1e-2"])
def test_the_sentence_goes_when_the_field_is_emptied_or_shows_again_what_holds(sliders, right):
    exact = sliders.exact("Learning rate")
    exact.fill("fast")
    exact.press("Enter")
    sentence = sliders.page.get_by_text("Must be a number, it was fast.")
    expect(sentence).to_be_visible()
    exact.fill(right)
    exact.press("Enter")
    expect(sentence).to_be_hidden()
    sliders.shows("Learning rate", "0.01")
    expect(exact).not_to_have_attribute("aria-invalid", "true")
    sliders.holds("rate", 0.01)


def test_escape_takes_back_what_was_refused(sliders):
    exact = sliders.exact("Patience")
    exact.fill("1.000")
    exact.press("Enter")
    sentence = sliders.page.get_by_text("Must be a number, it was 1.000.")
    expect(sentence).to_be_visible()
    exact.press("Escape")
    expect(sentence).to_be_hidden()
    sliders.shows("Patience", "off")


def test_python_may_take_what_lies_beyond_the_slider(sliders):
    sliders.exact("Patience").fill("80")
    sliders.exact("Patience").press("Enter")
    sliders.heard("patience=80")
    sliders.shows("Patience", "80")
    expect(sliders.exact("Patience")).not_to_have_attribute("aria-invalid", "true")
    sliders.slider("Patience").press("ArrowLeft")
    sliders.shows("Patience", "50")


def test_escape_brings_the_value_back(sliders):
    sliders.exact("Learning rate").fill("5")
    sliders.exact("Learning rate").press("Escape")
    sliders.exact("Decay").focus()
    sliders.shows("Learning rate", "0.01")
    sliders.heard("nothing")


def test_a_preset_overrules_the_slider_each_time(sliders):
    preset = sliders.page.get_by_role("button", name="Preset")
    for heard in ("momentum=0.999", "momentum=0.999 momentum=0.999"):
        sliders.slider("Momentum").press("End")
        sliders.heard(heard)
        preset.click()
        sliders.shows("Momentum", "0.9")
        sliders.holds("momentum", 0.9)


def test_another_run_of_the_script_leaves_the_slider_alone(sliders):
    sliders.slider("Momentum").press("End")
    sliders.heard("momentum=0.999")
    exact = sliders.exact("Learning rate")
    exact.click()
    sliders.page.keyboard.type("0.0")  # over what was there: a click selects it
    sliders.page.evaluate(
        "[...document.querySelectorAll('button')].find(b => b.innerText === 'Again').click()"
    )
    sliders.holds("momentum", 0.999)
    expect(exact).to_have_value("0.0")
    sliders.shows("Momentum", "0.999")


def test_help_is_there_for_the_mouse_the_keys_and_screen_readers(sliders):
    sentence = "How far the weights move against the gradient at each update."
    tip = sliders.page.get_by_text(sentence).first
    help_button = sliders.page.get_by_label("Help").first
    expect(tip).to_be_hidden()
    help_button.hover()
    expect(tip).to_be_visible()
    sliders.page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    help_button.focus()
    expect(tip).to_be_visible()
    sliders.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(sliders.slider("Learning rate")).to_have_accessible_description(sentence)


def test_a_finger_finds_the_slider(serve, phone):
    phone.goto(serve("sliders_app.py").url)
    phone.get_by_test_id("stExpandSidebarButton").tap()
    slider = phone.get_by_role("slider", name="Learning rate", exact=True)
    expect(slider).to_be_visible()
    slider.tap()  # in the middle, once the sidebar stands still
    expect(slider).to_have_attribute("aria-valuetext", "0.001")
    box = slider.bounding_box()
    assert box["height"] >= 24
    assert box["width"] > 200
