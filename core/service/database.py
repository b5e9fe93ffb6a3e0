"""Rows of finished runs in a database: SQLite in a file, or PostgreSQL, by the same statements."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

KEYS_PER_QUERY = 500
CONNECT_SECONDS = 3

TABLE = sql.Table(
    "runs",
    sql.MetaData(),
    sql.Column("experiment", sql.String(64), primary_key=True),  # its key
    sql.Column("engine", sql.String(32), primary_key=True),
    sql.Column("version", sql.Integer, primary_key=True),
    sql.Column("description", sql.Text, nullable=False),  # its canonical JSON
    sql.Column("outcome", sql.String(16), nullable=False),
    sql.Column("epoch", sql.Integer, nullable=False),
    sql.Column("why", sql.Text, nullable=False),
    sql.Column("records", sql.LargeBinary, nullable=False),  # float64 (epochs, COLUMNS)
    sql.Column("stored", sql.Float, nullable=False),  # seconds since 1970
    sql.Column("size", sql.Integer, nullable=False),  # bytes
    sql.Index("runs_by_age", "stored", "size"),
)
C = TABLE.c
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000")

Row = dict[str, Any]


class Version(NamedTuple):
    """Which engine, and which edition of it, a row's numbers come from."""

    engine: str
    number: int


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
            TABLE.metadata.create_all(connection)

    def read(self, keys: Sequence[str], version: Version) -> list[Row]:
        """The rows that there are for some experiments."""
        found: list[Row] = []
        with self._engine.connect() as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                some = keys[start : start + KEYS_PER_QUERY]
                of_version = (C.engine == version.engine) & (C.version == version.number)
                query = sql.select(TABLE).where(C.experiment.in_(some) & of_version)
                found += [dict(row) for row in connection.execute(query).mappings()]
        return found

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows in one transaction; one that is there already stays as it is."""
        insert = INSERTS[self._engine.dialect.name](TABLE).on_conflict_do_nothing()
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

    def close(self) -> None:
        with suppress(SQLAlchemyError):
            self._engine.dispose()


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
