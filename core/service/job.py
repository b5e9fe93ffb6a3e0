"""A job: what was handed in together, and the log of all that happened to it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from threading import Condition, Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from core.experiment import Experiment
from core.experiment.records import (
    COLUMNS,
    Columns,
    Outcome,
    Run,
    pack_rows,
    row_bytes,
    unpack_rows,
)
from core.service.events import Event, Progress, Say, StateName
from core.service.messages import EngineName
from core.service.watchers import Watcher

if TYPE_CHECKING:
    from core.service.training import Task, Training

EXPERIMENT_BYTES = 2500  # of an experiment, its parts and its key; measured as below
EVENT_BYTES = 450  # of an event with its header, without its payload; measured with sys.getsizeof
STILL_OPEN = "It has not ended yet."


class Piece(NamedTuple):
    """What there is of a run, taken quickly while its job is locked, to be put together after."""

    experiment: Experiment
    rows: tuple[bytes, ...]  # from epoch 0 on
    outcome: Outcome
    columns: Columns

    def run(self) -> Run:
        rows = unpack_rows(b"".join(self.rows), self.columns)
        return Run.from_rows(self.experiment, rows, self.outcome, self.columns)


class Job:
    """The runs of one visitor's request. Not locked by itself: its laboratory's lock guards it.

    Experiments that are equal are trained once, and its twins hear the same: those of this job by
    itself, those of other jobs by the `Training` that they all wait for.
    """

    def __init__(
        self,
        token: str,
        visitor: str,
        experiments: Sequence[Experiment],
        lock: Lock,
        news: set[Job],
        engine: EngineName = "compiled",
        columns: Columns = COLUMNS,
        lease: float = math.inf,
    ) -> None:
        self.engine, self.lease = engine, lease
        self.columns, self.row_bytes = columns, row_bytes(columns)
        self.token, self.visitor, self.experiments = token, visitor, tuple(experiments)
        self.changed = Condition(lock)
        self.twins: dict[str, list[int]] = {}
        for run, experiment in enumerate(self.experiments):
            self.twins.setdefault(experiment.key, []).append(run)
        self.events: list[Event] = []
        self.outcomes: list[Outcome | None] = [None] * len(self.experiments)
        self.epochs = [0] * len(self.experiments)  # recorded, of each run
        self.total = sum(experiment.length for experiment in self.experiments)  # epochs of all
        self.recorded = 0  # epochs of all
        self.saved = 0  # epochs that runs ended before
        self.ended_runs = 0
        self.trainings: list[Training] = []  # of what nobody knew when it was handed in
        self.waiting: deque[Task] = deque()  # of these, for a worker
        self.seconds = 0.0  # of work, by estimate
        self.handed_at = self.watched_at = 0.0  # the second while nobody watches
        self.goes_on_from: int | None = None  # an epoch, 0 for anew; None where never interrupted
        self.left: list[Training] = []  # what it had of its trainings when it was paused
        self._left_bytes = 0  # of their snapshots then; others may train them on
        self.given = False  # a task of it to a worker
        self.started = False  # a task of it has been
        self.retrying = ""  # why, until a task starts again
        self.deadly = 0  # runs that were given up because workers died of them
        self.turn = 0  # of all turns taken, the last that was its own
        self.bytes = EXPERIMENT_BYTES * len(self.experiments)
        self.done_at = 0.0
        self.forgotten = False
        self.watchers: list[Watcher] = []
        self.state: dict[str, Any] = {}
        self._news = news  # the jobs whose watchers are to be told
        self._starts = [b""] * len(self.experiments)  # the rows of epoch 0
        self._rows: list[list[bytes]] = [[] for _ in self.experiments]

    @property
    def done(self) -> bool:
        return self.state.get("state") == "done"

    @property
    def paused(self) -> bool:
        return self.state.get("state") == "paused"

    @property
    def ended(self) -> bool:
        return self.ended_runs == len(self.experiments)

    @property
    def left_epochs(self) -> int:
        """That are still to be trained."""
        return self.total - self.recorded - self.saved

    def say_state(self, state: StateName, **more: Any) -> None:
        """Tell the state unless it was told already."""
        header = {"state": state, **more, **self._interruption(state)}
        if header != self.state:
            self.state = header
            self._say("state", None, header)

    def add_records(self, run: int, first: int, payload: bytes) -> None:
        """Take the next epochs of a run and its twins; what they have already is left out.

        A job that was paused has some of them, and they are the same.
        """
        if self.outcomes[run]:
            return
        known = max(self.epochs[run] - first + 1, 0)
        first, payload = first + known, payload[known * self.row_bytes :]
        count = len(payload) // self.row_bytes
        if not count:
            return
        for twin in self.twins[self.experiments[run].key]:
            self.epochs[twin] += count
            self.recorded += count
            self._rows[twin].append(payload)
            self._say("records", twin, {"first": first, "count": count}, payload)

    def add_start(self, run: int, row: bytes) -> None:
        """Take the row of epoch 0 of a run and its twins, unless they have it."""
        if self.outcomes[run] or self._starts[run]:
            return
        for twin in self.twins[self.experiments[run].key]:
            self._starts[twin] = row
            self._say("start", twin, {}, row)

    def end(self, run: int, outcome: Outcome) -> bool:
        """Close a run and its twins; False when they were closed before."""
        if self.outcomes[run]:
            return False
        for twin in self.twins[self.experiments[run].key]:
            if not outcome.is_final:  # of what began anew it has more, perhaps, than its last try
                outcome = replace(outcome, epoch=self.epochs[twin])
            self.outcomes[twin] = outcome
            self.saved += self.experiments[twin].length - self.epochs[twin]
            self.ended_runs += 1
            self._say("outcome", twin, outcome.to_dict())
        return True

    def end_all(self, kind: Any, why: str = "") -> None:
        """Close every run that is open, as it stands."""
        self.waiting.clear()
        for run, outcome in enumerate(self.outcomes):
            if outcome is None:
                self.end(run, Outcome(kind, self.epochs[run], why))

    def answer(self, known: Run) -> None:
        """Take a run of the same columns from the store."""
        run = self.twins[known.experiment.key][0]
        if known.start is not None:
            self.add_start(run, pack_rows(known.start))
        if len(known.records):
            self.add_records(run, 1, pack_rows(known.records))
        self.end(run, known.outcome)

    def note_interruption(self, epoch: int) -> None:
        """A run of it that had been under way goes on from an epoch, 0 for anew.

        Of several runs the one that goes on from the furthest is told.
        """
        self.goes_on_from = max(self.goes_on_from or 0, epoch)

    def _interruption(self, state: StateName) -> dict[str, Any]:
        if self.goes_on_from:
            return {"from": self.goes_on_from}
        anew = self.goes_on_from is not None and state != "retrying"  # which says so by itself
        return {"again": True} if anew else {}

    def leave_trainings(self) -> None:
        """Keep what there is of its runs for when it goes on."""
        self.left = [one for one in self.trainings if one.epochs and not one.outcome]
        self._left_bytes = sum(one.saved_bytes for one in self.left)
        self.bytes += self._left_bytes

    def return_trainings(self) -> None:
        """It goes on, or never will."""
        self.bytes -= self._left_bytes
        self.left, self._left_bytes = [], 0

    def piece(self, run: int) -> Piece:
        """One run so far; one that is open counts as interrupted."""
        outcome = self.outcomes[run] or Outcome("interrupted", self.epochs[run], STILL_OPEN)
        rows = (self._starts[run], *self._rows[run])
        return Piece(self.experiments[run], rows, outcome, self.columns)

    def progress(self) -> Progress:
        """How far it is, without a look at every run: pages ask often, and under the lock."""
        done = self.recorded + self.saved
        state, ahead = self.state.get("state", "queued"), self.state.get("ahead", 0)
        return Progress(state, done, self.total, ahead, self.ended_runs, len(self.experiments))

    def _say(self, say: Say, run: int | None, header: dict[str, Any], payload: bytes = b"") -> None:
        self.events.append(Event(len(self.events), say, run, header, payload, self.columns))
        self.bytes += EVENT_BYTES + len(payload)
        self._news.add(self)
