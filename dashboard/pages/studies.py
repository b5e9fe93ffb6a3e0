"""The page of studies: the tutorial's seven experiments at one click, and one's own."""

from __future__ import annotations

import streamlit as st

from core.analysis.studies import Study
from core.experiment.refusals import FieldError
from dashboard import session
from dashboard.pages.parts import study_controls as controls
from dashboard.pages.parts import study_downloads as downloads
from dashboard.pages.parts import study_said
from dashboard.pages.parts import study_stage as stage
from dashboard.pages.parts.numbers_links import numbers_links
from dashboard.pages.parts.own_study import own
from dashboard.pages.parts.study_controls import LINK
from dashboard.settings.refusals import box
from dashboard.settings.studies import BOTH, DATA, ON_PAPER, OWN, StudiesSettings
from dashboard.settings.study_plan import experiments, plan
from dashboard.text import Words


def page() -> None:
    asked = LINK.take(session.language())
    words = session.words()
    study = plan_or_refusal(asked, words)
    if isinstance(study, Study):
        downloads.open_run(asked, study, words)
    with st.container(key="studies"):
        with st.container(key="studies-choice", horizontal=True, vertical_alignment="center"):
            controls.choose_study(words)
            controls.ways_back(words)
        st.caption(words(f"studies.about_{asked.study}"))
        left, right = st.columns([1.1, 4], gap="medium") if asked.study != DATA else (None, st)
        if left:
            with left, st.container(key="study-settings"):
                settings(asked, study, words)
        with right.container(key="study-stage"):
            study_or_refusal(asked, study, words)
        if isinstance(study, Study) and study.shows == "training":
            downloads.table(asked, study, words)
            if asked.preset == BOTH:
                downloads.differences(study, words)
        if isinstance(study, Study):
            numbers_links("studies", asked, words)
    LINK.write()


def plan_or_refusal(asked: StudiesSettings, words: Words) -> Study | str:
    """What is asked, or why it cannot be."""
    try:
        refusal = study_said.too_large(asked, words)
        if refusal:
            return refusal
        study = plan(asked)
        experiments(study, asked.seeds)  # refuses seeds that there are not, before all is drawn
        return study
    except FieldError as error:
        return controls.why_no_plan(error, words)


def settings(asked: StudiesSettings, study: Study | str, words: Words) -> None:
    """The controls that matter for this study."""
    if asked.study == ON_PAPER:
        controls.paper(words)
        return
    if asked.study == OWN:
        own(words)
    controls.common(study if isinstance(study, Study) else None, words)


def study_or_refusal(asked: StudiesSettings, study: Study | str, words: Words) -> None:
    """What was refused, and the study itself."""
    if told := box(controls.LINK.refusals(), words, "studies"):
        st.warning(told)
    if isinstance(study, str):
        st.warning(study)
    elif study.shows == "data":
        stage.the_data(study, words)
    elif study.shows == "rates":
        stage.rates(asked, words)
    else:
        stage.training_view(asked, study, words)
        downloads.buttons(asked, study, words)
