"""The page of claims: what the tutorial says, checked over seeds."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.analysis.claims import CLAIMS, ClaimVerdict
from core.analysis.studies.study import SEEDS
from core.experiment.optimizers import PRESETS
from dashboard import session, training
from dashboard.claims.asked import Judging, from_query
from dashboard.claims.cards import card
from dashboard.claims.glance import glance
from dashboard.claims.job import TRAINED, by_study, milestones, verdicts, whole
from dashboard.components.live.chart import live_chart
from dashboard.navigation import lead_to
from dashboard.pins import are_pinned, of_study, press_to_pin
from dashboard.settings.link import Link, stay
from dashboard.settings.refusals import refused
from dashboard.settings.widgets import shows, stop_or_go_on
from dashboard.studies.asked import Asked
from dashboard.text import Words

KINDS = ("holds", "depends", "fails", "waiting")
LINK: Link[Judging] = Link("claims", from_query)
SLOT = "claims-job"
SLIDER_WIDTH = 320  # px


def page() -> None:
    asked = LINK.take(session.language())
    words = session.words()
    with st.container(key="claims"):
        st.caption(words("claims.about"))
        for error, by_link in LINK.refusals():
            st.warning(refused(error, words, by_link, {"seeds": words("claims.seeds")}))
        settings(asked, words)
        wanted = whole(asked.seeds, asked.preset).experiments
        job = training.train(wanted, SLOT)
        if job is None:
            st.warning(training.no_room(SLOT, words))
        found = verdicts(job, asked.seeds, asked.preset)
        st.html(f'<p class="study-said" aria-live="polite">{counted(found, words)}</p>')
        progress(asked, words)
        for name in by_study():
            study(name, asked, found, words)
    LINK.write()


def settings(asked: Judging, words: Words) -> None:
    """Seeds, version, and Stop while something runs."""
    with st.container(key="claims-settings", horizontal=True, vertical_alignment="bottom"):
        st.slider(
            words("claims.seeds"),
            min_value=SEEDS.low,
            max_value=SEEDS.high,
            step=1,
            help=words("claims.seeds_help"),
            width=SLIDER_WIDTH,
            **shows("claims-seeds", asked.seeds, lambda n: change("seeds", n)),
        )
        st.segmented_control(
            words("studies.version"),
            list(PRESETS),
            format_func=lambda name: words(f"studies.version_{name}"),
            required=True,
            help=words("claims.version_help"),
            **shows("claims-preset", asked.preset, lambda name: change("preset", name)),
        )
        stop_or_go_on(SLOT, words)


def change(name: str, value: object) -> None:
    LINK.hold((LINK.held() or Judging()).with_value(name, value))


def progress(asked: Judging, words: Words) -> None:
    """All studies in small while they are trained; each that ends brings its verdicts."""
    live = glance(whole(asked.seeds, asked.preset), words)
    live_chart(
        training.current(SLOT),
        *live,
        language=words.language,
        height=live.figure["layout"]["height"],
        key="claims-chart",
        on_finished=stay,
        milestones=milestones(asked.seeds, asked.preset),
    )
    one = "_one" if asked.seeds == 1 else ""
    st.caption(words(f"claims.glance_caption{one}", seeds=asked.seeds))


def counted(found: dict[str, ClaimVerdict], words: Words) -> str:
    """How many claims hold, depend on the seed, fail, and wait; and how many of it is sure."""
    counts = Counter[str](verdict.kind for verdict in found.values())
    counts["waiting"] = len(CLAIMS) - len(found)
    parts = [count(f"claims.count_{kind}", counts[kind], words) for kind in KINDS if counts[kind]]
    told = words("claims.comma").join(parts)
    said = words("claims.counted", total=len(CLAIMS), counts=told)
    unsure = sum(not verdict.is_sure for verdict in found.values())
    return words("claims.counted_unsure", said=said, count=unsure) if unsure else said


def count(key: str, of: int, words: Words) -> str:
    return words(f"{key}_one") if of == 1 else words(key, count=of)


def study(name: str, asked: Judging, found: dict[str, ClaimVerdict], words: Words) -> None:
    """The claims that one study shows, each with the way there; the study can be pinned."""
    there = Asked(study=name, preset=asked.preset, seeds=asked.seeds, language=words.language)
    with st.container(key=f"claims-of-{name}", horizontal=True, vertical_alignment="center"):
        st.markdown(f"## {words(f'studies.study_{name}')}", width="content")
        if name in TRAINED:
            pin = of_study(there)
            key = f"claims-pin-{name}"
            press_to_pin(pin, words, key=key, seeds=asked.seeds, type="tertiary")
            if are_pinned(pin):
                st.caption(words("compare.is_pinned"), width="content")
    for claim in by_study()[name]:
        with st.container(key=f"claim-{claim.id}", horizontal=True, wrap=False):
            st.html(card(claim, found.get(claim.id), words))
            lead_to("studies", words, words("claims.see"), there.to_query())
