"""Tables of runs that have not ended: a row a run, and its epochs in stretches, each once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from core.service.database import INSERTS, KEYS_PER_QUERY, TABLE, Database, StoredRow
from core.service.training import Saved, Training

METADATA = sql.MetaData()
RUNS = sql.Table(
    "unfinished_runs",
    METADATA,
    sql.Column("run", sql.String(64), primary_key=True),  # a hash of the four that follow
    sql.Column("experiment", sql.String(64), nullable=False),  # its key
    sql.Column("engine", sql.String(32), nullable=False),
    sql.Column("version", sql.String(64), nullable=False),  # of the engine, its fingerprint
    sql.Column("columns", sql.Text, nullable=False),  # names, a comma between two
    sql.Column("description", sql.Text, nullable=False),  # the experiment's canonical JSON
    sql.Column("epoch", sql.Integer, nullable=False),  # to which there are rows
    sql.Column("start", sql.LargeBinary, nullable=False),  # the row of epoch 0, float64
    sql.Column("snapshot", sql.LargeBinary, nullable=False),  # empty for none
    sql.Column("snapshot_epoch", sql.Integer, nullable=False),
    sql.Column("stored", sql.Float, nullable=False),  # seconds since 1970
    sql.Column("size", sql.Integer, nullable=False),  # bytes
    sql.Index("unfinished_runs_by_age", "stored", "size"),
)
ROWS = sql.Table(
    "unfinished_rows",
    METADATA,
    sql.Column("run", sql.String(64), primary_key=True),
    sql.Column("first", sql.Integer, primary_key=True),  # epoch
    sql.Column("records", sql.LargeBinary, nullable=False),  # float64 (epochs, columns)
)
C = RUNS.c
LISTED = (C.experiment, C.engine, C.version, C.stored, C.description, C.columns)
KNOWN = (C.run, C.epoch, C.snapshot_epoch, C.size)
# Whose end was stored, but who was killed before what there was of it was deleted.
ENDED = sql.exists().where(
    sql.and_(*(TABLE.c[name] == C[name] for name in ("experiment", "engine", "version", "columns")))
)
SNAPSHOT_BYTES = sql.func.length(C.snapshot).label("snapshot_bytes")
ADD = sql.insert(ROWS)
CHANGE = (
    sql.update(RUNS)
    .where(C.run == sql.bindparam("name"))
    .values(epoch=sql.bindparam("to"), stored=sql.bindparam("now"), size=sql.bindparam("bytes"))
)
SAVE = (
    sql.update(RUNS)
    .where(C.run == sql.bindparam("name"))
    .values(snapshot=sql.bindparam("packed"), snapshot_epoch=sql.bindparam("taken"))
)


class UnfinishedTables:
    """Raises what a `Database` does. `run` is everywhere the hash that names a run."""

    def __init__(self, database: Database) -> None:
        self._database, self._there = database, False

    def write(self, trainings: Mapping[str, Training], headers: Sequence[StoredRow]) -> None:
        """Add what is new of some runs, in one transaction.

        A run's own row is locked before its epochs are looked at: of two who write the same run at
        once the second adds what the first has not.
        """
        if not self._there:
            self._database.make(METADATA)
            self._there = True
        insert = INSERTS[self._database.dialect](RUNS).on_conflict_do_nothing()
        with self._database.writing() as connection:
            connection.execute(insert, sorted(headers, key=lambda row: str(row["run"])))
            known = sql.select(*KNOWN, SNAPSHOT_BYTES).where(C.run.in_(trainings))
            rows = connection.execute(known.order_by(C.run).with_for_update())
            found = [Addition.of(trainings[row.run], row) for row in rows]
            add_all(connection, [one for one in found if one is not None])

    def sizes(self, runs: Sequence[str]) -> dict[str, int]:
        """How many bytes there are of some runs; of others nothing is kept."""
        found: dict[str, int] = {}
        if not self._database.exists:
            return found
        with self._database.reading() as connection:
            if not self._exist(connection):
                return {}
            for start in range(0, len(runs), KEYS_PER_QUERY):
                some = runs[start : start + KEYS_PER_QUERY]
                query = sql.select(C.run, C.size).where(C.run.in_(some))
                found |= {row.run: row.size for row in connection.execute(query)}
        return found

    def read(self, runs: Sequence[str]) -> list[StoredRow]:
        """The rows that there are for some runs, with all their epochs as `records`."""
        found: list[StoredRow] = []
        if not self._database.exists:
            return found
        with self._database.reading() as connection:
            if not self._exist(connection):
                return []
            for start in range(0, len(runs), KEYS_PER_QUERY):
                some = runs[start : start + KEYS_PER_QUERY]
                query = sql.select(RUNS).where(C.run.in_(some))
                rows = [dict(row) for row in connection.execute(query).mappings()]
                stretches = sql.select(ROWS).where(ROWS.c.run.in_(row["run"] for row in rows))
                records: dict[str, list[bytes]] = {row["run"]: [] for row in rows}
                for one in connection.execute(stretches.order_by(ROWS.c.run, ROWS.c.first)):
                    records[one.run].append(one.records)
                found += [row | {"records": b"".join(records[row["run"]])} for row in rows]
        return found

    def list(self) -> list[StoredRow]:
        """All that is kept, the oldest first, without what is long."""
        if not self._database.exists:
            return []
        with self._database.reading() as connection:
            if not self._exist(connection):
                return []
            query = sql.select(*LISTED).order_by(C.stored)
            return [dict(row) for row in connection.execute(query).mappings()]

    def delete(self, runs: Sequence[str]) -> None:
        """They have ended."""
        with self._database.writing() as connection:
            if self._exist(connection):
                delete_all(connection, C.run.in_(runs))

    def prune(self, most: int) -> None:
        """Delete what has ended after all, and the oldest beyond so many bytes."""
        newer = sql.func.sum(C.size).over(order_by=C.stored.desc()).label("newer")
        ages = sql.select(C.stored, newer).subquery()
        oldest_to_go = sql.select(sql.func.max(ages.c.stored)).where(ages.c.newer > most)
        with self._database.writing() as connection:
            limit = connection.execute(oldest_to_go).scalar()
            going = [ENDED] if limit is None else [ENDED, C.stored <= limit]
            for which in going:
                delete_all(connection, which)

    def _exist(self, connection: sql.Connection) -> bool:
        """Whether somebody has written to them: who only reads does not make them."""
        if not self._there:
            self._there = sql.inspect(connection).has_table(RUNS.name)
        return self._there


def delete_all(connection: sql.Connection, which: sql.ColumnElement[bool]) -> None:
    """Delete runs with their epochs.

    They are locked first, in the order of who writes: what another server adds until then is seen.
    """
    locked = sql.select(C.run).where(which).order_by(C.run).with_for_update()
    runs = list(connection.execute(locked).scalars())
    for start in range(0, len(runs), KEYS_PER_QUERY):
        some = runs[start : start + KEYS_PER_QUERY]
        for table in (ROWS, RUNS):
            connection.execute(sql.delete(table).where(table.c.run.in_(some)))


@dataclass(frozen=True)
class Addition:
    """What a run has beside what is stored of it."""

    run: str
    first: int  # epoch of the records
    last: int  # epoch, also where there are none
    records: bytes
    saved: Saved | None
    size: int  # of the whole, then

    @classmethod
    def of(cls, training: Training, row: Any) -> Addition | None:
        """None for nothing."""
        # The snapshot first: the rows to its epoch are there when it is.
        saved = training.saved
        records, last = training.rows_after(row.epoch)
        if not saved or not row.snapshot_epoch < saved.epoch <= last:
            saved = None
        if not records and not saved:
            return None
        size = row.size + len(records) + (len(saved.packed) - row.snapshot_bytes if saved else 0)
        return cls(row.run, row.epoch + 1, last, records, saved, size)


def add_all(connection: sql.Connection, added: Sequence[Addition]) -> None:
    stretches = [
        {"run": one.run, "first": one.first, "records": one.records} for one in added if one.records
    ]
    changed = [
        {"name": one.run, "to": one.last, "now": time.time(), "bytes": one.size} for one in added
    ]
    snapshots = [
        {"name": one.run, "packed": one.saved.packed, "taken": one.saved.epoch}
        for one in added
        if one.saved
    ]
    for statement, rows in ((ADD, stretches), (CHANGE, changed), (SAVE, snapshots)):
        if rows:
            connection.execute(statement, rows)
