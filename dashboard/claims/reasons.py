"""Why a claim holds, depends on the seed or fails: what every seed is asked, and what is behind."""

from __future__ import annotations

from core.analysis.claims import Claim, ClaimVerdict
from core.analysis.studies.tutorial import KERAS_2, KERAS_3
from dashboard.lines.names import name_in_sentence
from dashboard.text import Words
from dashboard.text.numbers import percent, rate


def question(claim: Claim, words: Words) -> str:
    """What every seed is asked, with the threshold in the unit of the measure."""
    check = claim.agrees
    values = {
        "number": points(check.number),
        "percent": percent(check.number, 0),
        "plain": f"{check.number:.0f}",
        "rate": rate(check.number),
        "tolerance": points(check.tolerance),
        "low": percent(check.number - check.tolerance, 0),
        "high": percent(check.number + check.tolerance, 0),
        "last": name_in_sentence(claim.measures[-1].cell(KERAS_2), words),
    }
    return words(f"lesson.asks_{claim.measures[0].name}_{check.kind}", **values)


def answer(verdict: ClaimVerdict | None, words: Words) -> str:
    """How many seeds say yes, and what follows from it."""
    if verdict is None:
        return words("lesson.waiting")
    if verdict.share is None:
        return words(f"lesson.answer_exact_{verdict.kind}")
    share = verdict.share
    return words(f"lesson.answer_{verdict.kind}", count=share.count, total=share.total)


def reason(claim: Claim, version: str, words: Words) -> str:
    """What is behind it, in plain words; under Keras 3 where that is something else."""
    own = f"lesson.why_3_{claim.id}"
    return words(own if version == KERAS_3 and words.has(own) else f"lesson.why_{claim.id}")


def points(share: float) -> str:
    """A difference of shares in percentage points.

    >>> points(0.02), points(0.025)
    ('2', '2.5')
    """
    return f"{100 * share:.3g}"
