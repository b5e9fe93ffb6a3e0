"""What a study shows in the middle of its page: the points, rates on paper, or what is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import streamlit as st

from core.analysis.studies import Study
from core.experiment.records import Run
from dashboard import training
from dashboard.components.data_picture import data_picture
from dashboard.components.live.chart import live_chart
from dashboard.components.live.picture import picture
from dashboard.components.table.plain import plain_table
from dashboard.failure import tried
from dashboard.lines.differences import Compared, headline
from dashboard.lines.ends import Drawing as EndDrawing
from dashboard.lines.ends import ending
from dashboard.lines.figures import LiveFigure
from dashboard.lines.findings import finding
from dashboard.lines.groups import MOST
from dashboard.lines.layout import Layout, layout
from dashboard.lines.look import HEIGHT, NOTHING
from dashboard.lines.names import spoken, telling_digits, varied_name
from dashboard.lines.overlay import difference_figure
from dashboard.lines.paper import HEIGHT as PAPER_HEIGHT
from dashboard.lines.paper import SHOWN_UPDATE, on_paper, paper_figure
from dashboard.lines.settings_table import settings
from dashboard.lines.study_curves import Drawing, overlay, panels
from dashboard.lines.study_lines import (
    StudyPlan,
    names_of,
    study_lines,
    values_of,
    versions_of,
)
from dashboard.pages.parts.chart_options import keep_options
from dashboard.pages.parts.line_tables import differences_table, settings_html
from dashboard.pages.parts.study_controls import LINK, form
from dashboard.pages.parts.study_results import results
from dashboard.settings.link import stay
from dashboard.settings.studies import DIFFERENCE, OVERLAY, OWN, RESULTS, SETTINGS, StudiesSettings
from dashboard.settings.study_plan import AT_ONCE_SECONDS, experiments, size
from dashboard.text import Words
from dashboard.text.numbers import rate

SLOT = "studies-job"
CHART = "studies-chart"
OPEN = "studies-open"  # the place of a cell whose run is to be opened
GO = "studies-go"  # the large study that is to be trained
DATA_HEIGHT = 520  # px
PLACES_MOST = 4  # where runs diverged, by name in one sentence


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
    figure = paper_figure(lines, words)
    picture(figure, label=said, key="studies-paper", height=PAPER_HEIGHT)
    texts = [
        (rate(line.decay), *map(written, (line.after(SHOWN_UPDATE), line.last))) for line in lines
    ]
    headings = (words("fields.decay"), words("studies.rate_after", updates=SHOWN_UPDATE))
    last = words("studies.rate_last", updates=len(lines[0].rates))
    plain_table((*headings, last), texts, label=words("studies.table_title"))


def written(value: float | None) -> str:
    return "–" if value is None else rate(value)


def trained(asked: StudiesSettings, study: Study, words: Words) -> None:
    """The curves of a study while it is trained, and what lines and bands are."""
    if waits(asked, words):
        return
    wanted = experiments(study, asked.seeds)
    if training.train(wanted, SLOT) is None:
        st.warning(training.no_room(SLOT, words))
        return
    of = Seen(asked, study, words)
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
    st.caption(" ".join(captions(of)))
    tables(of)


@dataclass(frozen=True)
class Seen:
    """A study as it is looked at."""

    asked: StudiesSettings
    study: Study
    words: Words

    @cached_property
    def plan(self) -> StudyPlan:
        return study_lines(self.study, self.asked.seeds)

    @cached_property
    def lines(self) -> list[str]:
        return names_of(self.study, self.words)

    @cached_property
    def versions(self) -> Sequence[str]:
        return versions_of(self.study, self.words)

    @cached_property
    def layout(self) -> Layout:
        return layout(self.plan.lines, self.lines, self.versions)

    @property
    def reference(self) -> int:
        """The place of the value that the others are compared to."""
        return self.asked.reference_among(len(self.plan.of_pin(0)))

    def figure(self) -> LiveFigure:
        """The figure of the view that is asked for."""
        drawing = Drawing(self.asked.seeds, self.asked.band, self.words)
        match self.asked.view:
            case "panels":
                return panels(self.study, drawing)
            case "overlay":
                return overlay(self.study, drawing)
            case "results":
                ends = EndDrawing(self.words, self.asked.band, self.plan.lines)
                return ending(self.layout, ends)
            case "difference":
                named = self.lines, self.words
                return difference_figure(self.plan, *named, self.asked.show, self.reference)
            case _:
                return NOTHING

    def height(self, live: LiveFigure) -> int:
        """Of the live chart, in px; 0 where there is only its status."""
        if self.asked.view == SETTINGS:
            return 0
        return int(live.figure["layout"].get("height", HEIGHT))

    def compared(self, runs: Sequence[Run]) -> Compared:
        """All values against the one of the reference."""
        named = self.lines, values_of(self.study, self.words)
        return Compared(self.plan, *named, runs, self.asked.show, self.reference)


def tables(of: Seen) -> None:
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
    st.html(f'<p class="study-said" aria-live="polite">{escape(sentence)}</p>')


def sentence(of: Seen) -> str:
    """What was found or, until then, what it takes."""
    job, words = training.current(SLOT), of.words
    if job is None or not training.is_done(SLOT):
        return under_way(of.asked, of.study, words)
    found = results(job, of.study)
    if found.unfinished:
        runs = len(of.study.cells) * of.asked.seeds
        done = runs - found.unfinished
        return words("studies.stopped", done=done, runs=number_of("runs", runs, words))
    if of.asked.view == DIFFERENCE:
        return headline(of.compared(training.runs(SLOT)), words)
    return finding(found, words)


def under_way(asked: StudiesSettings, study: Study, words: Words) -> str:
    """How many runs there are, and how long each is."""
    epochs = [cell.experiment.length for cell in study.cells]
    low, high = min(epochs), max(epochs)
    span = low if low == high else words("studies.from_to", low=low, high=high)
    return words(
        "studies.under_way",
        settings=number_of("settings", len(epochs), words),
        seeds=number_of("seeds", asked.seeds, words),
        runs=number_of("runs", len(epochs) * asked.seeds, words),
        epochs=number_of("epochs", span, words),
    )


def number_of(what: str, count: object, words: Words) -> str:
    """So many of something: "1 seed", "10 seeds"."""
    return words(f"studies.n_{what}{'_one' if count == 1 else ''}", count=count)


def captions(of: Seen) -> list[str]:
    """What is seen, in sentences."""
    asked, study, words = of.asked, of.study, of.words
    if asked.view == RESULTS:
        return result_captions(of)
    lost = diverged(study, words, "studies.caption_diverged")
    if asked.view == SETTINGS:
        return [words("studies.caption_settings"), *lost]
    if asked.view == DIFFERENCE:
        one = "_one" if asked.seeds == 1 else ""
        return [words(f"studies.caption_difference{one}"), *lost]
    cells = len(study.cells) // len(asked.versions)
    one = asked.seeds == 1 and cells <= MOST
    seeds, first = number_of("seeds", asked.seeds, words), study.cells[0].experiment.seed
    key = f"studies.caption_{'one' if one else asked.band}"
    said = [words(key, seed=first) if one else words(key, seeds=seeds)]
    if asked.view == OVERLAY and not one and len(study.figures) == 1:
        said.append(words("studies.caption_test_bands"))
    if cells > MOST:
        said.append(words("studies.caption_groups", cells=cells))
    return [*said, *lost]


def result_captions(of: Seen) -> list[str]:
    """What the figure of all ends shows, and that its points lead on."""
    asked, study, words, is_map = of.asked, of.study, of.words, of.layout.is_map
    seeds = number_of("seeds", asked.seeds, words)
    said = [words("studies.caption_map" if is_map else "studies.caption_ends", seeds=seeds)]
    if asked.seeds > 1 and not is_map:
        said.append(words(f"studies.caption_bars_{asked.band}"))
    said += diverged(study, words, "studies.caption_diverged_ends")
    return [*said, words("studies.caption_opens")]


def diverged(study: Study, words: Words, key: str) -> list[str]:
    """How many runs diverged, and where, once all have ended; nothing where none did."""
    job = training.current(SLOT)
    if job is None or not training.is_done(SLOT):
        return []
    rows = results(job, study).rows
    counts = {place: row.outcomes.get("diverged", 0) for place, row in enumerate(rows)}
    hit = [place for place, count in counts.items() if count]
    if not hit:
        return []
    digits = telling_digits(study.cells)
    text = words("studies.comma").join(
        f"{spoken(rows[place].cell, words, digits)}: {counts[place]}" for place in hit
    )
    where = words("studies.brackets", text=text) if len(hit) <= PLACES_MOST else ""
    runs = number_of("runs", sum(row.runs for row in rows), words)
    return [words(key, count=sum(counts.values()), runs=runs, where=where)]


def too_large(asked: StudiesSettings, words: Words) -> str:
    """Why a study of one's own cannot be handed in; empty when it can. Raises `FieldError`."""
    if asked.study != OWN or not size(asked).is_too_large:
        return ""
    key = "studies.too_large" if size(asked).cells_max else "studies.too_dear"
    return words(key, **facts(asked, words))


def waits(asked: StudiesSettings, words: Words) -> bool:
    """Whether a study of one's own takes long and nobody has asked for it yet."""
    if asked.study != OWN or size(asked).seconds <= AT_ONCE_SECONDS:
        return False
    this = (asked.axes, asked.base, asked.base.whole_batch, asked.versions, asked.seeds)
    if st.session_state.get(GO) == this:
        return False
    say(words("studies.large", **facts(asked, words)))
    go = words("studies.train_now")
    st.button(go, type="primary", on_click=lambda: tried(lambda: remember(GO, this)))
    return True


def remember(name: str, value: object) -> None:
    """What a click asks of the run of the script that it causes."""
    st.session_state[name] = value
    stay()


def facts(asked: StudiesSettings, words: Words) -> dict[str, object]:
    """The numbers of a study of one's own, for the sentences on its size."""
    of, seeds = size(asked), number_of("seeds", asked.seeds, words)
    return {
        "grid": " × ".join(map(str, of.counts)),
        "cells": number_of("cells", of.cells, words),
        "runs": number_of("runs", of.runs, words),
        "took": duration(of.seconds, words),
        "most": number_of("cells", of.cells_max, words),
        "seeds": seeds if len(asked.versions) == 1 else words("studies.and_both", seeds=seeds),
    }


def duration(seconds: float, words: Words) -> str:
    """Seconds as people say them: "45 s", "13 min", "2.5 h"."""
    if seconds < 100:
        return words("studies.seconds", number=max(round(seconds), 1))
    if seconds < 6000:
        return words("studies.minutes", number=round(seconds / 60))
    return words("studies.hours", number=f"{seconds / 3600:.1f}")
