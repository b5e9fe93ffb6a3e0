"""The tutorial's findings as checks over seeds, each with a computed verdict."""

from core.analysis.claims.judge import (
    Check,
    Claim,
    ClaimFigure,
    ClaimRuns,
    ClaimVerdict,
    Measure,
    experiments,
    judge,
)
from core.analysis.claims.measures import WORDS
from core.analysis.claims.tutorial import CLAIMS

__all__ = [
    "CLAIMS",
    "WORDS",
    "Check",
    "Claim",
    "ClaimFigure",
    "ClaimRuns",
    "ClaimVerdict",
    "Measure",
    "experiments",
    "judge",
]
