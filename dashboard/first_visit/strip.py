"""The strip above the chart of a first visit: what to try, and what one sees when it is done.

Who closed it has a cookie that says so. The server reads it before it draws anything, so the strip
does not flash up for those who have seen it.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.experiment import Experiment
from dashboard.claims.settings import ClaimsSettings
from dashboard.components.first_visit.first_visit import COOKIE, SEEN, first_visit
from dashboard.components.glossary.glossary import terms
from dashboard.first_visit.steps import RATE, STEPS, Progress, in_tutorial
from dashboard.navigation import lead_to
from dashboard.settings.experiment import name_of
from dashboard.settings.link import stay
from dashboard.text import Words
from dashboard.text.numbers import exact

OPEN = "first-visit-open"  # in the session, once a visitor has closed the strip or asked for it
PROGRESS = "first-visit-progress"


def is_open() -> bool:
    """Whether the strip is shown: until it is closed, in this browser or in this session."""
    return bool(st.session_state.get(OPEN, st.context.cookies.get(COOKIE) != SEEN))


def strip(experiment: Experiment, words: Words, set_rate: Callable[[float, bool], object]) -> None:
    """The strip where it is open; `set_rate` is told a rate, and whether to reset all else.

    It notices from the experiment which steps are done.
    """
    if not is_open():
        return
    progress = st.session_state.get(PROGRESS, Progress()).now(experiment)
    st.session_state[PROGRESS] = progress
    fits = in_tutorial(experiment)
    with st.container(key="first-visit"):
        first_visit(
            {**sentences(progress, fits, words), "terms": terms(words.language)},
            on_set=lambda: take_step(progress, fits, set_rate),
            on_closed=leave,
        )
        if progress.step is None:
            there = ClaimsSettings(language=words.language).to_query()
            lead_to("claims", words, words("first_visit.claims"), there)


def sentences(progress: Progress, fits: bool, words: Words) -> dict[str, str | None]:
    """What the strip says and what its buttons are called, of a step or after the last."""
    step, last = progress.step, progress.last
    seen = words(f"first_visit.seen_{last.name}") if last else words("first_visit.about")
    number = min(progress.done + 1, len(STEPS))
    said = {
        "title": words("first_visit.title"),
        "progress": words("first_visit.progress", number=number, total=len(STEPS)),
        "seen": seen,
        "short": seen if last else words("first_visit.about_short"),
        "close": words("first_visit.close"),
        "close_help": words("first_visit.close_help"),
    }
    if step is None:
        return {**said, "ask": words("first_visit.ask_end"), "set": None, "points_at": None}
    ask = f"first_visit.ask_{step.name}" if fits else "first_visit.elsewhere"
    button = words(f"first_visit.set{'' if fits else '_elsewhere'}", rate=exact(step.rate))
    field = words(f"fields.{name_of(RATE)}")
    return {**said, "ask": words(ask), "set": button, "points_at": field}


def take_step(progress: Progress, fits: bool, set_rate: Callable[[float, bool], object]) -> None:
    """The button does what the step asks for."""
    step = progress.step
    if step is None:  # pressed twice
        stay()
        return
    set_rate(step.rate, not fits)
    st.session_state[PROGRESS] = Progress(progress.done + 1, step.rate)


def leave() -> None:
    stay()
    st.session_state[OPEN] = False


def again(words: Words) -> None:
    """The way to see the strip again, from its beginning."""
    if not is_open():
        st.button(
            words("first_visit.again"),
            key="first-visit-again",
            type="tertiary",
            help=words("first_visit.again_help"),
            on_click=begin,
        )


def begin() -> None:
    stay()
    st.session_state[OPEN] = True
    st.session_state.pop(PROGRESS, None)
