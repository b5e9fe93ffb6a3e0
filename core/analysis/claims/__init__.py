"""The tutorial's findings as checks over seeds, each with a computed verdict."""

from core.analysis.claims.judge import (
    Claim,
    Evidence,
    Figure,
    Measure,
    Verdict,
    experiments,
    judge,
)
from core.analysis.claims.measures import WORDS
from core.analysis.claims.tutorial import CLAIMS

__all__ = [
    "CLAIMS",
    "WORDS",
    "Claim",
    "Evidence",
    "Figure",
    "Measure",
    "Verdict",
    "experiments",
    "judge",
]
