"""`python -m core backup`: what is kept of former trainings, in one file."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from pathlib import Path

from core.cli import output
from core.cli.arguments import UsageError
from core.cli.commands import DONE, FAILED, Train
from core.cli.stored import no_store
from core.experiment.refusals import FieldError, because
from core.service.sqlite_file import SQLiteFile
from core.service.store import where_to_keep

BY_PG_DUMP = (
    "Command: backup copies a file, and the store is a PostgreSQL: use"
    " pg_dump --table=trained_runs --table='unfinished_*' --format=custom --file=FILE '{url}'"
)


def do_backup(given: Namespace, train: Train) -> int:
    return save(where_to_keep(), given.file, given.replace)


def save(where: str | None, file: str, replace: bool = False) -> int:
    """Copy a store to a file. Raises `FieldError` and `UsageError`."""
    if where is None:
        raise no_store()
    store, target = file_of(where), output.check_file(file, "FILE")
    assert target
    if not store.exists():
        output.say(f"Store: nothing is kept yet: {store.path} is not there.")
        return FAILED
    replaces = target.exists()
    if replaces and (not replace or target.samefile(store.path)):
        raise FieldError("Command", "FILE", because("new_file"), file)
    return copy(store, target, replaces)


def copy(store: SQLiteFile, target: Path, replaces: bool) -> int:
    from core.service.backup import back_up

    try:
        runs = back_up(store, target)
    except (sqlite3.Error, OSError) as error:
        output.say(f"Store: a backup must be possible, got: {error}.")
        return FAILED
    output.say(f"{runs} stored runs are in {target}{', which was replaced' if replaces else ''}.")
    return DONE


def file_of(where: str) -> SQLiteFile:
    """Raises `UsageError` for what is no file."""
    from sqlalchemy.exc import SQLAlchemyError

    from core.service.database import sqlite_file, url_of

    try:
        file = sqlite_file(url := url_of(where))
    except SQLAlchemyError as error:
        raise UsageError(f"Store: it must be one that can be opened: {error}.") from None
    if file is None:  # its URL goes without the password, which pg_dump asks for
        plain = url._replace(drivername="postgresql", password=None)
        raise UsageError(BY_PG_DUMP.format(url=plain.render_as_string()))
    return file
