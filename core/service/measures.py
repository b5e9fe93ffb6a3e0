"""What a laboratory has done since it was opened, counted for whoever runs it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Measures:
    """Not locked by itself: its laboratory's lock guards it."""

    refused: Counter[str] = field(default_factory=Counter)  # jobs, by the code of `FULL`
    runs: Counter[str] = field(default_factory=Counter)  # that a worker has ended, by outcome
    epochs: int = 0  # of these
    begun: int = 0  # jobs of which a worker has begun something
    waited: float = 0.0  # seconds that these waited for it, in all
    paused: int = 0  # jobs
    lost: int = 0  # workers

    def copy(self) -> Measures:
        counts = Counter(self.refused), Counter(self.runs)
        return Measures(*counts, self.epochs, self.begun, self.waited, self.paused, self.lost)
