"""What a study shows in the middle of its page: the points, rates on paper, or what is trained."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.analysis.studies import Study
from dashboard import training
from dashboard.components.data_picture import data_picture
from dashboard.components.live.chart import live_chart
from dashboard.components.live.picture import picture
from dashboard.components.table.plain import plain_table
from dashboard.failure import tried
from dashboard.lines.ends import ending, fields
from dashboard.lines.figures import LiveFigure
from dashboard.lines.findings import finding, results
from dashboard.lines.groups import MOST
from dashboard.lines.names import spoken, telling_digits
from dashboard.lines.paper import HEIGHT as PAPER_HEIGHT
from dashboard.lines.paper import SHOWN_UPDATE, on_paper, paper_figure
from dashboard.lines.study_curves import Drawing, overlay, panels
from dashboard.settings.asked import OVERLAY, OWN, PANELS, RESULTS, Asked
from dashboard.settings.link import stay
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


def rates(asked: Asked, words: Words) -> None:
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


def trained(asked: Asked, study: Study, words: Words) -> None:
    """The curves of a study while it is trained, and what lines and bands are."""
    if waits(asked, words):
        return
    wanted = experiments(study, asked.seeds)
    if training.train(wanted, SLOT) is None:
        st.warning(training.no_room(SLOT, words))
        return
    say(sentence(asked, study, words))
    live = drawn(asked, study, words)
    live_chart(
        training.current(SLOT),
        *live,
        language=words.language,
        height=live.figure["layout"]["height"],
        key=CHART,
        on_finished=stay,  # the script runs again, and the table is there
        on_picked=lambda place: remember(OPEN, place),
    )
    st.caption(" ".join(captions(asked, study, words)))


def say(sentence: str) -> None:
    """The one sentence above the chart; its place is there from the start."""
    st.html(f'<p class="study-said" aria-live="polite">{escape(sentence)}</p>')


def sentence(asked: Asked, study: Study, words: Words) -> str:
    """What was found or, until then, what it takes."""
    job = training.current(SLOT)
    if job is None or not training.is_done(SLOT):
        return under_way(asked, study, words)
    of = results(job, study)
    if of.unfinished:
        runs = len(study.cells) * asked.seeds
        done = runs - of.unfinished
        return words("studies.stopped", done=done, runs=number_of("runs", runs, words))
    return finding(of, words)


def under_way(asked: Asked, study: Study, words: Words) -> str:
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


def drawn(asked: Asked, study: Study, words: Words) -> LiveFigure:
    """The figure of the view that is asked for."""
    views = {PANELS: panels, OVERLAY: overlay, RESULTS: ending}
    return views[asked.view](study, Drawing(asked.seeds, asked.band, words))


def captions(asked: Asked, study: Study, words: Words) -> list[str]:
    """What is seen, in sentences."""
    if asked.view == RESULTS:
        return result_captions(asked, study, words)
    cells = len(study.cells) // len(asked.versions)
    one = asked.seeds == 1 and cells <= MOST
    seeds, first = number_of("seeds", asked.seeds, words), study.cells[0].experiment.seed
    key = f"studies.caption_{'one' if one else asked.band}"
    said = [words(key, seed=first) if one else words(key, seeds=seeds)]
    if asked.view == OVERLAY and not one and len(study.figures) == 1:
        said.append(words("studies.caption_test_bands"))
    if cells > MOST:
        said.append(words("studies.caption_groups", cells=cells))
    return [*said, *diverged(study, words, "studies.caption_diverged")]


def result_captions(asked: Asked, study: Study, words: Words) -> list[str]:
    """What the figure of all ends shows, and that its points lead on."""
    is_map = len(fields(study)) > 1
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


def too_large(asked: Asked, words: Words) -> str:
    """Why a study of one's own cannot be handed in; empty when it can. Raises `FieldError`."""
    if asked.study != OWN or not size(asked).is_too_large:
        return ""
    key = "studies.too_large" if size(asked).cells_max else "studies.too_dear"
    return words(key, **facts(asked, words))


def waits(asked: Asked, words: Words) -> bool:
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


def facts(asked: Asked, words: Words) -> dict[str, object]:
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
