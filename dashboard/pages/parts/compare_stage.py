"""The middle of the page that compares: what is seen in the runs, and the chart that shows them."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from dashboard import training
from dashboard.components.live.chart import live_chart
from dashboard.laboratory import laboratory
from dashboard.lines.ghosts import Shown, shown_next
from dashboard.lines.look import Look
from dashboard.lines.names import BETWEEN
from dashboard.lines.summary import benchmarks
from dashboard.navigation import go_to
from dashboard.pages.parts.chart_options import keep_options
from dashboard.pages.parts.compare_tools import SLOT
from dashboard.pages.parts.comparison import LINK
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.link import stay
from dashboard.settings.refusals import cannot_be
from dashboard.text.phrases import typeset

OPEN = "compare-open"  # the place of a line whose run is to be opened
SHOWN_NOW = "comparison-shown"  # in the session: what the chart shows


def stage(look: Look) -> None:
    """The sentences, once all runs have ended, and the chart, while they are trained."""
    shown = train_all(look)
    ended = shown is not None and training.is_done(SLOT)
    st.html(sentences(findings(look) if ended else []))
    live_chart(
        shown.job if shown else None,
        *(look.figure(shown.ghosts) if shown else look.figure()),
        language=look.words.language,
        height=look.height,
        key="compare-chart",
        on_finished=lambda: None,  # the fragment runs again, and there is what to tell
        on_picked=open_line,
        options=look.now.chart.options,
        on_options=keep_options(LINK),
        title=BETWEEN.join(look.pins),
    )
    if look.key:
        st.html(f'<p class="compare-key">{html.escape(look.key)}</p>')


def findings(look: Look) -> list[str]:
    """What is to be seen in the runs that have ended."""
    runs = training.runs(SLOT)
    alone = len(runs) == 1
    return look.sentences(
        runs, benchmarks(laboratory(), runs[0].experiment.data) if alone else None
    )


def train_all(look: Look) -> Shown | None:
    """The one job of all pins; None, with a sentence, where it cannot be handed in."""
    refusal, job = look.plan.refusal(), hand_in(look)
    if refusal:
        st.warning(cannot_be(refusal, look.words, "compare") or str(refusal))
    elif job is None:
        st.warning(training.no_room(SLOT, look.words))
    if job is None:
        return None
    before: Shown | None = st.session_state.get(SHOWN_NOW)
    shown = shown_next(job, look.now.pins, look.plan, before)
    st.session_state[SHOWN_NOW] = shown
    return shown


def hand_in(look: Look) -> str | None:
    """The job of all pins, handed in if it is not yet; None where it cannot be."""
    if look.plan.refusal():
        training.forget(SLOT)
        return None
    return training.train(look.plan.experiments, SLOT)


def sentences(said: Sequence[str]) -> str:
    """As HTML, with room for one while there is none, so that nothing moves when it comes."""
    lines = "".join(f"<p>{html.escape(typeset(one))}</p>" for one in said or [""])
    return f'<div class="compare-said" aria-live="polite">{lines}</div>'


def open_line(place: int) -> None:
    """The run of a point that a visitor clicks is opened in the run of the script that follows."""
    st.session_state[OPEN] = place
    stay()


def open_clicked(look: Look) -> None:
    """Go to the page of one run, with the run that was clicked."""
    place = st.session_state.pop(OPEN, None)
    if place is None or not 0 <= place < len(look.plan.lines):
        return
    line = look.plan.lines[place]
    version = look.now.pins[line.pin].preset
    state = ExploreSettings(version, line.cell.experiment, language=look.words.language)
    go_to("explore", look.words, state.to_query())
