"""A laboratory that trains nothing: a test says what happens in it, and when."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from core.experiment.data import Data, Split
from core.experiment.records import COLUMNS, Table, row_bytes
from core.service.events import Event, Progress, StateName, Status, UnknownJob
from core.service.store_state import StoreState

EPOCHS_MAX = 2_000


@cache
def whole(run: int) -> Table:
    """All epochs of a run at once: a sine in the last place depends on where it is computed."""
    epoch = np.arange(1, EPOCHS_MAX + 1, dtype=float)
    learned = 1 - np.exp(-epoch / (15 + 8 * run))
    wobble = 0.015 * np.sin(epoch * (1.3 + run)) + 0.01 * np.sin(epoch * 0.37)
    columns = {
        "epoch": epoch,
        "updates": 16 * epoch,
        "learning_rate": 0.01 / (1 + 0.02 * epoch),
        "loss": 1.1 - 0.75 * learned + abs(wobble),
        "accuracy": 0.35 + 0.5 * learned + wobble,
        "val_loss": 1.15 - 0.7 * learned + 1.5 * abs(wobble),
        "val_accuracy": 0.34 + 0.48 * learned + 1.5 * wobble,
    }
    return np.column_stack([columns[name] for name in COLUMNS])


def made_up(run: int, first: int, count: int) -> Table:
    """Records that look like learning; any epoch's are the same however they are asked for.

    >>> bool((made_up(3, 1, 9)[4:] == made_up(3, 5, 5)).all())
    True
    """
    return whole(run)[first - 1 : first - 1 + count]


@dataclass
class FakeJob:
    """The log of one job, and how far it is said to be."""

    epochs: int = 200
    runs: int = 1
    events: list[Event] = field(default_factory=list)
    watchers: list[Callable[[], object]] = field(default_factory=list)
    reached: dict[int, int] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)


class FakeLaboratory:
    """Has the socket's part of `core.service.Laboratory`, and verbs that make things happen."""

    def __init__(self) -> None:
        self.jobs: dict[str, FakeJob] = {}
        self.cannot_make: set[Data] = set()
        self.unjudged: dict[str, int] = {}  # so many summaries of a job have no verdict yet

    def begin(
        self, job: str, runs: int = 1, epochs: int = 200, state: StateName = "queued"
    ) -> None:
        self.jobs[job] = FakeJob(epochs, runs)
        self.state(job, state)

    def state(self, job: str, state: StateName, **more: Any) -> None:
        self._say(job, Event(self._next(job), "state", None, {"state": state, **more}))

    def records(self, job: str, run: int, count: int, table: Table | None = None) -> None:
        """The next epochs of a run."""
        of = self.jobs[job]
        if run not in of.reached:  # what a browser never sees
            self._say(job, Event(self._next(job), "start", run, {}, bytes(row_bytes(COLUMNS))))
        first = of.reached.get(run, 0) + 1
        rows = made_up(run, first, count) if table is None else table
        of.reached[run] = first + count - 1
        header = {"first": first, "count": count}
        self._say(job, Event(self._next(job), "records", run, header, rows.tobytes()))

    def outcome(self, job: str, run: int, kind: str, epoch: int, why: str = "") -> None:
        self.jobs[job].ended.add(run)
        header = {"kind": kind, "epoch": epoch, "why": why}
        self._say(job, Event(self._next(job), "outcome", run, header))

    def finish(self, job: str) -> None:
        """End every run that is open, and the job."""
        of = self.jobs[job]
        for run in set(range(of.runs)) - of.ended:
            self.outcome(job, run, "finished", of.reached.get(run, 0))
        self.state(job, "done")

    def train(self, job: str, runs: int = 1, epochs: int = 200) -> None:
        """A whole job in one go, or the rest of one that has begun."""
        if job not in self.jobs:
            self.begin(job, runs, epochs, "training")
        for run in range(runs):
            self.records(job, run, epochs)
        self.finish(job)

    # What the socket asks

    def events(self, job: str, since: int = 0) -> list[Event]:
        return self._find(job).events[since:]

    def subscribe(self, job: str, callback: Callable[[], object]) -> Callable[[], None]:
        watchers = self._find(job).watchers
        watchers.append(callback)
        return lambda: watchers.remove(callback)

    def status(self) -> Status:
        return Status(
            True, "made up", 1, queued=0, open=0, paused=0, pids=(), trouble="", store=StoreState()
        )

    def progress(self, job: str) -> Progress:
        of = self._find(job)
        header = next((e.header for e in reversed(of.events) if e.say == "state"), {})
        total = of.runs * of.epochs
        done = sum(of.epochs if r in of.ended else of.reached.get(r, 0) for r in range(of.runs))
        ahead = header.get("ahead", 0)
        return Progress(header["state"], done, total, ahead, len(of.ended), of.runs)

    # What the picture of the points asks

    def rows(self, data: Data) -> Future[Split]:
        answer: Future[Split] = Future()
        if data in self.cannot_make:
            answer.set_exception(RuntimeError("no worker could make them"))
        else:
            answer.set_result(data.load())
        return answer

    def draw(self, rows: Split, language: str) -> Mapping[str, Any]:
        return {"rows": len(rows.x_train), "language": language}

    def _find(self, job: str) -> FakeJob:
        if job not in self.jobs:
            raise UnknownJob(job)
        return self.jobs[job]

    def _next(self, job: str) -> int:
        return len(self.jobs[job].events)

    def _say(self, job: str, event: Event) -> None:
        of = self.jobs[job]
        of.events.append(event)
        for watcher in list(of.watchers):
            watcher()

    def summarise(self, job: str, language: str, against: str | None = None) -> Mapping[str, Any]:
        """A sentence and figures that follow the records, in two languages."""
        of = self.jobs[job]
        epoch = max(of.reached.values(), default=0)
        if against is not None:
            other = max(self.jobs[against].reached.values(), default=0)
            said = "混沌" if language == "zh" else "chaos"
            return {"sentence": f"{epoch} of {other} epochs, {said}.", "evidence": []}
        if self.unjudged.get(job):
            self.unjudged[job] -= 1
            return {"sentence": "So far.", "figures": [], "references": [], "waits": True}
        best = made_up(0, 1, epoch)[:, -1].max() if epoch else math.nan
        chinese = language == "zh"
        return {
            "sentence": f"已到第 {epoch} 轮。"
            if chinese
            else f"Learns well: epoch {epoch} reached.",
            "figures": [
                {"label": "最终" if chinese else "final", "value": f"{100 * best - 0.6:.1f} %"},
                {"label": "最好" if chinese else "best", "value": f"{100 * best:.1f} % (112)"},
                {"label": "80 %", "value": "epoch 40", "title": "first epoch with 80 %"},
                {"label": "loss", "value": "0.391, 0.402"},
            ],
            "references": [
                {"name": "possible", "value": 0.84, "text": "possible: 84.0 %"},
                {"name": "guessing", "value": 0.34, "text": "guessing: 34.0 %"},
            ],
            "cause": "good",
            "evidence": [
                {
                    "column": "val_accuracy",
                    "from": 3 * epoch // 4 + 1,
                    "to": epoch,
                    "value": best,
                    "kind": "level",
                    "text": "Test accuracy in the last quarter",
                }
            ]
            if epoch
            else [],
            "next": {
                "path": "optimizer.learning_rate",
                "value": 0.1,
                "text": "Try learning rate 0.1",
            },
        }
