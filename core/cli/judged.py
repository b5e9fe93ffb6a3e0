"""What `run --json` says of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.analysis.verdict import judge
from core.experiment.records import Run
from core.export import run_json


@dataclass(frozen=True)
class Known:
    """What is known of the data: so far, the share of the commonest class in the test rows."""

    guessing: float
    attainable: float | None = None
    reference: float | None = None


@dataclass(frozen=True)
class Said:
    cause: str
    sentence: str = ""
    evidence: tuple[Any, ...] = ()
    next: Mapping[str, Any] | None = None


def told(run: Run) -> str:
    """A run as a line of JSON, with its verdict."""
    rows = run.experiment.data.load().y_test
    verdict = judge(run)
    known = Known(float(np.bincount(rows).max() / len(rows)))
    return run_json(run, known, Said(verdict.judgement) if verdict else None)
