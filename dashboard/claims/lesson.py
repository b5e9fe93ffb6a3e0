"""What a claim opens to: what every seed is asked, the chart, and why it comes out so."""

from __future__ import annotations

import streamlit as st

from dashboard.claims.charts import COMPUTED, FIELDS, Evidence, measure_by_epoch, of_runs, on_paper
from dashboard.claims.panels import HEIGHT
from dashboard.claims.reasons import answer, question, reason
from dashboard.components.glossary.glossary import caption, explain_terms
from dashboard.components.live.chart import live_chart
from dashboard.laboratory import laboratory
from dashboard.lines.figures import LiveFigure


def lesson(of: Evidence, job: str | None) -> None:
    """The sentences over the chart; it is drawn when a visitor has opened it."""
    st.html(sentences(of))
    chart(of, job)


def sentences(of: Evidence) -> str:
    """The question, then by version the answer and the reason, as HTML."""
    asked = f'<p class="claim-question">{explain_terms(question(of.claim, of.words), of.words)}</p>'
    said: dict[str, list[str]] = {}  # by what is said, the versions of which it is true
    for version, verdict in of.verdicts.items():
        parts = (answer(verdict, of.words), reason(of.claim, version, of.words))
        told = of.words("explore.between_sentences").join(parts)
        said.setdefault(told, []).append(version)
    return asked + "".join(
        f'<p class="claim-reason">{of_versions(told, versions, of)}</p>'
        for told, versions in said.items()
    )


def of_versions(told: str, versions: list[str], of: Evidence) -> str:
    """A sentence with the version in front that alone it is true of."""
    html = explain_terms(told, of.words)
    if len(versions) == len(of.verdicts):
        return html
    name = of.words(f"studies.version_{versions[0]}")
    return of.words("lesson.of_version", version=f"<b>{name}</b>", said=html)


def chart(of: Evidence, job: str | None) -> None:
    key = f"claim-chart-{of.claim.id}"
    if of.measure in FIELDS:
        draw(job, of_runs(of), of, key)
    elif of.measure not in COMPUTED:
        draw(None, on_paper(of), of, key)
    elif job and all(of.verdicts.values()):
        draw(None, measure_by_epoch(of, laboratory().runs(job)), of, key)
    caption(legend(of), of.words)


def draw(job: str | None, live: LiveFigure, of: Evidence, key: str) -> None:
    live_chart(
        job,
        *live,
        language=of.words.language,
        height=HEIGHT,
        key=key,
        title=of.words(f"claims.claim_{of.claim.id}"),
    )


def legend(of: Evidence) -> str:
    """How the chart is to be read."""
    if of.measure in COMPUTED:
        return of.words(f"lesson.caption_{'rise' if of.measure == 'gain' else 'swings'}")
    if of.measure not in FIELDS:
        return of.words("lesson.caption_paper")
    if of.seeds == 1:
        return of.words("lesson.caption_runs_one")
    if FIELDS[of.measure] == "learning_rate":
        return of.words("lesson.caption_rates")
    return of.words("lesson.caption_runs", seeds=of.seeds)
