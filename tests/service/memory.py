"""What programs add to a worker's own memory: `python -m tests.service.memory`, a line each.

Each kind is trained twice by one worker, so that what only its first run needs is told from what
every run adds; one that has grown too much is replaced in between. MB are 2²⁰ bytes.
"""

from __future__ import annotations

import sys
import time

from core.experiment import Experiment
from core.service import Laboratory
from core.service.process import own_memory

MB = 2**20
LOOK_SECONDS = 0.2
EPOCHS = 5
DIGITS = {"data.kind": "digits", "model.kind": "conv"}
KINDS = {
    "dense 50, sgd": {},
    "dense 50, rmsprop": {"optimizer.kind": "rmsprop"},
    "dense 50, adagrad": {"optimizer.kind": "adagrad"},
    "dense 50, adam": {"optimizer.kind": "adam"},
    "dense 64-64, dropout": {"model.hidden": [64, 64], "model.dropout": 0.2},
    "conv": DIGITS,
    "conv, batch_norm, dropout, l2, muon, clipnorm": {
        **DIGITS,
        **{"model.batch_norm": True, "model.dropout": 0.2, "model.l2": 0.001},
        **{"optimizer.kind": "muon", "optimizer.clipnorm": 1.0},
    },
}


def main(kinds: list[str]) -> None:
    with Laboratory(1) as laboratory:
        worker = before = 0
        for name in ["", *(kinds or KINDS)]:
            for seed in (0, 1) if name else (0,):
                if name:
                    one = Experiment().replace({**KINDS[name], "epochs": EPOCHS, "seed": seed})
                    list(laboratory.follow(laboratory.submit([one])))
                now = own_memory(pid := ready(laboratory))
                new = "" if pid == worker else "another worker "
                print(f"{now / MB:5.0f} MB {(now - before) / MB:+5.0f}  {new}{name} {seed}")
                worker, before = pid, now


def ready(laboratory: Laboratory) -> int:
    """The process of the one worker, once it can train."""
    while not (status := laboratory.status()).ready:
        time.sleep(LOOK_SECONDS)
    return status.pids[0]


if __name__ == "__main__":
    main(sys.argv[1:])
