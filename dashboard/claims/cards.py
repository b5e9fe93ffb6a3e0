"""A claim and its verdict as a card: word, shape, colour, share of seeds, figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from itertools import groupby

from core.analysis.claims import Claim, ClaimFigure, ClaimVerdict
from core.analysis.statistics import FEW, Share
from core.analysis.studies.tutorial import KERAS_2
from dashboard.claims.reasons import reason
from dashboard.components.glossary.glossary import explain_terms
from dashboard.lines.estimates import estimate_text
from dashboard.lines.names import name_in_sentence
from dashboard.lines.rows import interval_in_brackets
from dashboard.text import Words
from dashboard.text.numbers import decimal, percent_around, rate, whole_around
from dashboard.text.phrases import typeset

SHAPES = {"holds": "✓", "depends": "◐", "fails": "✕", "waiting": "…"}
IN_PER_CENT = {"end", "train_end", "gain", "late_swing", "test_swing", "rate_after_50"}
AS_RATES = {"last_paper_rate", "last_rate"}


def card(
    claim: Claim,
    verdict: ClaimVerdict | None,
    words: Words,
    version: str = KERAS_2,
) -> str:
    """The card of one version as HTML; without a verdict it says that its runs are to come."""
    return cards(claim, {version: verdict}, words)


def cards(claim: Claim, found: Mapping[str, ClaimVerdict | None], words: Words) -> str:
    """A claim with its verdict under each version; the first one gives the card its colour."""
    kinds = [kind_of(verdict) for verdict in found.values()]
    told: dict[str, list[str]] = {}  # by what is said, the versions of which it is true
    for version, verdict in found.items():
        told.setdefault("".join(body(claim, verdict, version, words)), []).append(version)
    said = [
        f'<p class="claim-sentence">{explain_terms(words(f"claims.claim_{claim.id}"), words)}</p>'
    ]
    for html, versions in told.items():
        name = "" if len(versions) == len(found) else version_name(versions[0], words)
        said.append(name + html)
    several = len(found) > 1
    badges = [
        (f"<span>{version_name(version, words)}" if several else "")
        + badge(verdict, words)
        + ("</span>" if several else "")
        for version, verdict in found.items()
    ]
    return (
        f'<article class="claim" data-claim="{claim.id}" data-verdict="{kinds[0]}"'
        f' data-each="{" ".join(kinds)}">'
        f'<div class="claim-verdicts">{"".join(badges)}</div><div>{"".join(said)}</div></article>'
    )


def kind_of(verdict: ClaimVerdict | None) -> str:
    return verdict.kind if verdict else "waiting"


def version_name(version: str, words: Words) -> str:
    return f'<p class="claim-version">{escape(words(f"studies.version_{version}"))}</p>'


def badge(verdict: ClaimVerdict | None, words: Words) -> str:
    kind = kind_of(verdict)
    shape = f'<span aria-hidden="true">{SHAPES[kind]}</span>'
    return f'<p class="claim-verdict claim-{kind}">{shape} {escape(said_of(verdict, words))}</p>'


def body(claim: Claim, verdict: ClaimVerdict | None, version: str, words: Words) -> list[str]:
    """What is said of a verdict: why, where the tutorial is not borne out; share and figures."""
    if verdict is None:
        return []
    said = []
    if verdict.kind != "holds":
        why = explain_terms(reason(claim, version, words), words)
        said.append(f'<p class="claim-why">{why}</p>')
    said.append(f'<p class="claim-share">{escape(typeset(share(verdict, words)))}</p>')
    return said + [
        f'<p class="claim-figure">{escape(typeset(one))}</p>' for one in figures(verdict, words)
    ]


def said_of(verdict: ClaimVerdict | None, words: Words) -> str:
    """The verdict in a word or two: "holds", "fails so far" of few seeds."""
    if verdict is None:
        return words("claims.waiting")
    said = words(f"claims.{verdict.kind}")
    return said if verdict.is_sure else words("claims.so_far", verdict=said)


def share(verdict: ClaimVerdict, words: Words) -> str:
    """How many seeds agree, with the interval of their share, or too few; or that it is exact."""
    if verdict.share is None:
        return words("claims.exact")
    said = agreeing(verdict.share, words)
    return said if verdict.is_sure else words("claims.unsure", share=said)


def agreeing(of: Share, words: Words) -> str:
    if of.total == 1:
        return words("claims.one_seed_agrees" if of.count else "claims.one_seed_disagrees")
    key = "claims.seeds_agree_one" if of.count == 1 else "claims.seeds_agree"
    return words(key, count=of.count, total=of.total, interval=interval_in_brackets(of, words))


def figures(verdict: ClaimVerdict, words: Words) -> list[str]:
    """What it was judged by: a line a measure, the values of its cells behind it."""
    said = []
    for name, group in groupby(verdict.figures, key=lambda figure: figure.measure.name):
        values = words("claims.between").join(value(figure, words) for figure in group)
        said.append(words("claims.measured", what=words(f"claims.measure_{name}"), values=values))
    return said


def value(figure: ClaimFigure, words: Words) -> str:
    """One cell's figure: "momentum 0.9: 8 ± 1"."""
    cell = figure.measure.cell(KERAS_2)  # it goes by the same name in every version
    return words("claims.value", cell=name_in_sentence(cell, words), value=number(figure, words))


def number(figure: ClaimFigure, words: Words) -> str:
    """A mean with its interval, in the unit of its measure; runs without one are counted."""
    name = figure.measure.name
    without = "diverged" if name in IN_PER_CENT else "never"
    if not figure.estimate.count:
        return words(f"claims.all_{without}")
    said = in_unit(figure, words)
    if not figure.infinite:
        return said
    return words(f"claims.some_{without}", value=said, count=figure.infinite)


def in_unit(figure: ClaimFigure, words: Words) -> str:
    name, of = figure.measure.name, figure.estimate
    if name in AS_RATES:
        return rate(of.mean)
    if name in IN_PER_CENT:
        return around(figure, in_per_cent, percent_around, words)
    return around(figure, "{:.0f}".format, whole_around, words)


def around(
    figure: ClaimFigure,
    write: Callable[[float], str],
    write_around: Callable[[float, float], str],
    words: Words,
) -> str:
    """A mean and half its interval, or both its ends where it would leave what is possible."""
    of, shown = figure.estimate, figure.shown
    if of.count > FEW and (shown.low > of.low or shown.high < of.high):
        ends = {"low": write(shown.low), "high": write(shown.high)}
        return words("claims.from_to", mean=write(of.mean), **ends)
    return estimate_text(of, write, write_around)


def in_per_cent(value: float) -> str:
    """A share, or a change of one.

    >>> in_per_cent(-0.0269), in_per_cent(-0.0001)
    ('−2.7 %', '0.0 %')
    """
    return f"{decimal(100 * value, 1)} %"
