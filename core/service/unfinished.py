"""Runs under way as the store keeps them: what there is of them is written while they go on."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from core.experiment import Experiment
from core.experiment.limits import UNFINISHED_BYTES_MAX
from core.experiment.records import COLUMNS, EPOCH, Columns, row_bytes, unpack_rows
from core.service.training import Saved, Training, Unfinished
from core.service.version import Version

if TYPE_CHECKING:  # it brings SQLAlchemy
    from core.service.database import Database, StoredRow
    from core.service.unfinished_tables import UnfinishedTables

FLUSH_SECONDS = 0.25
BATCH_RUNS = 200
PRUNE_EVERY_RUNS = 1000
CLOSE_SECONDS = 2.0
HASH_CHARACTERS = 32
PIECE_BYTES = 2 * 2**20  # of a read that is to be answered in time; a run's snapshot may have more
RUN_BYTES = 500  # of a run beside its rows, snapshot and description, indexes included

T = TypeVar("T")
Use = Callable[[Callable[["Database"], Any]], Any]


class UnfinishedName(NamedTuple):
    """What a run under way is kept by."""

    key: str  # of the experiment
    version: Version
    columns: Columns

    @property
    def run(self) -> str:
        text = "\0".join([self.key, *self.version, *self.columns])
        return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARACTERS]


class UnfinishedRuns:
    """What a store has of runs that have not ended, and a queue in front of it.

    Whoever notes a run returns at once; one thread writes what it has then. The store's database
    is used by `to_read` and `to_write`, which give None where it is in trouble; `is_pending` says
    whether the store has a run's end still to write: until then what there is of it stays.
    """

    def __init__(
        self,
        to_read: Use,
        to_write: Use,
        is_pending: Callable[[str, Version], bool],
    ) -> None:
        self._to_read, self._to_write, self._is_pending = to_read, to_write, is_pending
        self._changed = threading.Condition()
        self._grown: dict[UnfinishedName, Training] = {}  # to be written
        self._ended: dict[UnfinishedName, None] = {}  # to be deleted
        self._written: set[UnfinishedName] = set()  # that are in the database, perhaps
        self._since_pruning = PRUNE_EVERY_RUNS  # the first write prunes
        self._working = self._hurry = self._closing = False
        self._steps = 0  # of the thread that writes
        self._in_vain = -1  # steps when somebody had waited for nothing
        self._writer: threading.Thread | None = None
        self._tables: UnfinishedTables | None = None

    def note(self, training: Training, version: Version) -> None:
        """It has more rows, or another snapshot: both are kept within a quarter of a second."""
        name = UnfinishedName(training.experiment.key, version, training.columns)
        with self._changed:
            self._grown[name] = training
            self._ended.pop(name, None)
            self._stir()

    def end(self, training: Training, version: Version) -> None:
        """It has ended, and nobody goes on with it: nothing is kept of it here."""
        name = UnfinishedName(training.experiment.key, version, training.columns)
        with self._changed:
            self._grown.pop(name, None)
            if name in self._written:
                self._ended[name] = None
                self._stir()

    def find(
        self, experiments: Iterable[Experiment], version: Version, columns: Columns = COLUMNS
    ) -> dict[str, Unfinished]:
        """What there is of some experiments, by their keys."""
        by_run = {UnfinishedName(one.key, version, columns).run: one for one in experiments}
        rows: list[StoredRow] = []
        sizes = self._read(lambda tables: tables.sizes(list(by_run))) or {}
        for some in in_pieces(sizes):
            read = self._read(partial(read_runs, runs=some))
            if read is None:
                break
            rows += read
        found = {row["run"]: unfinished_of(row, by_run[row["run"]]) for row in rows}
        with self._changed:
            self._written |= {UnfinishedName(by_run[run].key, version, columns) for run in found}
        return {by_run[run].key: one for run, one in found.items() if one}

    def list_runs(self) -> Sequence[StoredRow]:
        """All that there are, of every engine and version, the oldest first."""
        self.flush()
        return self._read(lambda tables: tables.list()) or []

    def flush(self) -> None:
        """Wait until all is written that can be, though not for a database that does not answer.

        After one who waited in vain nobody does until there was another step.
        """
        with self._changed:
            if self._closing or self._in_vain == self._steps:
                return
            self._hurry = True
            self._changed.notify_all()
            if not self._changed.wait_for(self._is_over, CLOSE_SECONDS):
                self._in_vain = self._steps
            self._hurry = False

    def close(self) -> None:
        self.flush()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._writer and self._in_vain != self._steps:
            self._writer.join(CLOSE_SECONDS)

    def _is_over(self) -> bool:
        return not (self._grown or self._working or self._to_delete())

    def _to_delete(self) -> list[UnfinishedName]:
        """Those whose ends are written."""
        return [one for one in self._ended if not self._is_pending(one.key, one.version)]

    def _stir(self) -> None:
        """Wake the thread that writes, or begin it."""
        if self._writer is None and not self._closing:
            self._writer = threading.Thread(target=self._write, name="unfinished", daemon=True)
            self._writer.start()
        self._changed.notify_all()

    def _write(self) -> None:
        while not self._closing:
            with self._changed:
                self._working = False
                self._steps += 1
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._grown or self._ended or self._closing)
                self._changed.wait_for(lambda: self._hurry or self._closing, FLUSH_SECONDS)
                grown, ended = self._next_batch()
                self._working = True
            self._write_some(grown, ended)

    def _next_batch(self) -> tuple[dict[UnfinishedName, Training], list[UnfinishedName]]:
        """What to write, and what to delete."""
        grown = dict(list(self._grown.items())[:BATCH_RUNS])
        ended = self._to_delete()
        for name in grown:
            del self._grown[name]
        for name in ended:
            del self._ended[name]
            self._written.discard(name)
        self._written |= grown.keys()
        if not grown and not ended:
            self._changed.wait(FLUSH_SECONDS)  # their ends have to be written first
        return grown, ended

    def _write_some(
        self, grown: dict[UnfinishedName, Training], ended: Sequence[UnfinishedName]
    ) -> None:
        if grown:
            trainings = {name.run: one for name, one in grown.items()}
            headers = [header_of(name, one) for name, one in grown.items()]
            self._change(lambda tables: tables.write(trainings, headers))
        if ended:
            self._change(lambda tables: tables.delete([name.run for name in ended]))
        self._since_pruning += len(grown)
        if self._since_pruning >= PRUNE_EVERY_RUNS:
            self._since_pruning = 0
            self._change(lambda tables: tables.prune(UNFINISHED_BYTES_MAX))

    def _read(self, use: Callable[[UnfinishedTables], T]) -> T | None:
        answer: T | None = self._to_read(partial(self._with_tables, use))
        return answer

    def _change(self, use: Callable[[UnfinishedTables], None]) -> None:
        self._to_write(partial(self._with_tables, use))

    def _with_tables(self, use: Callable[[UnfinishedTables], T], database: Database) -> T:
        from core.service.unfinished_tables import UnfinishedTables

        tables, self._tables = self._tables or UnfinishedTables(database), None
        answer = use(tables)
        self._tables = tables  # where it fails they are looked at anew: a file may be another
        return answer


def in_pieces(sizes: Mapping[str, int], most: int = PIECE_BYTES) -> Iterator[list[str]]:
    """Names of what has a size, so many together as there is room for; at least one.

    >>> list(in_pieces({"a": 2, "b": 3, "c": 9, "d": 1}, most=5))
    [['a', 'b'], ['c'], ['d']]
    """
    piece: list[str] = []
    room = most
    for name, size in sizes.items():
        if piece and size > room:
            yield piece
            piece, room = [], most
        piece.append(name)
        room -= size
    if piece:
        yield piece


def read_runs(tables: UnfinishedTables, runs: Sequence[str]) -> list[StoredRow]:
    return tables.read(runs)


def header_of(name: UnfinishedName, training: Training) -> StoredRow:
    """A run's own row, before anything else is known of it."""
    columns, description = ",".join(name.columns), training.experiment.to_json()
    return {
        "run": name.run,
        "experiment": name.key,
        "engine": name.version.engine,
        "version": name.version.fingerprint,
        "columns": columns,
        "description": description,
        "epoch": 0,
        "start": training.start,
        "snapshot": b"",
        "snapshot_epoch": 0,
        "stored": time.time(),
        "size": RUN_BYTES + len(columns) + len(description) + len(training.start),
    }


def unfinished_of(row: StoredRow, experiment: Experiment) -> Unfinished | None:
    """None for what no store wrote, and for what has nothing left to train."""
    columns = tuple(row["columns"].split(","))
    try:
        epochs = unpack_rows(row["records"], columns)[:, EPOCH]
    except ValueError:
        return None
    whole = np.array_equal(epochs, np.arange(1, row["epoch"] + 1))
    if not whole or len(row["start"]) != row_bytes(columns) or len(epochs) >= experiment.length:
        return None
    saved = Saved(row["snapshot_epoch"], row["snapshot"])
    has_snapshot = saved.packed and 0 < saved.epoch <= len(epochs)
    version = Version(row["engine"], row["version"])
    return Unfinished(row["start"], row["records"], saved if has_snapshot else None, version)
