"""A page is its fields and how it looks; link, refusals, undo, reset and back follow from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.service import Laboratory
from tests.dashboard import new_page
from tests.dashboard.page_app import PageApp

LINES_MAX = 50  # of the whole page


class Dice(PageApp):
    SCRIPT = """
from dashboard.settings import link
from tests.dashboard.new_page import page
page()
link.settle()
"""

    @property
    def said(self) -> str:
        [thrown] = self.app.markdown
        return str(thrown.value)

    @property
    def link(self) -> dict[str, str]:
        return dict(self.app.query_params)

    def choose(self, colour: str) -> None:
        self.app.button_group(key="dice-dice_colour").set_value(colour)
        self.run()

    def press(self, key: str) -> None:
        self.app.button(key=key).click()
        self.run()

    def go(self, **query: str) -> None:
        """The address bar becomes another: a link is opened, or the browser goes back."""
        self.app.query_params.clear()
        self.app.query_params.update(query)
        self.run()


@pytest.fixture
def visit(lent: Laboratory) -> Callable[..., Dice]:
    return lambda **query: Dice("dice", lent, **query)


def test_it_is_one_file_of_a_few_lines():
    lines = Path(new_page.__file__).read_text("utf-8").splitlines()
    assert len([line for line in lines if line]) <= LINES_MAX


def test_a_link_sets_its_fields_and_its_fields_write_the_link(visit):
    page = visit(**{"dice.count": "5", "dice.colour": "blue"})
    assert page.said == "5 blue dice"
    page.type("dice-dice_count", "7")
    page.choose("red")  # as usual, which the link leaves out
    assert page.said == "7 red dice"
    assert page.link == {"dice.count": "7", "lang": "en"}


def test_what_a_link_has_wrong_is_refused_by_name_and_the_rest_applies(visit):
    page = visit(**{"dice.count": "many", "dice.colour": "blue", "sides": "8"})
    assert page.said == "2 blue dice"
    [told] = page.warnings
    assert all(part in told for part in ("many", "a whole number from 1 to 9", "sides"))


def test_a_refusal_stands_beside_the_widget_until_it_is_put_right(visit):
    page = visit()
    page.type("dice-dice_count", "10")
    assert "a whole number from 1 to 9" in page.told["dice-dice_count"]
    assert page.said == "2 red dice"
    page.type("dice-dice_count", "9")
    assert page.told == {}


def test_undo_takes_back_step_by_step_and_reset_all_at_once(visit):
    page = visit()
    page.type("dice-dice_count", "3")
    page.choose("blue")
    page.press("dice-undo")
    assert page.said == "3 red dice"
    page.press("dice-reset")
    assert page.said == "2 red dice"
    page.press("dice-undo")
    assert page.said == "3 red dice"


def test_back_and_forward_put_their_own_settings_in_force(visit):
    page = visit()
    page.type("dice-dice_count", "3")
    after = page.link
    page.go(**{"dice.count": "2", "lang": "en"})
    assert page.said == "2 red dice"
    page.go(**after)
    assert page.said == "3 red dice"
