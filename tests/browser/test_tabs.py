"""A tab that tests hand on is as good as new to the next of them."""

from __future__ import annotations

import pytest

from tests.browser.tabs import DEVICES, EMPTY, LAPTOP, Tabs


@pytest.fixture
def some_tabs(browser):
    tabs = Tabs(browser)
    yield tabs
    tabs.close()


@pytest.fixture
def url(serve):
    return serve("sliders_app.py").url


def use(page, url):
    """As a test does that leaves everything as it is."""
    page.goto(url)
    page.evaluate("localStorage.kept = document.cookie = 'kept=1'")
    page.set_viewport_size({"width": 500, "height": 500})
    page.emulate_media(color_scheme="dark")


def test_it_is_the_same_tab_and_remembers_nothing(some_tabs, url):
    page = some_tabs.lend()
    use(page, url)
    some_tabs.take_back(keep=True)
    again = some_tabs.lend()
    assert (again, again.url, again.viewport_size) == (page, EMPTY, LAPTOP)
    again.goto(url)
    assert "kept" not in again.evaluate("document.cookie + Object.keys(localStorage)")
    assert again.evaluate("matchMedia('(prefers-color-scheme: light)').matches")


def test_another_device_and_another_language_get_another_tab(some_tabs):
    asked = [{}, DEVICES["phone"], {"locale": "zh-CN"}]
    tabs = [some_tabs.lend(**options) for options in asked]
    some_tabs.take_back(keep=True)
    assert len(set(tabs)) == 3
    assert [some_tabs.lend(**options) for options in asked] == tabs


def test_a_profile_of_its_own_and_the_tabs_of_a_failed_test_are_closed(some_tabs):
    own, lent = some_tabs.open(), some_tabs.lend()
    some_tabs.take_back(keep=True)
    assert (own.is_closed(), lent.is_closed()) == (True, False)
    some_tabs.lend()
    some_tabs.take_back(keep=False)
    assert lent.is_closed()


def test_what_a_console_says_is_kept_until_it_is_asked_for(some_tabs, url):
    page = some_tabs.lend()
    page.goto(url)
    page.evaluate("console.error('so it is')")
    some_tabs.take_back(keep=True)
    assert some_tabs.errors == ["so it is"]
