"""One checkout's engine in a contest: `python -P contender.py`, with a checkout as PYTHONPATH.

It reads experiments from standard input, JSON, one a line; trains each, and writes the seconds that
it took as a line of JSON: those of a clock on the wall, and those that the processor worked. Only
what every edition of this program has is used, because the checkout may be an old one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Any

from core.experiment import Experiment

ADVANCE_SECONDS = 0.05  # as in a worker


def train(experiment: Experiment, session_of: Callable[[Sequence[Experiment]], Any]) -> str:
    """From taking the run to its last record, as a worker does."""
    started, worked = perf_counter(), process_time()
    session = session_of([experiment])
    while not session.done:
        session.advance(ADVANCE_SECONDS)
    times = {"seconds": perf_counter() - started, "cpu_seconds": process_time() - worked}
    return json.dumps(times)


def main() -> None:
    from core.engine.compiled import Session

    print("ready", flush=True)
    for line in sys.stdin:
        print(train(Experiment.from_json(line), Session), flush=True)


if __name__ == "__main__":
    main()
