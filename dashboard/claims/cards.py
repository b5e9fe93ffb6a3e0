"""A claim and its verdict as a card: word, shape, colour, share of seeds, figures."""

from __future__ import annotations

import math
from html import escape
from itertools import groupby

from core.claims import Claim, Figure, Verdict
from core.statistics import Estimate
from core.studies.tutorial import KERAS_2
from dashboard.numbers import percent, rate
from dashboard.studies.names import spoken
from dashboard.studies.rows import margin, share_interval
from dashboard.text import Words

SHAPES = {"holds": "✓", "depends": "◐", "fails": "✕", "waiting": "…"}
IN_PER_CENT = {"end", "train_end", "gain", "late_swing", "test_swing", "rate_after_50"}
AS_RATES = {"last_paper_rate", "last_rate"}


def card(claim: Claim, verdict: Verdict | None, words: Words) -> str:
    """The card as HTML; without a verdict it says that its runs are still to come."""
    kind = verdict.kind if verdict else "waiting"
    said = [f'<p class="claim-sentence">{escape(words(f"claims.claim_{claim.id}"))}</p>']
    if verdict:
        said.append(f'<p class="claim-share">{escape(share(verdict, words))}</p>')
        said += [f'<p class="claim-figure">{escape(one)}</p>' for one in figures(verdict, words)]
    badge = f'<span aria-hidden="true">{SHAPES[kind]}</span> {escape(words(f"claims.{kind}"))}'
    return (
        f'<article class="claim claim-{kind}" data-claim="{claim.id}" data-verdict="{kind}">'
        f'<p class="claim-verdict">{badge}</p><div>{"".join(said)}</div></article>'
    )


def share(verdict: Verdict, words: Words) -> str:
    """How many seeds agree, with the interval of their share; or that it is exact."""
    if verdict.share is None:
        return words("claims.exact")
    of = verdict.share
    if of.total == 1:
        return words("claims.one_seed_agrees" if of.count else "claims.one_seed_disagrees")
    return words("claims.seeds_agree", count=of.count, total=of.total, interval=share_interval(of))


def figures(verdict: Verdict, words: Words) -> list[str]:
    """What it was judged by: a line a measure, the values of its cells behind it."""
    said = []
    for name, group in groupby(verdict.figures, key=lambda figure: figure.measure.name):
        values = words("claims.between").join(value(figure, words) for figure in group)
        said.append(words("claims.measured", what=words(f"claims.measure_{name}"), values=values))
    return said


def value(figure: Figure, words: Words) -> str:
    """One cell's figure: "momentum 0.9: 8 ± 1"."""
    cell = figure.measure.cell(KERAS_2)  # it goes by the same name in every version
    return words("claims.value", cell=spoken(cell, words), value=number(figure, words))


def number(figure: Figure, words: Words) -> str:
    """A mean with its interval, in the unit of its measure; runs without one are counted."""
    name, of = figure.measure.name, figure.estimate
    without = "diverged" if name in IN_PER_CENT else "never"
    if not of.count:
        return words(f"claims.all_{without}")
    said = in_unit(name, of)
    if not figure.infinite:
        return said
    return words(f"claims.some_{without}", value=said, count=figure.infinite)


def in_unit(name: str, of: Estimate) -> str:
    if name in AS_RATES:
        return rate(of.mean)
    if name in IN_PER_CENT:
        return f"{percent(of.mean)}{margin(of, 100, 1)}"
    half = of.high - of.mean
    return f"{of.mean:.0f}{'' if math.isnan(half) else margin(of, 1, 0)}"
