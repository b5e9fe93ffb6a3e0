"""The records of lines, for those who take them along."""

from __future__ import annotations

from collections.abc import Sequence

from core.experiment.records import Run, to_csv
from dashboard.lines.plan import Plan


def lines_csv(plan: Plan, names: Sequence[str], runs: Sequence[Run]) -> str:
    """Every epoch of every line, under the line's name."""
    named = [
        (name, run) for line, name in zip(plan.lines, names, strict=True) for run in line.of(runs)
    ]
    return to_csv([run for _, run in named], [name for name, _ in named])
