"""The store: finished runs, kept, so that the same experiment is never trained twice.

A store that cannot be read or written, or does not answer, troubles nobody: it says so, knows
nothing for a while, and tries again.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from core.experiment import Experiment
from core.experiment.limits import STORE_BYTES_MAX, STORE_WAITING_BYTES_MAX
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
from core.service.store_reader import StoreReader
from core.service.store_state import Kind, StoreState, Trouble
from core.service.store_writer import StoreWriter
from core.service.unfinished import UnfinishedRuns
from core.service.version import Version, version_of

if TYPE_CHECKING:
    from core.service.database import Database, StoredRow

STORE_VARIABLE = "LEARNING_RATE_LAB_STORE"  # a file, a database's URL, or "none"
READ_SECONDS = 0.5  # that a page waits for a store that does not answer
LIST_SECONDS = 30.0  # that a command line does
RETRY_SECONDS = 3.0  # before a store that did not answer, or take what it was given, is tried again
KEYS_AT_ONCE = 100  # of a read that is to be answered in time: at most some 2 MB
ROW_BYTES = 300  # of a row beside its records and description, indexes included

INTERRUPTED: OutcomeKind = "interrupted"
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


def open_database(where: str) -> Database:
    from core.service.database import Database

    return Database(where)


class Store:
    """Runs by their experiment's key and the engine's version, in a file or at a database's URL.

    What another version of an engine left is kept and can be read, but answers for no other.

    Reading takes `deadline` seconds at most, and gives nothing where the store does not answer.
    Written by one thread in batches; what is still to be written is found as well.

        with Store("runs.sqlite") as store:
            store.put([run])
            store.get(run.experiment)
    """

    def __init__(
        self,
        where: str,
        bytes_max: int = STORE_BYTES_MAX,
        deadline: float = READ_SECONDS,
        retry: float = RETRY_SECONDS,
        waiting_max: int = STORE_WAITING_BYTES_MAX,
        open_database: Callable[[str], Database] = open_database,
    ) -> None:
        self._where, self._open_database = where, open_database
        self._opening = threading.Lock()
        self._database: Database | None = None
        self._writer = StoreWriter(self._use_to_write, self._close, bytes_max, waiting_max, retry)
        self._reader = StoreReader(self._use_to_read, self._writer.loaded, deadline, retry)
        self.unfinished = UnfinishedRuns(
            self._reader.read, self._writer.attempt, self._writer.is_waiting
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def trouble(self) -> str:
        """A sentence; empty when all is well."""
        return self.state().trouble

    def state(self) -> StoreState:
        """How it is, and what it has done. Asks nothing of it."""
        reader, writer = self._reader, self._writer
        trouble = reader.trouble or writer.trouble
        waiting, waiting_bytes = writer.waiting
        return StoreState(
            trouble=str(trouble or ""),
            kind=trouble.kind if trouble else "",
            given=reader.given,
            late=reader.late,
            failed=reader.failed,
            skipped=reader.skipped,
            waiting=waiting,
            waiting_bytes=waiting_bytes,
            written=writer.written,
            lost=writer.lost,
        )

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
        wanted = {experiment.key: experiment for experiment in experiments}
        rows = self._writer.find((key, version) for key in wanted)
        known = {row["experiment"] for row in rows}
        keys = [key for key in wanted if key not in known]
        for start in range(0, len(keys), KEYS_AT_ONCE):
            some = keys[start : start + KEYS_AT_ONCE]
            read = self._reader.read(partial(read_rows, keys=some, version=version))
            if read is None:
                break
            rows += read
        runs = [run_of(row, wanted[row["experiment"]], columns) for row in rows]
        return {run.experiment.key: run for run in runs if run}

    def list_runs(self) -> list[StoredRun]:
        """All that is kept, of every engine and version, the oldest first.

        What has not ended, be it under way or not, is listed as interrupted.
        """
        self.flush()
        rows = self._reader.read(lambda database: database.list_rows()) or []
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
        rows = self._reader.read(partial(read_rows, keys=[stored.key], version=version)) or []
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
        self._writer.put([row_of(run, version) for run in runs])

    def flush(self) -> None:
        """Wait until all is written, though not for a database that does not take it."""
        self._writer.flush()
        self.unfinished.flush()

    def close(self) -> None:
        """Write what waits; a file is complete in itself then, where nobody else has it open."""
        self._writer.flush()
        self.unfinished.close()  # after the ends, which it waits for
        self._reader.close()
        self._writer.close()

    def _close(self) -> None:
        if self._database:
            self._database.close()

    def _use_to_read(self, use: Callable[[Database], T]) -> T:
        return self._use(use, lambda error: "failing")

    def _use_to_write(self, use: Callable[[Database], T]) -> T:
        from core.service.database import only_reads

        return self._use(use, lambda error: "read_only" if only_reads(error) else "behind")

    def _use(self, use: Callable[[Database], T], kind: Callable[[BaseException], Kind]) -> T:
        """What `use` gives. Raises `Trouble`."""
        from core.service.database import TROUBLES

        try:
            with self._opening:
                self._database = self._database or self._open_database(self._where)
            return use(self._database)
        except TROUBLES as error:
            raise Trouble(kind(error), first_line(error)) from error


def read_rows(database: Database, keys: Sequence[str], version: Version) -> list[StoredRow]:
    return database.read(keys, version)


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
        "why": storable(run.outcome.why),
        "columns": columns,
        "start": start,
        "records": records,
        "stored": time.time(),
        "size": ROW_BYTES + sum(map(len, (description, columns, start or b"", records))),
    }


def storable(text: str) -> str:
    """As every database takes it: PostgreSQL has no NUL, and UTF-8 no half of a character."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


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


def open_store(
    environment: Mapping[str, str] = os.environ, deadline: float = READ_SECONDS
) -> Store | None:
    """The store of this user; None where nothing is to be kept."""
    where = where_to_keep(environment)
    return Store(where, deadline=deadline) if where else None
