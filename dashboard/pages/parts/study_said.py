"""What a study's page says: what it takes, what was found, and what its figures show."""

from __future__ import annotations

from core.analysis.studies import Study
from dashboard import training
from dashboard.lines.findings import finding
from dashboard.lines.groups import MOST
from dashboard.lines.names import name_in_sentence, telling_digits
from dashboard.pages.parts.study_results import results
from dashboard.pages.parts.study_view import SLOT, StudyView
from dashboard.settings.studies import DIFFERENCE, OVERLAY, OWN, RESULTS, SETTINGS, StudiesSettings
from dashboard.settings.study_plan import size
from dashboard.text import Words

PLACES_MOST = 4  # where runs diverged, by name in one sentence


def sentence(of: StudyView) -> str:
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
        return of.differences_said(training.runs(SLOT))
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


def captions(of: StudyView) -> list[str]:
    """What is seen, in sentences."""
    asked, study, words = of.asked, of.study, of.words
    if asked.view == RESULTS:
        return result_captions(of)
    lost = diverged_sentences(study, words, "studies.caption_diverged")
    if asked.view == SETTINGS:
        return [words("studies.caption_settings"), *lost]
    if asked.view == DIFFERENCE:
        one = "_one" if asked.seeds == 1 else ""
        return [words(f"studies.caption_difference{one}"), *lost]
    cells = len(study.cells) // len(asked.versions)
    alone = asked.seeds == 1 and cells <= MOST
    seeds, first = number_of("seeds", asked.seeds, words), study.cells[0].experiment.seed
    key = f"studies.caption_{'one' if alone else asked.band}"
    said = [words(key, seed=first) if alone else words(key, seeds=seeds)]
    if asked.view == OVERLAY and not alone and len(study.figures) == 1:
        said.append(words("studies.caption_test_bands"))
    if any("learning_rate" in panel for panel in study.figures):
        said.append(words("studies.caption_rates"))
    if cells > MOST:
        said.append(words("studies.caption_groups", cells=cells))
    return [*said, *lost]


def result_captions(of: StudyView) -> list[str]:
    """What the figure of all ends shows, and that its points lead on."""
    asked, study, words, is_map = of.asked, of.study, of.words, of.layout.is_map
    seeds = number_of("seeds", asked.seeds, words)
    said = [words("studies.caption_map" if is_map else "studies.caption_ends", seeds=seeds)]
    if asked.seeds > 1 and not is_map:
        said.append(words(f"studies.caption_bars_{asked.band}"))
    said += diverged_sentences(study, words, "studies.caption_diverged_ends")
    return [*said, words("studies.caption_opens")]


def diverged_sentences(study: Study, words: Words, key: str) -> list[str]:
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
        f"{name_in_sentence(rows[place].cell, words, digits)}: {counts[place]}" for place in hit
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
