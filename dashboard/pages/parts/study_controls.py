"""The controls of the page of studies."""

from __future__ import annotations

import streamlit as st

from core.analysis.studies import STUDIES, Study
from core.experiment.limits import DECAY_MAX, LEARNING_RATE_MAX, LEARNING_RATE_MIN
from core.experiment.refusals import FieldError
from dashboard.components.controls import widgets
from dashboard.components.controls.form import Form
from dashboard.lines.study_lines import values_of
from dashboard.settings.link import Link
from dashboard.settings.refusals import cannot_be
from dashboard.settings.studies import DIFFERENCE, DIFFERENCES, SETTINGS, UPDATES, StudiesSettings
from dashboard.settings.study_plan import room
from dashboard.text import Words

LINK = Link("studies", StudiesSettings)
SMALLEST_DECAY = 1e-6  # left end of the slider; less can be typed
UPDATES_MOST = 1_000  # right end of the slider; more can be typed


def settings() -> StudiesSettings:
    return LINK.held() or StudiesSettings()


def form(words: Words) -> Form:
    return Form.of(LINK, words, "studies")


def choose_study(words: Words) -> None:
    """The tutorial's seven experiments by their numbers, and one's own."""
    numbers = {name: number for number, name in enumerate(STUDIES, 1)}

    def numbered(name: str) -> str:
        called = words(f"studies.study_{name}")
        number = numbers.get(name)
        return words("studies.numbered", number=number, name=called) if number else called

    widgets.pills(form(words), "study", numbered)


def ways_back(words: Words) -> None:
    """Undo and reset, which every study has."""
    with st.container(key="studies-back", horizontal=True, width="content"):
        widgets.undo_button(LINK, words, "studies-undo")
        widgets.reset_button(LINK, words, "studies-reset")


def common(study: Study | None, words: Words) -> None:
    """What every study asks: seeds, view and what belongs to it, version of Keras."""
    of, less = form(words), room(settings())
    widgets.seeds(of, less.seeds if less else None)
    widgets.segments(of, "view")
    if of.get("view") == DIFFERENCE and study:
        difference(study, of)
    elif of.get("view") != SETTINGS:
        widgets.radio(of, "band")
    widgets.radio(of, "preset")


def difference(study: Study, of: Form) -> None:
    """What differs, and from which value."""
    figures = {name: of.words(f"explore.{name}") for name in DIFFERENCES}
    widgets.segments(of, "show", format_func=figures.__getitem__)
    values = values_of(study, of.words)
    place = settings().reference_among(len(values))
    widgets.select(of, "reference", range(len(values)), place, format_func=values.__getitem__)


def paper(words: Words) -> None:
    """Rate, updates and four decays on paper."""
    of = form(words)
    scales = {
        "paper_rate": ("log", LEARNING_RATE_MIN, LEARNING_RATE_MAX),
        "paper_updates": ("linear", UPDATES.low, UPDATES_MOST),
        **{f"paper_decay_{n}": ("zero-log", SMALLEST_DECAY, DECAY_MAX) for n in range(1, 5)},
    }
    for name, (scale, low, high) in scales.items():
        widgets.number_slider(of, name, scale=scale, minimum=low, maximum=high)


def why_no_plan(error: FieldError, words: Words) -> str:
    """Why nothing can be made of what is asked."""
    return cannot_be(error, words, "studies") or str(error)
