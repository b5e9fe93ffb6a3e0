"""The tutorial's findings as checks over seeds, each with a computed verdict."""

from core.claims.judge import (
    Claim,
    Evidence,
    Figure,
    Measure,
    Verdict,
    experiments,
    judge,
)
from core.claims.measures import WORDS
from core.claims.tutorial import CLAIMS

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
