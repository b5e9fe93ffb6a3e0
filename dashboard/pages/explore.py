"""The page of one run: move a control, see the network learn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.experiment.notes import notes
from dashboard import session, training
from dashboard.components.data_picture import data_picture
from dashboard.components.live.chart import live_chart
from dashboard.downloads import take_home
from dashboard.lines.figures import explore_figure
from dashboard.pins import pin_button
from dashboard.settings import controls
from dashboard.settings.changes import changes_text
from dashboard.settings.link import stay
from dashboard.text import Words

SLOT = "explore-job"
CHART_HEIGHT = 590  # px; with the words above it the page fits 1440 × 900
DATA_HEIGHT = 300  # px
GROUPS = ("group-schedule", "group-data", "group-network", "group-training")


def page() -> None:
    session.read_link()
    session.write_link()  # ahead of the chart, so that the address is new when the chart is
    words = session.words()
    with st.container(key="explore", horizontal=True):  # the style says how it lies at which width
        left, middle, right = (st.container(key=key) for key in ("controls", "stage", "aside"))
    with middle:  # first: training begins while the rest is drawn
        stage(words)
    with left:
        settings(words)
    with right:
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
        one_of_groups(words(f"explore.{name}_group"), f"group-{name}", partial(draw, form))


def one_of_groups(label: str, key: str, draw: Callable[[], object]) -> None:
    """A group of controls that closes the others when it opens, so that all stay near."""

    def change() -> None:
        stay()
        if st.session_state[key]:
            for other in GROUPS:
                st.session_state[other] = other == key

    with st.expander(label, key=key, on_change=change) as group:
        if group.open:
            draw()


def stage(words: Words) -> None:
    """What was refused, the chart, and the buttons that start and stop."""
    for sentence in session.refusals(own=tuple(controls.ON_TOP)):
        st.warning(sentence)
    experiment = session.state().experiment
    wanted = session.state().live or st.session_state.pop("train-now", False)
    if wanted and training.train([experiment], SLOT) is None:
        st.warning(training.no_room(SLOT, words))
    live = explore_figure(words, experiment.length)
    live_chart(
        training.current(SLOT),
        *live,
        language=words.language,
        height=CHART_HEIGHT,
        key="explore-chart",
    )
    if experiment.changes:
        st.caption(changes_text(experiment.get("changes"), words))
    buttons(words)
    for note in notes(experiment):
        st.caption(note.fill(words(f"notes.{note.code}")))


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
    st.markdown(f"## {words('explore.data_title')}")
    data_picture(experiment.data, words, key="data-picture", height=DATA_HEIGHT)
    pin_button(experiment, words, preset=session.state().preset)
    take_home(experiment, training.current(SLOT), words)
