"""The smallest page, with its words: dice are thrown, and all the rest follows from two fields."""

from dataclasses import dataclass

import streamlit as st

from core.experiment.field_types import Choice, Integer
from dashboard import session
from dashboard.components.controls.form import Form
from dashboard.components.controls.widgets import reset_button, segments, text_box, undo_button
from dashboard.settings.link import Link
from dashboard.settings.page import Settings, language_setting, setting
from dashboard.settings.refusals import box
from dashboard.text import Words


@dataclass(frozen=True)
class Dice(Settings):
    dice_count: int = setting(2, Integer(1, 9), name="dice.count")
    dice_colour: str = setting("red", Choice(("red", "blue")), name="dice.colour", brief=True)
    language: str = language_setting()


class DiceWords(Words):
    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._sentences = {
            **self._sentences,
            "dice.field_dice_count": "Dice",
            "dice.field_dice_colour": "Colour",
        }


LINK = Link("dice", Dice)


def page() -> None:
    dice, words = LINK.take(session.language()), DiceWords(session.language())
    if told := box(LINK.refusals(), words, "dice"):
        st.warning(told)
    form = Form.of(LINK, words, "dice")
    text_box(form, "dice_count")
    segments(form, "dice_colour")
    undo_button(LINK, words, "dice-undo")
    reset_button(LINK, words, "dice-reset")
    st.write(f"{dice.dice_count} {dice.dice_colour} dice")
    LINK.write()
