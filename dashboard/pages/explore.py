"""The page of one run: move a control, see the network learn."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.analysis.studies import seconds
from core.analysis.studies.tutorial import KERAS_2
from core.experiment import Experiment
from core.experiment.notes import notes
from core.service.fit_pool import fit_seconds
from core.service.messages import EngineName
from dashboard import session, training
from dashboard.components.controls.experiment import five_controls, groups
from dashboard.components.controls.widgets import toggle, undo_button
from dashboard.components.data_picture import data_picture
from dashboard.components.live.chart import live_chart
from dashboard.first_visit import strip as first_visit
from dashboard.first_visit.steps import RATE, tutorial_at
from dashboard.laboratory import laboratory
from dashboard.lines.check import with_check
from dashboard.lines.figures import LiveFigure, explore_figure
from dashboard.lines.titles import title
from dashboard.pages.parts import check
from dashboard.pages.parts.chart_options import keep_options
from dashboard.pages.parts.downloads import take_home
from dashboard.pages.parts.history import history
from dashboard.pages.parts.pins import pin_button
from dashboard.settings.changes import changes_text
from dashboard.settings.link import stay
from dashboard.settings.refusals import box
from dashboard.text import Words

SLOT, CHART = "explore-job", "explore-chart"
CHART_HEIGHT = 590  # px; with the words around it the page fits 1440 × 900
CORES = 2  # that an estimate of many runs is for; a single run has one
DATA_HEIGHT = 240  # px; what a visitor tried is in sight below


def page() -> None:
    session.LINK.take(session.language())
    session.LINK.write()  # ahead of the chart, so that the address is new when the chart is
    words = session.words()
    first_visit.strip(session.state().experiment, words, set_rate)
    with st.container(key="explore", horizontal=True):  # the style says how it lies at which width
        left, middle, right = (st.container(key=key) for key in ("controls", "stage", "aside"))
    # Training begins while the rest is drawn; but where nobody can train yet, as after a start,
    # what hands it in may wait for the store, and the controls would wait with it.
    can_train = laboratory().status().ready
    for place in (middle, left) if can_train else (left, middle):
        with place:
            settings() if place is left else stage(words)
    with right:
        aside(words)


def set_rate(rate: float, as_in_tutorial: bool) -> None:
    """Do what a step of the first visit asks for; also where nothing is trained by itself."""
    if as_in_tutorial:
        session.LINK.change(lambda now: now.replaced(experiment=tutorial_at(rate), preset=KERAS_2))
    else:
        session.change(RATE, rate)
    st.session_state["train-now"] = not session.state().live


def settings() -> None:
    """All controls, the five of the laboratory open and on top."""
    form = session.form()
    five_controls(form)
    groups(form)


def stage(words: Words) -> None:
    """What was refused, the chart, and the buttons that start and stop."""
    if told := box(session.LINK.refusals(), words):
        st.warning(told)
    experiment, engine = session.state().experiment, session.state().engine
    wanted = session.state().live or st.session_state.pop("train-now", False)
    if wanted and training.train([experiment], SLOT, engine) is None:
        st.warning(training.no_room(SLOT, words))
    checked = check.hand_in(experiment, engine, words)
    live_chart(
        training.current(SLOT),
        *figure_of(experiment, engine, checked is not None, words),
        language=words.language,
        height=CHART_HEIGHT,
        key=CHART,
        on_next=session.change,
        options=session.state().chart.options,
        on_options=keep_options(session.LINK),
        beside=check.beside(checked, words),
        on_beside=check.press,
        title=title(experiment, words),
    )
    if experiment.changes:
        st.caption(changes_text(experiment.get("changes"), words))
        for note in notes(experiment):
            if note.path.startswith("changes."):  # others stand beside their controls
                st.caption(note.fill(words(f"notes.{note.code}")))
    buttons(words)


def figure_of(
    experiment: Experiment, engine: EngineName, checked: bool, words: Words
) -> LiveFigure:
    """The figure of one run, on whose axis also updates and seconds may stand; and of its check."""
    by_keras = engine == "keras"
    took = fit_seconds(experiment) if by_keras else CORES * seconds(experiment, runs=1)
    length, updates = experiment.length, experiment.updates_per_epoch
    figure = explore_figure(words, length, updates, took / length)
    other = words(f"keras.name_{training.OTHER[engine]}")
    return with_check(figure, other) if checked else figure


def buttons(words: Words) -> None:
    """Live, Train, Stop and the way back to the tutorial."""
    state = session.state()
    with st.container(key="buttons", horizontal=True, vertical_alignment="center"):
        toggle(session.form(), "live")
        if not state.live or training.count_unfinished(SLOT):
            st.button(
                words("explore.train_button"),
                type="primary",
                help=words("explore.train_help"),
                on_click=train_now,
            )
        with st.container(key="stop", width="content"):
            st.button(
                words("explore.stop_button"),
                help=words("explore.stop_help"),
                on_click=stop,
            )
        st.button(
            words("explore.reset_button"),
            type="tertiary",
            help=words("explore.reset_help"),
            on_click=session.LINK.reset,
        )
        undo_button(session.LINK, words, "explore-undo")
        first_visit.again(words)
        if not training.is_current([state.experiment], SLOT, state.engine):
            untrained = training.current(SLOT) is None
            st.caption(words("explore.untrained" if untrained else "explore.waiting_for_train"))


def train_now() -> None:
    """Also what was stopped, or lost, and would count as trained."""
    stay()
    training.forget(SLOT)
    st.session_state["train-now"] = True


def stop() -> None:
    stay()
    training.stop(SLOT)


def aside(words: Words) -> None:
    """The data as a picture, and what a visitor takes along."""
    experiment, engine = session.state().experiment, session.state().engine
    st.markdown(f"## {words('explore.data_title')}")
    data_picture(experiment.data, words, key="data-picture", height=DATA_HEIGHT)
    with st.container(key="along", horizontal=True):
        pin_button(experiment, words, preset=session.state().preset)
        take_home(experiment, training.current(SLOT), words, engine, training.current(check.SLOT))
    check.check(experiment, engine, words)
    trained = training.current(SLOT) if training.is_current([experiment], SLOT, engine) else None
    history(session.state(), trained, words, chart=CHART, on_return=bring_back)


def bring_back(query: Mapping[str, str]) -> None:
    """To what was tried before; also where nothing is trained by itself."""
    session.LINK.follow(query, session.language())
    st.session_state["train-now"] = not session.state().live
