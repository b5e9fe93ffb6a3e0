"""The page of one run: move a control, see the network learn."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.analysis.studies import seconds
from core.experiment import Experiment
from core.experiment.notes import notes
from dashboard import session, training
from dashboard.components.data_picture import data_picture
from dashboard.components.live.chart import live_chart
from dashboard.downloads import take_home
from dashboard.lines.figures import LiveFigure, explore_figure
from dashboard.lines.titles import title
from dashboard.pins import pin_button
from dashboard.settings import controls
from dashboard.settings.changes import changes_text
from dashboard.settings.link import stay
from dashboard.settings.widgets import folded
from dashboard.text import Words

SLOT = "explore-job"
CHART_OPTIONS = "chart-options"  # in the session: what was chosen of the chart
CHART_HEIGHT = 590  # px; with the words around it the page fits 1440 × 900
CORES = 2  # that an estimate of many runs is for; a single run has one
DATA_HEIGHT = 300  # px


def page() -> None:
    session.read_link()
    session.write_link()  # ahead of the chart, so that the address is new when the chart is
    words = session.words()
    with st.container(key="explore"):
        left, middle, right = st.columns([1.25, 3.1, 1.15], gap="medium")
        with middle, st.container(key="stage"):  # first: training begins while the rest is drawn
            stage(words)
        with left, st.container(key="controls"):
            settings(words)
        with right, st.container(key="aside"):
            aside(words)


def settings(words: Words) -> None:
    """All controls, the five of the laboratory open and on top."""
    form = session.form()
    controls.optimizer_controls(form)
    groups = {
        "schedule": controls.schedule_controls,
        "data": controls.data_controls,
        "network": controls.network_controls,
        "training": controls.training_controls,
    }
    for name, draw in groups.items():
        folded(words(f"explore.{name}_group"), f"group-{name}", partial(draw, form))


def stage(words: Words) -> None:
    """What was refused, the chart, and the buttons that start and stop."""
    for sentence in session.refusals(own=tuple(controls.ON_TOP)):
        st.warning(sentence)
    experiment = session.state().experiment
    wanted = session.state().live or st.session_state.pop("train-now", False)
    if wanted and training.train([experiment], SLOT) is None:
        st.warning(training.no_room(SLOT, words))
    live_chart(
        training.current(SLOT),
        *figure_of(experiment, words),
        language=words.language,
        height=CHART_HEIGHT,
        key="explore-chart",
        on_next=session.change,
        options=st.session_state.get(CHART_OPTIONS),
        on_options=keep_options,
        title=title(experiment, words),
    )
    if experiment.changes:
        st.caption(changes_text(experiment.get("changes"), words))
    buttons(words)
    for note in notes(experiment):
        st.caption(note.fill(words(f"notes.{note.code}")))


def figure_of(experiment: Experiment, words: Words) -> LiveFigure:
    """The figure of one run, on whose axis also updates and seconds may stand."""
    updates = experiment.updates_per_epoch
    took = CORES * seconds(experiment, runs=1) / experiment.length
    return explore_figure(words, experiment.length, updates, took)


def keep_options(options: dict[str, str]) -> None:
    """What was chosen of the chart, which has done it already; nothing is trained for that."""
    stay()
    st.session_state[CHART_OPTIONS] = options


def buttons(words: Words) -> None:
    """Live, Train, Stop and the way back to the tutorial."""
    state = session.state()
    with st.container(key="buttons", horizontal=True, vertical_alignment="center"):
        st.session_state["live"] = state.live
        st.toggle(
            words("explore.live"),
            key="live",
            help=words("explore.live_help"),
            on_change=lambda: session.change("live", st.session_state["live"]),
        )
        if not state.live or training.unfinished(SLOT):
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
            on_click=session.reset,
        )
        if not training.is_current([state.experiment], SLOT):
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
    experiment = session.state().experiment
    st.markdown(f"##### {words('explore.data_title')}")
    data_picture(experiment.data, words, key="data-picture", height=DATA_HEIGHT)
    pin_button(experiment, words, preset=session.state().preset)
    take_home(experiment, training.current(SLOT), words)
