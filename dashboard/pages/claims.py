"""The page of claims: what the tutorial says, checked over seeds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from core.analysis.claims import CLAIMS, Claim
from core.analysis.studies.tutorial import ADDRESS, AUTHOR, SITE, TITLE
from dashboard import session, training
from dashboard.claims.cards import cards
from dashboard.claims.charts import Evidence
from dashboard.claims.counts import Found, counts, is_listed
from dashboard.claims.glance import glance
from dashboard.claims.job import by_study, flips, milestones, verdicts, whole
from dashboard.claims.lesson import lesson
from dashboard.claims.settings import FLIPS, SHOWN, ClaimsSettings
from dashboard.components.controls.form import Form
from dashboard.components.controls.widgets import (
    fold,
    reset_button,
    seeds,
    segments,
    undo_button,
)
from dashboard.components.glossary.glossary import caption, explain_terms
from dashboard.components.live.chart import live_chart
from dashboard.navigation import lead_to
from dashboard.pages.parts.chart_options import keep_options
from dashboard.pages.parts.numbers_links import numbers_links
from dashboard.pages.parts.pins import are_pinned, of_study, press_to_pin
from dashboard.pages.parts.training_controls import stop_or_go_on
from dashboard.settings.link import Link, stay
from dashboard.settings.pin import TRAINED
from dashboard.settings.refusals import box
from dashboard.settings.studies import BOTH, StudiesSettings
from dashboard.text import Words

LINK = Link("claims", ClaimsSettings)
SLOT = "claims-job"
SLIDER_WIDTH = 320  # px


def page() -> None:
    asked = LINK.take(session.language())
    words = session.words()
    with st.container(key="claims"):
        st.html(f'<p class="claims-about">{about(words)}</p>')
        if told := box(LINK.refusals(), words, "claims"):
            st.warning(told)
        settings(words)
        wanted = whole(asked.seeds, asked.preset).experiments
        job = training.train(wanted, SLOT)
        if job is None:
            st.warning(training.no_room(SLOT, words))
        found = verdicts(job, asked.seeds, asked.preset)
        st.html(f'<p class="study-said" aria-live="polite">{counts(found, words)}</p>')
        progress(asked, words)
        claims(asked, found, words)
        numbers_links("claims", asked, words)
    LINK.write()


def about(words: Words) -> str:
    """Which tutorial it is, and how its claims are judged."""
    named = words("lesson.tutorial", title=TITLE, author=AUTHOR, site=SITE, address=ADDRESS)
    return named + words("explore.between_sentences") + explain_terms(words("claims.about"), words)


def settings(words: Words) -> None:
    """Seeds, version, which claims, and Stop while something runs."""
    form = Form.of(LINK, words, "claims")
    shown = [name for name in SHOWN if name != FLIPS or form.get("preset") == BOTH]
    with st.container(key="claims-settings", horizontal=True, vertical_alignment="bottom"):
        with st.container(key="claims-seeds-place", width=SLIDER_WIDTH):
            seeds(form)
        segments(form, "preset")
        segments(form, "show", shown)
        stop_or_go_on(SLOT, words)
        with st.container(key="claims-back", horizontal=True, width="content"):
            undo_button(LINK, words, "claims-undo")
            reset_button(LINK, words, "claims-reset")


def progress(asked: ClaimsSettings, words: Words) -> None:
    """All studies in small while they are trained; each that ends brings its verdicts."""
    live = glance(whole(asked.seeds, asked.preset), words)
    live_chart(
        training.current(SLOT),
        *live,
        language=words.language,
        height=live.figure["layout"]["height"],
        key="claims-chart",
        on_finished=stay,
        options=asked.chart.options,
        on_options=keep_options(LINK),
        title=words("claims.glance_title"),
        milestones=milestones(asked.seeds, asked.preset),
    )
    one = "_one" if asked.seeds == 1 else ""
    caption(words(f"claims.glance_caption{one}", seeds=asked.seeds), words)


def claims(asked: ClaimsSettings, found: Found, words: Words) -> None:
    """Those that flip in front, then the others study by study, as far as they are to be shown."""
    listed = [claim for claim in CLAIMS if is_listed(claim, asked.show, found)]
    flipped = [claim for claim in listed if flips(claim, found)]
    if flipped:
        with st.container(key="claims-of-flips"):
            st.markdown(f"##### {words('lesson.flips')}")
        for claim in flipped:
            row(claim, asked, found, words)
    for name, of in by_study().items():
        rest = [claim for claim in of if claim in listed and claim not in flipped]
        if rest:
            study(name, rest, asked, found, words)
    if not listed:
        st.caption(words("lesson.show_nothing"))


def study(
    name: str, of: Iterable[Claim], asked: ClaimsSettings, found: Found, words: Words
) -> None:
    """The claims that one study shows, each with the way there; the study can be pinned."""
    with st.container(key=f"claims-of-{name}", horizontal=True, vertical_alignment="center"):
        st.markdown(f"## {words(f'studies.study_{name}')}", width="content")
        if name in TRAINED:
            pin = of_study(there(name, asked, words))
            key = f"claims-pin-{name}"
            press_to_pin(pin, words, key=key, seeds=asked.seeds, type="tertiary")
            if are_pinned(pin):
                st.caption(words("compare.is_pinned"), width="content")
    for claim in of:
        row(claim, asked, found, words)


def there(name: str, asked: ClaimsSettings, words: Words) -> StudiesSettings:
    """The study as its page shows it; that one has both versions as well."""
    return StudiesSettings(
        study=name, preset=asked.preset, seeds=asked.seeds, language=words.language
    )


def row(claim: Claim, asked: ClaimsSettings, found: Found, words: Words) -> None:
    """A claim with its verdict and the way to its study; it opens to its chart and reason."""
    of = {version: known.get(claim.id) for version, known in found.items()}
    with st.container(key=f"claim-{claim.id}"):
        with st.container(key=f"claim-head-{claim.id}", horizontal=True, wrap=False):
            st.html(cards(claim, of, words))
            study_page = there(claim.study, asked, words)
            lead_to("studies", words, words("claims.see"), study_page.to_query())
        evidence = Evidence(claim, of, whole(asked.seeds, asked.preset), asked.seeds, words)
        draw = partial(lesson, evidence, training.current(SLOT))
        fold(words("lesson.open"), f"claim-open-{claim.id}", draw)
