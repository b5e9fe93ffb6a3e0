"""What programs add to a worker's own memory: `python -m tests.service.memory`, a line each.

The tutorial's four in one worker, as a page has them compiled; then every other kind in a worker of
its own, behind the tutorial's first. Each is trained twice, so that what only its first run needs
is told from what every run adds. MB are 2²⁰ bytes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from core.analysis.studies.tutorial import OPTIMIZERS
from core.experiment import Experiment
from core.service import Laboratory
from core.service.process import own_memory

MB = 2**20
LOOK_SECONDS = 0.2
EPOCHS = 5
CONV = {"data.kind": "digits", "model.kind": "conv"}
FIRST, *OTHERS = ({"optimizer.kind": kind} for kind in OPTIMIZERS)
WORKERS: tuple[list[Mapping[str, Any]], ...] = (
    [FIRST, *OTHERS],
    [FIRST, {"model.hidden": [64, 64], "model.dropout": 0.2}],
    [FIRST, CONV],
    [
        FIRST,
        {
            **CONV,
            **{"model.batch_norm": True, "model.dropout": 0.2, "model.l2": 0.001},
            **{"optimizer.kind": "muon", "optimizer.clipnorm": 1.0},
        },
    ],
)


def measure(kinds: list[Mapping[str, Any]]) -> None:
    with Laboratory(1) as laboratory:
        while not laboratory.status().ready:
            time.sleep(LOOK_SECONDS)
        [pid] = laboratory.status().pids
        before = own_memory(pid)
        print(f"{before / MB:5.0f} MB       loaded")
        for kind in kinds:
            for seed in (0, 1):
                one = Experiment().replace({**kind, "epochs": EPOCHS, "seed": seed})
                list(laboratory.follow(laboratory.submit([one])))
                now = own_memory(pid)
                print(f"{now / MB:5.0f} MB {(now - before) / MB:+5.0f} {dict(kind)}, seed {seed}")
                before = now


if __name__ == "__main__":
    for kinds in WORKERS:
        measure(kinds)
