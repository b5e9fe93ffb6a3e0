"""The verdicts on the claims, for scripts: as JSON, and as CSV."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.analysis.claims import ClaimFigure, ClaimVerdict
from core.export.tables import table

HEADER = ("version", "id", "study", "verdict", "sure", "agree", "seeds", "low", "high", "sentence")


def verdicts_json(verdicts: Sequence[ClaimVerdict]) -> str:
    """A list of objects; what is unknown or infinite is null."""
    return json.dumps([verdict_fields(verdict) for verdict in verdicts], indent=2) + "\n"


def verdict_fields(verdict: ClaimVerdict) -> dict[str, Any]:
    share = verdict.share
    return {
        "id": verdict.claim.id,
        "sentence": verdict.claim.sentence,
        "note": verdict.claim.note,
        "study": verdict.claim.study,
        "verdict": verdict.kind,
        "sure": verdict.is_sure,
        "agree": share.count if share else None,
        "seeds": share.total if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "figures": [figure_fields(figure) for figure in verdict.figures],
    }


def figure_fields(figure: ClaimFigure) -> dict[str, Any]:
    one = figure.estimate
    numbers = {
        "mean": one.mean,
        "deviation": one.deviation,
        "low": one.low,
        "high": one.high,
        "median": figure.median,
    }
    known = {name: n if math.isfinite(n) else None for name, n in numbers.items()}
    named = {"measure": figure.measure.name, "study": figure.measure.study, "run": figure.label}
    return {**named, **known, "count": one.count, "infinite": figure.infinite}


def verdicts_csv(verdicts: Mapping[str, Sequence[ClaimVerdict]]) -> str:
    """A line a verdict, the verdicts of each version of Keras by themselves; unknown is empty."""
    rows = []
    for version, given in verdicts.items():
        for fields in map(verdict_fields, given):
            said = {"version": version, **fields, "sure": str(fields["sure"]).lower()}
            rows.append(["" if said[name] is None else said[name] for name in HEADER])
    return table(HEADER, rows)
