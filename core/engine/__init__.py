"""The two engines: `compiled` trains many runs at once, `keras` is plain `fit`.

Importing this loads no TensorFlow; `train` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from core.engine.grouping import LANES, program_key
from core.experiment import Experiment
from core.experiment.records import COLUMNS, EPOCH, Columns, Outcome, Run, Table, no_records

ADVANCE_SECONDS = 0.05  # between two looks at `should_stop`

OnRecords = Callable[[int, Table], None]
ShouldStop = Callable[[], bool]


def train(
    experiments: Sequence[Experiment],
    engine: str = "compiled",
    on_records: OnRecords | None = None,
    should_stop: ShouldStop | None = None,
    columns: Columns = COLUMNS,
) -> list[Run]:
    """Train all experiments; `on_records` gets a run's number and its next records as they come.

    The first record of each is that of epoch 0. Raises `ValueError` for an unknown engine.
    """
    engines = {"compiled": by_compiled, "keras": by_keras}
    if engine not in engines:
        raise ValueError(f"Engine: engine must be one of {', '.join(engines)}, got {engine!r}.")
    hear = on_records or (lambda run, records: None)
    return engines[engine](experiments, columns, hear, should_stop or (lambda: False))


def by_keras(
    experiments: Sequence[Experiment],
    columns: Columns,
    on_records: OnRecords,
    should_stop: ShouldStop,
) -> list[Run]:
    from core.engine.keras_fit import fit

    runs = []
    for number, experiment in enumerate(experiments):
        if should_stop():
            runs.append(Run(experiment, no_records(columns), Outcome("stopped", 0), columns))
            continue
        hear = lambda records, run=number: on_records(run, records)  # noqa: E731
        runs.append(fit(experiment, hear, should_stop, columns))
    return runs


def by_compiled(
    experiments: Sequence[Experiment],
    columns: Columns,
    on_records: OnRecords,
    should_stop: ShouldStop,
) -> list[Run]:
    runs: dict[int, Run] = {}
    for numbers in sessions(experiments):

        def hear(run: int, records: Table, numbers: Sequence[int] = numbers) -> None:
            on_records(numbers[run], records)

        trained = one_session([experiments[n] for n in numbers], columns, hear, should_stop)
        runs.update(zip(numbers, trained, strict=True))
    return [runs[number] for number in range(len(experiments))]


def sessions(experiments: Sequence[Experiment]) -> list[list[int]]:
    """The numbers of the experiments that are trained together: of one program, LANES at most."""
    sharing = defaultdict(list)
    for number, experiment in enumerate(experiments):
        sharing[program_key(experiment)].append(number)
    return [
        numbers[first : first + LANES]
        for numbers in sharing.values()
        for first in range(0, len(numbers), LANES)
    ]


def one_session(
    experiments: Sequence[Experiment],
    columns: Columns,
    on_records: OnRecords,
    should_stop: ShouldStop,
) -> list[Run]:
    from core.engine.compiled import Session

    session = Session(experiments, columns)
    records = [[no_records(columns)] for _ in experiments]
    while not session.done and not should_stop():
        for chunk in session.advance(ADVANCE_SECONDS):
            records[chunk.run].append(chunk.records)
            on_records(chunk.run, chunk.records)
    tables = [np.concatenate(parts) for parts in records]
    return [
        Run.from_rows(experiment, table, outcome or stopped_after(table), session.columns)
        for experiment, table, outcome in zip(experiments, tables, session.outcomes, strict=True)
    ]


def stopped_after(rows: Table) -> Outcome:
    return Outcome("stopped", int(rows[-1, EPOCH]) if len(rows) else 0)
