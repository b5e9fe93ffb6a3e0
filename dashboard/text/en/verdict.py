"""Words of what is said of a run: those of the core."""

from core.analysis.sentences import WORDS

__all__ = ["WORDS"]
