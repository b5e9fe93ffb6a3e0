"""Training by a session of the compiled engine, for tests that look at its rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.engine.compiled import Session
from core.experiment import Experiment
from core.experiment.records import Outcome, Table


def trained(
    experiments: Sequence[Experiment], seconds: float = 0.05, **options: object
) -> tuple[list[Table], list[Outcome | None]]:
    """Rows, that of epoch 0 first, and outcome of each run; `options` are the session's."""
    session = Session(experiments, **options)
    tables = rows_by_run(session, len(experiments), seconds)
    return tables, session.outcomes


def rows_by_run(session: Session, runs: int, seconds: float = 0.05) -> list[Table]:
    """What a session still has to tell of each of its runs."""
    tables = [[np.empty((0, len(session.columns)))] for _ in range(runs)]
    while not session.done:
        for chunk in session.advance(seconds):
            tables[chunk.run].append(chunk.records)
    return [np.concatenate(parts) for parts in tables]
