"""What stands below the chart in numbers: the settings, and what the runs came to."""

from __future__ import annotations

from functools import lru_cache, partial

import streamlit as st

from core.experiment import Experiment
from dashboard import session, training
from dashboard.components.file_link import file_link
from dashboard.components.table.sortable import sortable
from dashboard.lines import pin_table as results
from dashboard.lines.look import Look
from dashboard.lines.plan import plan
from dashboard.lines.records import lines_csv
from dashboard.lines.settings_table import settings
from dashboard.pages.parts import comparison as current
from dashboard.pages.parts.compare_tools import SLOT
from dashboard.pages.parts.downloads import records_csv
from dashboard.pages.parts.line_tables import differences_table, settings_html
from dashboard.settings.compare import CompareSettings
from dashboard.settings.pin import Pin
from dashboard.text import Words

RESULTS_KEPT = 16  # of all visitors; the largest takes about 2 MB


def tables(look: Look) -> None:
    """The table of the tab, where it has one."""
    if look.now.tab == "settings":
        settings_table(look)
    elif look.now.tab == "table" and (job := job_of(look)):
        results_table(look, job)
    elif look.now.tab == "difference" and len(look.pins) > 1 and training.is_done(SLOT):
        first = look.words("compare.column_pin")
        differences_table(look.compared(training.runs(SLOT)), current.form(), first)


def job_of(look: Look) -> str | None:
    """The job of these pins; None where it could not be handed in."""
    is_theirs = training.is_current(look.plan.experiments, SLOT)
    return training.current(SLOT) if is_theirs else None


def settings_table(look: Look) -> None:
    rows = settings([experiments(pin) for pin in look.now.pins], look.words, look.now.all)
    if rows:
        st.html(settings_html(rows, look.pins, look.words))
    else:
        st.caption(look.words("compare.all_alike" if len(look.pins) > 1 else "compare.only_one"))


def experiments(pin: Pin) -> list[Experiment]:
    return [cell.experiment for cell in pin.cells()]


def results_of(look: Look, job: str) -> list[results.Result]:
    """What the lines have come to; of a job that is done once for all who look at it."""
    if training.is_done(SLOT):
        return final_results(job, look.now.pins, look.now.seeds, look.words.language)
    return results.results(look.plan, look.lines, training.runs_of(job))


@lru_cache(maxsize=RESULTS_KEPT)
def final_results(
    job: str, pins: tuple[Pin, ...], seeds: int, language: str
) -> list[results.Result]:
    look = Look(CompareSettings(pins, seeds), plan(pins, seeds), Words(language))
    return results.results(look.plan, look.lines, training.runs_of(job))


def results_table(look: Look, job: str) -> None:
    words = look.words
    came_to = results_of(look, job)
    sortable(
        results.columns(words),
        results.lines(came_to, words),
        label=words("compare.tab_table"),
        order=look.now.sort,
        sort_by=words("compare.sort_by"),
        key="compare-table",
        on_order=lambda order: current.change(lambda now: now.replaced(sort=order)),
        on_open=lambda _: None,
    )
    key = "table_help" if look.now.seeds > 1 else "table_help_one"
    st.caption(words(f"compare.{key}", seeds=look.now.seeds))
    with st.container(horizontal=True):
        file_link(
            words("compare.table_csv"),
            lambda: results.to_csv(came_to),
            name="comparison.csv",
            mime="text/csv",
            key="compare-table",
        )
        file_link(
            words("compare.records_csv"),
            partial(
                records_csv,
                job,
                look.plan.experiments,
                session.visitor(),
                words,
                partial(lines_csv, look.plan, look.lines),
            ),
            name="records.csv",
            mime="text/csv",
            key="compare-records",
        )
