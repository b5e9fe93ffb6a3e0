"""Rows of finished runs in a database: SQLite in a file, or PostgreSQL, by the same statements."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from core.experiment.records import COLUMNS
from core.service.sqlite_file import ReadOnlyError, SQLiteFile, finish, is_protected
from core.service.version import Version

KEYS_PER_QUERY = 500
NEW_COLUMNS = ("columns", "start")  # of the table, since the first edition
# How long PostgreSQL may take to connect, and a network to say that it is still there: what waits
# for an answer that never comes is one of few threads.
WAITS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,  # ms
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
LOCK_SECONDS = 5  # that who writes waits for others; then it is tried again
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
LISTED = ("experiment", "engine", "version", "outcome", "stored", "description", "columns")
# What the first edition wrote: its version was the number 1, its columns were `COLUMNS`.
FIRST_EDITION = sql.Table(
    "runs",
    sql.MetaData(),
    *(sql.Column(column.name, column.type) for column in C if column.name not in NEW_COLUMNS),
)
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
# By PostgreSQL's codes: insufficient privilege, and a transaction that may only read.
READ_ONLY_STATES = ("42501", "25006")

TROUBLES = (SQLAlchemyError, sqlite3.Error, OSError, ImportError)  # that a database may have

StoredRow = dict[str, Any]
Columns = dict[str, sql.ColumnElement[Any]]


class Database:
    """Raises `SQLAlchemyError`, `OSError` or, where a driver is missing, `ImportError`.

    `where` is a file, or a URL such as "postgresql://user@host/name".
    """

    def __init__(self, where: str) -> None:
        url = url_of(where)
        self._file = sqlite_file(url)
        if self._file:
            self._open_file(self._file)
        else:
            self._reading = sql.create_engine(url, connect_args=WAITS, pool_pre_ping=True)
            self._writing = self._reading
        self._is_whole = False  # today's table is there, and no older one

    def _open_file(self, file: SQLiteFile) -> None:
        # A reader opens the file anew, 0.2 ms, and so never reads one that has been replaced.
        self._reading = sql.create_engine(
            "sqlite://", creator=file.open_to_read, poolclass=NullPool
        )
        self._writing = sql.create_engine(
            "sqlite://", creator=file.open_to_write, poolclass=sql.QueuePool
        )
        sql.event.listen(self._reading, "begin", begin_reading)
        sql.event.listen(self._writing, "begin", begin_writing)

    def prepare(self) -> bool:
        """Make what is missing; whether there are rows of an older edition to be taken over.

        Raises one of `TROUBLES` where nothing can be written, which `only_reads` tells apart.
        """
        if self._file:
            self._file.make_folder()
        with self.writing() as connection:
            self._lock(connection)
            METADATA.create_all(connection)
            try_to_write(connection)
            return bool(sql.inspect(connection).has_table(FIRST_EDITION.name))

    def ping(self) -> None:
        """Whether rows can be read; raises where they cannot."""
        self.read(("",), Version("", ""))

    def read(self, keys: Sequence[str], version: Version) -> list[StoredRow]:
        """The rows that there are for some experiments."""
        found: list[StoredRow] = []
        for start in range(0, len(keys), KEYS_PER_QUERY):
            some = keys[start : start + KEYS_PER_QUERY]
            found += self._select(tuple(C.keys()), some, version)
        return found

    def list_rows(self) -> list[StoredRow]:
        """All rows, the oldest first, without what is long."""
        return sorted(self._select(LISTED), key=lambda row: float(row["stored"]))

    def write(self, rows: Sequence[StoredRow]) -> None:
        """Add rows in one transaction; where there is one already, the larger stays."""
        insert = INSERTS[self.dialect](TABLE)
        others = {c.name: insert.excluded[c.name] for c in C if not c.primary_key}
        insert = insert.on_conflict_do_update(
            index_elements=list(TABLE.primary_key), set_=others, where=C.size < insert.excluded.size
        )
        with self.writing() as connection:
            connection.execute(insert, rows)

    def prune(self, most: int) -> None:
        """Delete the oldest rows beyond so many bytes."""
        newer = sql.func.sum(C.size).over(order_by=C.stored.desc()).label("newer")
        ages = sql.select(C.stored, newer).subquery()
        oldest_to_go = sql.select(sql.func.max(ages.c.stored)).where(ages.c.newer > most)
        with self.writing() as connection:
            limit = connection.execute(oldest_to_go).scalar()
            if limit is not None:
                connection.execute(sql.delete(TABLE).where(C.stored <= limit))

    def take_over(self) -> bool:
        """Move the next rows of the first edition; whether there are more.

        No engine of today answers by them, so that nobody has to wait until all are here.
        """
        old = FIRST_EDITION.c
        with self.writing() as connection:
            self._lock(connection)
            if not sql.inspect(connection).has_table(FIRST_EDITION.name):
                return False
            ages = sql.select(old.stored).order_by(old.stored)
            last = connection.execute(ages.offset(ROWS_MOVED - 1).limit(1)).scalar()
            # SQLite reads the ON of a conflict as that of a join where no WHERE stands before it.
            some = sql.true() if last is None else old.stored <= last
            insert = INSERTS[self.dialect](TABLE)
            moved = insert.from_select(list(C.keys()), sql.select(*first_edition()).where(some))
            connection.execute(moved.on_conflict_do_nothing())
            if last is None:
                FIRST_EDITION.drop(connection)
            else:
                connection.execute(sql.delete(FIRST_EDITION).where(some))
            return last is not None

    @property
    def dialect(self) -> str:
        return self._writing.dialect.name

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """A connection to read by; to nothing where there is no file yet."""
        return self._reading.connect()

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """A transaction that writes, and waits for nobody for long."""
        with self._writing.begin() as connection:
            if self.dialect == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            yield connection

    def close(self) -> None:
        """Let go of all connections; a file is complete in itself when nobody else has it open."""
        with suppress(*TROUBLES):
            if self._file and self._file.exists() and not self._file.is_protected:
                with closing(self._writing.raw_connection()) as connection:
                    finish(connection)
        for engine in (self._reading, self._writing):
            with suppress(SQLAlchemyError):
                engine.dispose()

    def _select(
        self, names: Sequence[str], keys: Sequence[str] = (), version: Version | None = None
    ) -> list[StoredRow]:
        """Rows of all tables that there are; of two of the same run that of today's table."""
        found: dict[tuple[str, ...], StoredRow] = {}
        with self.reading() as connection:
            for columns in self._tables(connection):
                query = sql.select(*(columns[name].label(name) for name in names))
                if version:
                    query = query.where(
                        columns["experiment"].in_(keys)
                        & (columns["engine"] == version.engine)
                        & (columns["version"] == version.fingerprint)
                    )
                for row in connection.execute(query).mappings():
                    found[row["experiment"], row["engine"], row["version"]] = dict(row)
        return list(found.values())

    def _tables(self, connection: sql.Connection) -> list[Columns]:
        """The columns of each table; the older first, whose rows may be moved meanwhile."""
        today: Columns = dict(C)
        if self._is_whole:
            return [today]
        there = set(sql.inspect(connection).get_table_names())
        self._is_whole = TABLE.name in there and FIRST_EDITION.name not in there
        older = dict(zip(C.keys(), first_edition(), strict=True))
        tables = ((FIRST_EDITION.name, older), (TABLE.name, today))
        return [columns for name, columns in tables if name in there]

    @property
    def exists(self) -> bool:
        """Whether there is anything to read by."""
        return not self._file or self._file.exists()

    def make(self, tables: sql.MetaData) -> None:
        """Make those that there are not."""
        with self.writing() as connection:
            self._lock(connection)
            tables.create_all(connection)

    def _lock(self, connection: sql.Connection) -> None:
        """Let nobody else change the tables meanwhile; in SQLite whoever writes has locked all."""
        if self.dialect == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(TABLES_LOCK)))


def url_of(where: str) -> sql.URL:
    """Of a file or a URL. Raises `ArgumentError` for other databases."""
    url = sql.make_url(where if "://" in where else f"sqlite:///{where}")
    if url.get_backend_name() not in INSERTS:
        raise ArgumentError(f"it must be SQLite or PostgreSQL, got {url.get_backend_name()}")
    return url


def sqlite_file(url: sql.URL) -> SQLiteFile | None:
    """The file that a URL names; None for PostgreSQL. Raises `ArgumentError`."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database:
        raise ArgumentError("it must name a file")
    path, mode = url.database.removeprefix("file:"), url.query.get("mode", "")
    return SQLiteFile(path, str(mode))


def first_edition() -> list[sql.ColumnElement[Any]]:
    """The first edition's rows as those of today."""
    made: dict[str, sql.ColumnElement[Any]] = {
        "version": sql.cast(FIRST_EDITION.c.version, C.version.type),
        "columns": sql.literal(",".join(COLUMNS)),
        "start": sql.cast(sql.null(), C.start.type),
    }
    return [made[c.name] if c.name in made else FIRST_EDITION.c[c.name] for c in C]


def try_to_write(connection: sql.Connection) -> None:
    """Raise what a write would, and change nothing: no row is named.

    SQLite begins to write also where it may not, and a role of PostgreSQL has rights one by one.
    """
    nothing = sql.select(TABLE).where(sql.false())
    connection.execute(sql.insert(TABLE).from_select(list(C.keys()), nothing))
    connection.execute(sql.update(TABLE).where(sql.false()).values(size=C.size))
    connection.execute(sql.delete(TABLE).where(sql.false()))


def only_reads(error: BaseException) -> bool:
    """Whether what was raised by writing says that nothing may be written."""
    cause = getattr(error, "orig", error)
    return (
        isinstance(cause, ReadOnlyError | PermissionError)
        or getattr(cause, "errno", None) == errno.EROFS
        or getattr(cause, "sqlstate", None) in READ_ONLY_STATES
        or is_protected(cause)
    )


def begin_reading(connection: sql.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def begin_writing(connection: sql.Connection) -> None:
    """A writer takes its lock at once, so that it never has to give up half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
