"""Rows of finished runs in a database: SQLite in a file, or PostgreSQL, by the same statements."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from core.experiment.records import COLUMNS
from core.service.version import Version

KEYS_PER_QUERY = 500
NEW_COLUMNS = ("columns", "start")  # of the table, since the first edition
CONNECT_SECONDS = 3
ROWS_MOVED = 50  # at once, from an older edition's table: at most 6 MB, a tenth of a second
TABLES_LOCK = 6_215_340_711  # any number, for all who may make the tables at once

METADATA = sql.MetaData()
TABLE = sql.Table(
    "trained_runs",
    METADATA,
    sql.Column("experiment", sql.String(64), primary_key=True),  # its key
    sql.Column("engine", sql.String(32), primary_key=True),
    sql.Column("version", sql.String(64), primary_key=True),  # of the engine, its fingerprint
    sql.Column("description", sql.Text, nullable=False),  # the experiment's canonical JSON
    sql.Column("outcome", sql.String(16), nullable=False),
    sql.Column("epoch", sql.Integer, nullable=False),
    sql.Column("why", sql.Text, nullable=False),
    sql.Column("columns", sql.Text, nullable=False),  # names, a comma between two
    sql.Column("start", sql.LargeBinary),  # the row of epoch 0, float64
    sql.Column("records", sql.LargeBinary, nullable=False),  # float64 (epochs, columns)
    sql.Column("stored", sql.Float, nullable=False),  # seconds since 1970
    sql.Column("size", sql.Integer, nullable=False),  # bytes
    sql.Index("trained_runs_by_age", "stored", "size"),
)
C = TABLE.c
LISTED = (C.experiment, C.engine, C.version, C.outcome, C.stored, C.description, C.columns)
# What the first edition wrote: its version was the number 1, its columns were `COLUMNS`.
FIRST_EDITION = sql.Table(
    "runs",
    sql.MetaData(),
    *(sql.Column(column.name, column.type) for column in C if column.name not in NEW_COLUMNS),
)
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000")

TROUBLES = (SQLAlchemyError, OSError, ImportError)  # that a database may have

StoredRow = dict[str, Any]


class Database:
    """Raises `SQLAlchemyError`, `OSError` or, where a driver is missing, `ImportError`.

    `where` is a file, or a URL such as "postgresql://user@host/name".
    """

    def __init__(self, where: str) -> None:
        url = sql.make_url(where if "://" in where else f"sqlite:///{where}")
        if url.get_backend_name() not in INSERTS:
            raise ArgumentError(f"it must be SQLite or PostgreSQL, got {url.get_backend_name()}")
        if url.get_backend_name() == "sqlite":
            Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
            self._engine = sql.create_engine(url)
            sql.event.listen(self._engine, "connect", prepare_sqlite)
            sql.event.listen(self._engine, "begin", begin_sqlite)
        else:
            waits = {"connect_timeout": CONNECT_SECONDS}
            self._engine = sql.create_engine(url, connect_args=waits, pool_pre_ping=True)
        self._writing = self._engine.execution_options(writes=True)
        with self._writing.begin() as connection:
            self._lock(connection)
            METADATA.create_all(connection)
            self.is_older = sql.inspect(connection).has_table(FIRST_EDITION.name)

    def read(self, keys: Sequence[str], version: Version) -> list[StoredRow]:
        """The rows that there are for some experiments."""
        found: list[StoredRow] = []
        with self._engine.connect() as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                some = keys[start : start + KEYS_PER_QUERY]
                of_version = (C.engine == version.engine) & (C.version == version.fingerprint)
                query = sql.select(TABLE).where(C.experiment.in_(some) & of_version)
                found += [dict(row) for row in connection.execute(query).mappings()]
        return found

    def list(self) -> list[StoredRow]:
        """All rows, the oldest first, without what is long."""
        with self._engine.connect() as connection:
            query = sql.select(*LISTED).order_by(C.stored)
            return [dict(row) for row in connection.execute(query).mappings()]

    def write(self, rows: Sequence[StoredRow]) -> None:
        """Add rows in one transaction; where there is one already, the larger stays."""
        insert = INSERTS[self._engine.dialect.name](TABLE)
        others = {c.name: insert.excluded[c.name] for c in C if not c.primary_key}
        insert = insert.on_conflict_do_update(
            index_elements=list(TABLE.primary_key), set_=others, where=C.size < insert.excluded.size
        )
        with self._writing.begin() as connection:
            connection.execute(insert, rows)

    def prune(self, most: int) -> None:
        """Delete the oldest rows beyond so many bytes."""
        newer = sql.func.sum(C.size).over(order_by=C.stored.desc()).label("newer")
        ages = sql.select(C.stored, newer).subquery()
        oldest_to_go = sql.select(sql.func.max(ages.c.stored)).where(ages.c.newer > most)
        with self._writing.begin() as connection:
            limit = connection.execute(oldest_to_go).scalar()
            if limit is not None:
                connection.execute(sql.delete(TABLE).where(C.stored <= limit))

    def take_over(self) -> bool:
        """Move the next rows of the first edition; whether there are more.

        No engine of today answers by them, so that nobody has to wait until all are here.
        """
        old = FIRST_EDITION.c
        with self._writing.begin() as connection:
            self._lock(connection)
            if not sql.inspect(connection).has_table(FIRST_EDITION.name):
                return False
            ages = sql.select(old.stored).order_by(old.stored)
            last = connection.execute(ages.offset(ROWS_MOVED - 1).limit(1)).scalar()
            # SQLite reads the ON of a conflict as that of a join where no WHERE stands before it.
            some = sql.true() if last is None else old.stored <= last
            insert = INSERTS[self._engine.dialect.name](TABLE)
            moved = insert.from_select(list(C.keys()), sql.select(*first_edition()).where(some))
            connection.execute(moved.on_conflict_do_nothing())
            if last is None:
                FIRST_EDITION.drop(connection)
            else:
                connection.execute(sql.delete(FIRST_EDITION).where(some))
            return last is not None

    @property
    def dialect(self) -> str:
        return self._engine.dialect.name

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """A connection to read by."""
        return self._engine.connect()

    def writing(self) -> AbstractContextManager[sql.Connection]:
        """A transaction that writes."""
        return self._writing.begin()

    def make(self, tables: sql.MetaData) -> None:
        """Make those that there are not."""
        with self.writing() as connection:
            self._lock(connection)
            tables.create_all(connection)

    def _lock(self, connection: sql.Connection) -> None:
        """Let nobody else change the tables meanwhile; in SQLite whoever writes has locked all."""
        if self._engine.dialect.name == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(TABLES_LOCK)))

    def close(self) -> None:
        with suppress(SQLAlchemyError):
            self._engine.dispose()


def first_edition() -> list[sql.ColumnElement[Any]]:
    """The first edition's rows as those of today."""
    made: dict[str, sql.ColumnElement[Any]] = {
        "version": sql.cast(FIRST_EDITION.c.version, C.version.type),
        "columns": sql.literal(",".join(COLUMNS)),
        "start": sql.cast(sql.null(), C.start.type),
    }
    return [made[c.name] if c.name in made else FIRST_EDITION.c[c.name] for c in C]


def prepare_sqlite(connection: Any, record: object) -> None:
    """Concurrent readers beside one writer, and patience with other writers; sqlite.org/wal.html.

    The driver's own transactions are off, because they would begin as readers.
    """
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def begin_sqlite(connection: sql.Connection) -> None:
    """A writer takes its lock at once, so that it never has to give up half-way."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
