"""The store: finished runs, kept, so that the same experiment is never trained twice.

A store that cannot be read or written troubles nobody: it says so, knows nothing for a while, and
then tries again.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from core.experiment import Experiment
from core.experiment.limits import STORE_BYTES_MAX
from core.experiment.records import (
    COLUMNS,
    Columns,
    Outcome,
    OutcomeKind,
    Run,
    check_columns,
    pack_rows,
    unpack_rows,
)
from core.experiment.refusals import FieldError
from core.service.job import STILL_OPEN
from core.service.unfinished import UnfinishedRuns
from core.service.version import FIRST_VERSION, Version, version_of

if TYPE_CHECKING:
    from core.service.database import Database, StoredRow

log = logging.getLogger(__name__)

STORE_VARIABLE = "LEARNING_RATE_LAB_STORE"  # a file, a database's URL, or "none"
FLUSH_SECONDS = 0.25
BATCH_ROWS = 100
TROUBLED_SECONDS = 30.0  # before a store that failed is tried again
CLOSE_SECONDS = 2.0
PRUNE_EVERY_ROWS = 1000
ROW_BYTES = 300  # of a row beside its records and description, indexes included

DATABASE = "core.service.database"  # loads SQLAlchemy, 0.15 s

INTERRUPTED: OutcomeKind = "interrupted"
RunName = tuple[str, Version]
T = TypeVar("T")


class StoredRun(NamedTuple):
    """What is kept, without its records."""

    key: str  # of the experiment
    engine: str
    version: str  # a fingerprint, or `FIRST_VERSION`
    outcome: str
    stored: float  # seconds since 1970
    description: str  # the experiment's canonical JSON
    columns: Columns

    @property
    def experiment(self) -> Experiment | None:
        """None where it is none today."""
        try:
            return Experiment.from_json(self.description)
        except FieldError:
            return None


class Store:
    """Runs by their experiment's key and the engine's version, in a file or at a database's URL.

    What another version of an engine left is kept and can be read, but answers for no other.

    Written by one thread in batches; what is still to be written is found as well.

        with Store("runs.sqlite") as store:
            store.put([run])
            store.get(run.experiment)
    """

    def __init__(
        self,
        where: str,
        bytes_max: int = STORE_BYTES_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trouble = ""  # a sentence; empty when all is well
        self._where, self._bytes_max, self._clock = where, bytes_max, clock
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._opening = threading.Lock()
        self._database: Database | None = None
        self._try_at = 0.0
        self._pending: dict[RunName, StoredRow] = {}
        self._written = PRUNE_EVERY_ROWS  # rows since the last pruning: the first write prunes
        self._hurry = self._closing = False
        self.unfinished = UnfinishedRuns(self._attempt, self._attempt, self._is_pending)
        self._writer = threading.Thread(target=self._write, name="store", daemon=True)
        self._writer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def get(self, experiment: Experiment, version: Version | None = None) -> Run | None:
        return self.find([experiment], version).get(experiment.key)

    def find(
        self,
        experiments: Iterable[Experiment],
        version: Version | None = None,
        columns: Columns = COLUMNS,
    ) -> dict[str, Run]:
        """The runs that are known of some experiments with these columns, by the experiment's key.

        The version is by default that of the compiled engine as it is now.
        """
        version = version or version_of()
        if version.fingerprint == FIRST_VERSION:
            self._take_over()
        wanted = {experiment.key: experiment for experiment in experiments}
        with self._lock:
            names = ((key, version) for key in wanted)
            rows = [self._pending[name] for name in names if name in self._pending]
        known = {row["experiment"] for row in rows}
        keys = [key for key in wanted if key not in known]
        rows += self._attempt(lambda database: database.read(keys, version)) or []
        runs = [run_of(row, wanted[row["experiment"]], columns) for row in rows]
        return {run.experiment.key: run for run in runs if run}

    def list_runs(self) -> list[StoredRun]:
        """All that is kept, of every engine and version, the oldest first.

        What has not ended, be it under way or not, is listed as interrupted.
        """
        self._take_over()
        self.flush()
        rows = self._attempt(lambda database: database.list()) or []
        rows += [{**row, "outcome": INTERRUPTED} for row in self.unfinished.list_runs()]
        return [
            StoredRun(row.pop("experiment"), columns=tuple(row.pop("columns").split(",")), **row)
            for row in sorted(rows, key=lambda row: float(row["stored"]))
        ]

    def read(self, stored: StoredRun) -> Run | None:
        """One of those that `list_runs` has; None where it has gone or cannot be understood."""
        version, experiment = Version(stored.engine, stored.version), stored.experiment
        if experiment is None:
            return None
        if stored.outcome == INTERRUPTED:
            return self._read_unfinished(experiment, version, stored.columns)
        rows = self._attempt(lambda database: database.read([stored.key], version)) or []
        return run_of(rows[0], experiment) if rows else None

    def _read_unfinished(
        self, experiment: Experiment, version: Version, columns: Columns
    ) -> Run | None:
        found = self.unfinished.find([experiment], version, columns).get(experiment.key)
        if found is None:
            return None
        [start] = unpack_rows(found.start, columns)
        records = unpack_rows(found.rows, columns)
        outcome = Outcome(INTERRUPTED, len(records), STILL_OPEN)
        return Run(experiment, records, outcome, columns, start)

    def put(self, runs: Sequence[Run], version: Version | None = None) -> None:
        """Keep runs. Returns at once; they are written within a quarter of a second.

        Of two runs of an experiment the larger stays, as in the database.
        """
        version = version or version_of()
        with self._lock:
            for run in runs:
                row = row_of(run, version)
                known = self._pending.setdefault((run.experiment.key, version), row)
                if known["size"] < row["size"]:
                    self._pending[run.experiment.key, version] = row
            self._changed.notify_all()

    def flush(self) -> None:
        """Wait until all is written, though not for a database that does not answer."""
        with self._lock:
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._pending, CLOSE_SECONDS)
            self._hurry = False
        self.unfinished.flush()

    def close(self) -> None:
        self.flush()
        self.unfinished.close()
        with self._lock:
            self._closing = True
            self._changed.notify_all()
        self._writer.join(CLOSE_SECONDS)
        if self._database:
            self._database.close()

    def _is_pending(self, key: str, version: Version) -> bool:
        """Whether a run is still to be written."""
        with self._lock:
            return (key, version) in self._pending

    def _write(self) -> None:
        importlib.import_module(DATABASE)  # ahead of the first use, while the caller goes on
        while batch := self._next_batch():
            rows = list(batch.values())
            self._attempt(partial(write, rows))
            with self._lock:
                for name, row in batch.items():
                    if self._pending[name] is row:  # else a wider one came meanwhile
                        del self._pending[name]
                self._changed.notify_all()
            self._prune(len(rows))

    def _take_over(self) -> None:
        """Move what an older edition wrote; goes on where it was interrupted."""
        while self._attempt(lambda database: database.take_over()):
            pass

    def _next_batch(self) -> dict[RunName, StoredRow]:
        """Rows to write, as soon as they are many or the first has waited; none at the end."""
        with self._lock:
            self._changed.wait_for(lambda: self._pending or self._closing)
            self._changed.wait_for(
                lambda: len(self._pending) >= BATCH_ROWS or self._hurry or self._closing,
                FLUSH_SECONDS,
            )
            return dict(list(self._pending.items())[:BATCH_ROWS])

    def _prune(self, written: int) -> None:
        self._written += written
        if self._written >= PRUNE_EVERY_ROWS:
            self._written = 0
            self._attempt(lambda database: database.prune(self._bytes_max))

    def _attempt(self, use: Callable[[Database], T]) -> T | None:
        """What `use` gives; None while the store is in trouble."""
        if self.trouble and self._clock() < self._try_at:
            return None
        from core.service.database import TROUBLES

        try:
            answer = use(self._open())
        except TROUBLES as error:
            self._try_at = self._clock() + TROUBLED_SECONDS
            self.trouble = f"Store: runs are not kept for now: {first_line(error)}"
            log.warning(self.trouble)
            return None
        self.trouble = ""
        return answer

    def _open(self) -> Database:
        from core.service.database import Database

        with self._opening:
            if self._database is None:
                self._database = Database(self._where)
                if self._database.is_older:
                    threading.Thread(target=self._take_over, name="older rows", daemon=True).start()
            return self._database


def write(rows: list[StoredRow], database: Database) -> None:
    database.write(rows)


def row_of(run: Run, version: Version) -> StoredRow:
    records = pack_rows(run.records)
    start = None if run.start is None else pack_rows(run.start)
    columns = ",".join(run.columns)
    description = run.experiment.to_json()
    return {
        "experiment": run.experiment.key,
        "engine": version.engine,
        "version": version.fingerprint,
        "description": description,
        "outcome": run.outcome.kind,
        "epoch": run.outcome.epoch,
        "why": run.outcome.why,
        "columns": columns,
        "start": start,
        "records": records,
        "stored": time.time(),
        "size": ROW_BYTES + sum(map(len, (description, columns, start or b"", records))),
    }


def run_of(row: StoredRow, experiment: Experiment, columns: Columns | None = None) -> Run | None:
    """With some of its columns, by default all; None where it has not, or no store wrote it."""
    kept = tuple(row["columns"].split(","))
    try:
        check_columns(kept)
        records = unpack_rows(row["records"], kept)
        [start] = [None] if row["start"] is None else unpack_rows(row["start"], kept)
    except ValueError:
        return None
    columns = columns or kept
    if len(records) > experiment.length or not set(columns) <= set(kept):
        return None
    places = [kept.index(name) for name in columns]
    outcome = Outcome(row["outcome"], row["epoch"], row["why"])
    begun = None if start is None else start[places]
    return Run(experiment, records[:, places], outcome, columns, begun)


def first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def where_to_keep(environment: Mapping[str, str] = os.environ) -> str | None:
    """Where runs are kept: as the environment says, else in the user's own cache; None for not.

    >>> where_to_keep({"LEARNING_RATE_LAB_STORE": "none"})
    >>> where_to_keep({"LEARNING_RATE_LAB_STORE": "/data/runs.sqlite"})
    '/data/runs.sqlite'
    """
    said = environment.get(STORE_VARIABLE, "").strip()
    if said:
        return None if said.lower() == "none" else said
    home = Path(os.path.expanduser("~"))
    caches = {"darwin": home / "Library/Caches", "win32": home / "AppData/Local"}
    cache = Path(environment.get("XDG_CACHE_HOME") or caches.get(sys.platform, home / ".cache"))
    return str(cache / "learning-rate-lab" / "runs.sqlite") if cache.is_absolute() else None


def open_store(environment: Mapping[str, str] = os.environ) -> Store | None:
    """The store of this user; None where nothing is to be kept."""
    where = where_to_keep(environment)
    return Store(where) if where else None
