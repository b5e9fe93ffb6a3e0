"""A job: what was handed in together, and the log of all that happened to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from threading import Condition, Lock
from typing import Any

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
from core.service.encoding import MessageError
from core.service.events import Event, Progress, Say, StateName
from core.service.messages import EngineName, Records
from core.service.watchers import Watcher

EXPERIMENT_BYTES = 2500  # of an experiment, its parts and its key; measured as below
EVENT_BYTES = 450  # of an event with its header, without its payload; measured with sys.getsizeof
STILL_OPEN = "It has not ended yet."


@dataclass(eq=False)
class Task:
    """Some runs of a job that one worker trains together."""

    name: str
    job: Job
    runs: tuple[int, ...]  # of the job, in the order of the task's own
    program: Hashable
    attempts: int = 0  # begun by a worker
    open: set[int] = field(default_factory=set)  # runs of the task that its worker has not ended

    @property
    def experiments(self) -> list[Experiment]:
        return [self.job.experiments[run] for run in self.runs]

    def check_run(self, run: int) -> None:
        """Raise `MessageError` for the number of a run that it has not."""
        if not 0 <= run < len(self.runs):
            raise MessageError(f"Worker: run must be one of {len(self.runs)}, got {run}.")

    def check_records(self, said: Records) -> None:
        """Raise `MessageError` for epochs that do not follow on what came, or that no run has."""
        for run, first, epochs in said.runs:
            self.check_run(run)
            number = self.runs[run]
            following, last = self.job.epochs[number] + 1, self.job.experiments[number].length
            if not (0 <= first <= following and 1 <= epochs <= last - first + 1):
                expected = f"from 0 or {following} on, to {last} at most"
                got = f"{epochs} from {first}"
                raise MessageError(f"Records: epochs must be {expected}, got {got}.")
        size, got_size = self.job.row_bytes * sum(n for *_, n in said.runs), len(said.payload)
        if got_size != size:
            raise MessageError(f"Records: payload must be of {size} bytes, got {got_size}.")


class Job:
    """The runs of one visitor's request. Not locked by itself: its laboratory's lock guards it.

    Experiments that are equal are trained once, as the first of them; the others are its twins and
    hear the same.
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
    ) -> None:
        self.engine = engine
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
        self.saved = 0  # epochs that runs ended before
        self.ended_runs = 0
        self.waiting: deque[Task] = deque()
        self.given = False  # a task of it to a worker
        self.started = False  # a task of it has been
        self.retrying = ""  # why, until a task starts again
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
    def ended(self) -> bool:
        return self.ended_runs == len(self.experiments)

    def say_state(self, state: StateName, **more: Any) -> None:
        """Tell the state unless it was told already."""
        header = {"state": state, **more}
        if header != self.state:
            self.state = header
            self._say("state", None, header)

    def add_records(self, run: int, first: int, payload: bytes) -> None:
        """Take the next epochs of a run and its twins; what they have already is left out.

        A run that is tried again sends its first epochs again, and they are the same.
        """
        if self.outcomes[run]:
            return
        if first == 0:
            self._add_start(run, payload[: self.row_bytes])
            first, payload = 1, payload[self.row_bytes :]
        known = max(self.epochs[run] - first + 1, 0)
        payload = payload[known * self.row_bytes :]
        count = len(payload) // self.row_bytes
        if not count:
            return
        for twin in self.twins[self.experiments[run].key]:
            self.epochs[twin] += count
            self._rows[twin].append(payload)
            header = {"first": first + known, "count": count}
            self._say("records", twin, header, payload)

    def _add_start(self, run: int, row: bytes) -> None:
        if self._starts[run]:
            return
        for twin in self.twins[self.experiments[run].key]:
            self._starts[twin] = row
            self._say("start", twin, {}, row)

    def end(self, run: int, outcome: Outcome) -> bool:
        """Close a run and its twins; False when they were closed before."""
        if self.outcomes[run]:
            return False
        for twin in self.twins[self.experiments[run].key]:
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
            self._add_start(run, pack_rows(known.start))
        self.add_records(run, 1, pack_rows(known.records))
        self.end(run, known.outcome)

    def run(self, run: int) -> Run:
        """One run so far; one that is open counts as interrupted."""
        outcome = self.outcomes[run] or Outcome("interrupted", self.epochs[run], STILL_OPEN)
        rows = unpack_rows(self._starts[run] + b"".join(self._rows[run]), self.columns)
        return Run.from_rows(self.experiments[run], rows, outcome, self.columns)

    def progress(self) -> Progress:
        """How far it is, without a look at every run: pages ask often, and under the lock."""
        done = sum(self.epochs) + self.saved
        state, ahead = self.state.get("state", "queued"), self.state.get("ahead", 0)
        return Progress(state, done, self.total, ahead, self.ended_runs, len(self.experiments))

    def _say(self, say: Say, run: int | None, header: dict[str, Any], payload: bytes = b"") -> None:
        self.events.append(Event(len(self.events), say, run, header, payload, self.columns))
        self.bytes += EVENT_BYTES + len(payload)
        self._news.add(self)
