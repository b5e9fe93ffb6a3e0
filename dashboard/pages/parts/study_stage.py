"""What a study shows in the middle of its page: the points, rates on paper, or what is trained."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.analysis.studies import Study
from dashboard import training
from dashboard.components.data_picture import data_picture
from dashboard.components.live.chart import live_chart
from dashboard.components.table.plain import plain_table
from dashboard.failure import act_safely
from dashboard.lines.names import varied_name
from dashboard.lines.paper import HEIGHT as PAPER_HEIGHT
from dashboard.lines.paper import SHOWN_UPDATE, on_paper, paper_figure
from dashboard.lines.settings_table import settings
from dashboard.pages.parts.chart_options import keep_options
from dashboard.pages.parts.line_tables import differences_table, settings_html
from dashboard.pages.parts.study_controls import LINK, form
from dashboard.pages.parts.study_said import captions, facts, sentence
from dashboard.pages.parts.study_view import SLOT, StudyView
from dashboard.settings.link import stay
from dashboard.settings.studies import DIFFERENCE, OWN, SETTINGS, StudiesSettings
from dashboard.settings.study_plan import AT_ONCE_SECONDS, experiments, size
from dashboard.text import Words
from dashboard.text.numbers import rate
from dashboard.text.phrases import typeset

CHART = "studies-chart"
OPEN = "studies-open"  # the place of a cell whose run is to be opened
GO = "studies-go"  # the large study that is to be trained
DATA_HEIGHT = 520  # px


def the_data(study: Study, words: Words) -> None:
    """The points that every study learns to tell apart."""
    data = study.cells[0].experiment.data
    data_picture(data, words, key="studies-data", height=DATA_HEIGHT)


def rates(asked: StudiesSettings, words: Words) -> None:
    """The rates that decays leave, on paper: a line each, and what becomes of them in numbers."""
    lines = on_paper(asked.paper)
    fastest = min(lines, key=lambda line: line.last)
    values = {
        "decay": rate(fastest.decay),
        "last": rate(fastest.last),
        "updates": len(lines[0].rates),
    }
    said = words("studies.paper_said", **values)
    say(said)
    live_chart(
        None,
        *paper_figure(lines, words),
        language=words.language,
        height=PAPER_HEIGHT,
        key="studies-paper",
        title=words(f"studies.study_{asked.study}"),
    )
    texts = [
        (rate(line.decay), *map(rate_or_dash, (line.after(SHOWN_UPDATE), line.last)))
        for line in lines
    ]
    headings = (words("fields.decay"), words("studies.rate_after", updates=SHOWN_UPDATE))
    last = words("studies.rate_last", updates=len(lines[0].rates))
    plain_table((*headings, last), texts, label=words("studies.table_title"))


def rate_or_dash(value: float | None) -> str:
    return "–" if value is None else rate(value)


def training_view(asked: StudiesSettings, study: Study, words: Words) -> None:
    """The curves of a study while it is trained, and what lines and bands are."""
    if waits(asked, words):
        return
    wanted = experiments(study, asked.seeds)
    if training.train(wanted, SLOT) is None:
        st.warning(training.no_room(SLOT, words))
        return
    of = StudyView(asked, study, words)
    say(sentence(of))
    live = of.figure()
    live_chart(
        training.current(SLOT),
        *live,
        language=words.language,
        height=of.height(live),
        key=CHART,
        on_finished=stay,  # the script runs again, and the table is there
        on_picked=lambda place: remember(OPEN, place),
        options=asked.chart.options,
        on_options=keep_options(LINK),
        title=words(f"studies.study_{asked.study}"),
    )
    st.caption(of.words("studies.between_sentences").join(captions(of)))
    tables(of)


def tables(of: StudyView) -> None:
    """The table of the view, where it has one."""
    if of.asked.view == SETTINGS:
        groups = [[line.cell.experiment for line in lines] for lines in of.plan.sources.values()]
        names = [name or of.words("studies.field_study") for name in of.versions]
        st.html(settings_html(settings(groups, of.words, everything=True), names, of.words))
    elif of.asked.view == DIFFERENCE and training.is_done(SLOT):
        first = varied_name(of.study.varied, of.words)
        differences_table(of.compared(training.runs(SLOT)), form(of.words), first)


def say(sentence: str) -> None:
    """The one sentence above the chart; its place is there from the start."""
    st.html(f'<p class="study-said" aria-live="polite">{escape(typeset(sentence))}</p>')


def waits(asked: StudiesSettings, words: Words) -> bool:
    """Whether a study of one's own takes long and nobody has asked for it yet."""
    if asked.study != OWN or size(asked).seconds <= AT_ONCE_SECONDS:
        return False
    this = (asked.axes, asked.base, asked.base.whole_batch, asked.versions, asked.seeds)
    if st.session_state.get(GO) == this:
        return False
    say(words("studies.large", **facts(asked, words)))
    go = words("studies.train_now")
    st.button(go, type="primary", on_click=lambda: act_safely(lambda: remember(GO, this)))
    return True


def remember(name: str, value: object) -> None:
    """What a click asks of the run of the script that it causes."""
    st.session_state[name] = value
    stay()
