"""What a visitor takes from a study: buttons, the table, files, and the way to a single run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.analysis.studies import Study, table_csv
from core.experiment.records import to_csv
from dashboard import session, training
from dashboard.components.file_link import file_link
from dashboard.components.table.plain import plain_table
from dashboard.components.table.sortable import sortable
from dashboard.lines import rows as in_words
from dashboard.lines import versions
from dashboard.navigation import go_to
from dashboard.pages.parts import study_controls as controls
from dashboard.pages.parts.downloads import records_csv
from dashboard.pages.parts.pins import pin_study_button
from dashboard.pages.parts.study_results import results
from dashboard.pages.parts.study_stage import OPEN, remember
from dashboard.pages.parts.study_view import SLOT
from dashboard.pages.parts.training_controls import stop_or_go_on
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.studies import StudiesSettings
from dashboard.settings.study_plan import experiments
from dashboard.text import Words
from dashboard.text.literal import for_markdown


def buttons(asked: StudiesSettings, study: Study, words: Words) -> None:
    """Stop while something runs; afterwards go on with what was stopped, and files."""
    job = job_of(asked, study)
    with st.container(key="study-buttons", horizontal=True, vertical_alignment="center"):
        stop_or_go_on(SLOT, words)
        if job is not None and training.is_done(SLOT):
            files(job, study, asked.seeds, words)
        pin_study_button(asked, words, key="studies-pin")


def job_of(asked: StudiesSettings, study: Study) -> str | None:
    """The job of this study; None where it could not be handed in."""
    is_its = training.is_current(experiments(study, asked.seeds), SLOT)
    return training.current(SLOT) if is_its else None


def files(job: str, study: Study, seeds: int, words: Words) -> None:
    """The table and all records as CSV; each is written when it is asked for."""
    rows, wanted = results(job, study).rows, experiments(study, seeds)
    write = partial(to_csv, names=study.names(seeds))
    contents: dict[str, Callable[[], str]] = {
        "table": lambda: table_csv(rows),
        "records": partial(records_csv, job, wanted, session.visitor(), words, write),
    }
    for name, content in contents.items():
        file_link(
            words(f"studies.{name}_csv"),
            content,
            name=f"{study.name}-{name}.csv",
            mime="text/csv",
            key=f"studies-{name}",
            help=words(f"studies.{name}_csv_help"),
        )


def table(asked: StudiesSettings, study: Study, words: Words) -> None:
    """The table, once everything has ended."""
    job = job_of(asked, study)
    if job is None or not training.is_done(SLOT):
        return
    of = results(job, study)
    if of.trouble:
        st.warning(words("verdict.failed", why=for_markdown(of.trouble)))
    st.markdown(f"## {words('studies.table_title')}")
    sortable(
        in_words.columns(study, words),
        in_words.lines(of.rows, words),
        label=words("studies.table_title"),
        order=asked.sort,
        sort_by=words("studies.sort_by"),
        key="studies-table",
        on_order=lambda order: controls.LINK.change(lambda now: now.replaced(sort=order)),
        on_open=lambda place: remember(OPEN, place),
    )
    st.caption(words("studies.table_caption" if asked.seeds > 1 else "studies.table_caption_one"))


def differences(study: Study, words: Words) -> None:
    """What the two versions of Keras have not in common."""
    st.markdown(f"## {words('studies.differences_title')}")
    if versions.same_everywhere(study):
        st.caption(words("studies.same_everywhere"))
    plain_table(
        versions.headings(words),
        versions.rows(study, words),
        label=words("studies.differences_title"),
    )


def open_run(asked: StudiesSettings, study: Study, words: Words) -> None:
    """Go to the page of one run, with the run of the cell that a visitor has picked."""
    place = st.session_state.pop(OPEN, None)
    if place is None or not 0 <= place < len(study.cells):
        return
    cell = study.cells[place]
    version = dict(cell.values).get("preset", asked.versions[0])
    state = ExploreSettings(experiment=cell.experiment, preset=version, language=words.language)
    go_to("explore", words, state.to_query())
