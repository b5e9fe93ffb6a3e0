"""A laboratory in a process of its own, to be killed: `python -m tests.service.crash_server`.

Its arguments are a store's file and, for workers that are made up, "made-up". It is told a JSON
line, the experiments of each job; it says JSON lines: how many epochs each run has, again and again
from the moment it is asked, what each job said of interruptions, and at last that all are done.
It ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from core.experiment import Experiment
from core.service import Bounds, Laboratory
from core.service.machine import COMMAND
from core.service.store import Store
from tests.service.waiting import FAKE, PATIENCE

MADE_UP = "made-up"
SLOTS = 2
SAY_SECONDS = 0.02
OFTEN = 0.2  # seconds between two snapshots of what is made up


def open_laboratory(store: Store, made_up: bool) -> Laboratory:
    if made_up:
        return Laboratory(SLOTS, store, FAKE, Bounds(snapshot_seconds=OFTEN))
    return Laboratory(SLOTS, store, COMMAND)


def say(**fields: Any) -> None:
    print(json.dumps(fields), flush=True)


def told(laboratory: Laboratory, job: str) -> dict[str, Any]:
    """How far a job is, how its runs ended, and the furthest epoch that it said it goes on from."""
    runs = laboratory.progress(job).runs
    events = laboratory.events(job)
    epochs: dict[int, int] = {}
    for event in events:
        if event.say == "records" and event.run is not None:
            epochs[event.run] = epochs.get(event.run, 0) + event.header["count"]
    states = [event.header for event in events if event.say == "state"]
    ends = [
        (event.header["kind"], event.header["why"]) for event in events if event.say == "outcome"
    ]
    return {
        "epochs": [epochs.get(run, 0) for run in range(runs)],
        "ends": ends,
        "from": max(state.get("from", 0) for state in states),
        "state": states[-1]["state"],
    }


def report(laboratory: Laboratory, jobs: list[str]) -> None:
    """Say how far all are, until they are done."""
    while True:
        now = [told(laboratory, job) for job in jobs]
        done = all(one["state"] == "done" for one in now)
        say(at=time.time(), jobs=now, done=done)
        if done:
            return
        threading.Event().wait(SAY_SECONDS)


def serve(path: str, made_up: bool) -> None:
    with (
        Store(path, deadline=PATIENCE) as store,
        open_laboratory(store, made_up) as laboratory,
    ):
        wanted = json.loads(sys.stdin.readline())
        jobs = [
            laboratory.submit([Experiment.from_dict(one) for one in job], f"visitor {number}")
            for number, job in enumerate(wanted)
        ]
        report(laboratory, jobs)
        sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1], MADE_UP in sys.argv[2:])
