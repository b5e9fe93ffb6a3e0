"""A store that the first edition wrote: opened by this one, nothing lost, nothing mistaken.

`tests/data/first_edition` says how the file was made.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sql

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run, to_csv
from core.service.database import FIRST_EDITION, ROWS_MOVED, TABLE
from core.service.store import Store
from core.service.version import FIRST_VERSION, Version
from tests.service.postgres import Postgres
from tests.service.waiting import PATIENCE

FOLDER = Path(__file__).parents[1] / "data" / "first_edition"
WRITTEN: list[dict[str, Any]] = json.loads((FOLDER / "store.json").read_text("utf-8"))
FIRST = Version("compiled", FIRST_VERSION)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(shutil.copy(FOLDER / "store.db", tmp_path / "runs.sqlite"))


def written(one: dict[str, Any]) -> Run:
    records = np.array(one["records"]).reshape(-1, len(COLUMNS))
    return Run(Experiment.from_json(one["experiment"]), records, Outcome(**one["outcome"]))


def same(one: Run, other: Run) -> bool:
    return (
        (one.experiment, one.outcome, one.columns) == (other.experiment, other.outcome, COLUMNS)
        and np.array_equal(one.records, other.records)
        and one.start is None
    )


def test_every_run_is_listed_and_read_as_it_was_written(path: str) -> None:
    with Store(path, deadline=PATIENCE) as store:
        listed = store.list_runs()
        assert [(one.key, one.engine, one.version, one.outcome) for one in listed] == [
            (one["key"], *FIRST, one["outcome"]["kind"]) for one in WRITTEN
        ]
        for one, before in zip(listed, WRITTEN, strict=True):
            run = store.read(one)
            assert run
            assert same(run, written(before))
        assert store.trouble == ""


def test_no_run_is_given_as_the_answer_of_this_engine(path: str) -> None:
    wanted = [Experiment.from_json(one["experiment"]) for one in WRITTEN]
    with Store(path, deadline=PATIENCE) as store:
        assert store.find(wanted) == {}
        assert store.find(wanted, FIRST).keys() == {one["key"] for one in WRITTEN}


def test_its_runs_are_exported(path: str) -> None:
    with Store(path, deadline=PATIENCE) as store:
        runs = [run for one in store.list_runs() if (run := store.read(one))]
    assert to_csv(runs, epoch_zero=True) == to_csv([written(one) for one in WRITTEN])


def test_old_and_new_stand_beside_each_other(path: str) -> None:
    again = written(WRITTEN[0])
    with Store(path, deadline=PATIENCE) as store:
        store.put([again])
        store.flush()
        assert same(store.find([again.experiment])[again.experiment.key], again)
        assert len(store.list_runs()) == len(WRITTEN) + 1


def test_it_is_taken_over_once_and_whole(path: str) -> None:
    for _ in range(2):
        with Store(path, deadline=PATIENCE) as store:
            assert len(store.list_runs()) == len(WRITTEN)
    connection = sqlite3.connect(path)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    kept = connection.execute("SELECT stored FROM trained_runs ORDER BY stored").fetchall()
    connection.close()
    before = sqlite3.connect(FOLDER / "store.db")
    assert kept == before.execute("SELECT stored FROM runs ORDER BY stored").fetchall()
    before.close()
    assert tables == [("trained_runs",)]


def check_that_all_is_there(where: str) -> None:
    with Store(where, deadline=PATIENCE) as store:
        kept = [run for one in store.list_runs() if (run := store.read(one))]
    assert all(same(run, written(one)) for run, one in zip(kept, WRITTEN, strict=True))


def test_what_can_only_be_read_is_read_where_it_is(path: str) -> None:
    before = Path(path).read_bytes()
    check_that_all_is_there(f"sqlite:///{path}?mode=ro")
    assert Path(path).read_bytes() == before


def test_in_a_postgresql_it_is_taken_over_as_well(path: str, postgres_server: Postgres) -> None:
    where = postgres_server.new_place()
    source, engine = sqlite3.connect(path), sql.create_engine(where)
    names = [column.name for column in FIRST_EDITION.c]
    rows = source.execute(f"SELECT {', '.join(names)} FROM runs").fetchall()
    source.close()
    with engine.begin() as connection:
        FIRST_EDITION.create(connection)
        rows_by_name = [dict(zip(names, row, strict=True)) for row in rows]
        connection.execute(sql.insert(FIRST_EDITION), rows_by_name)
    for _ in range(2):
        check_that_all_is_there(where)
    with engine.connect() as connection:
        assert sql.inspect(connection).get_table_names() == [TABLE.name]
    engine.dispose()


def test_many_who_open_it_at_once_all_find_all(path: str) -> None:
    def count(_: int) -> int:
        with Store(path, deadline=PATIENCE) as store:
            return len(store.list_runs())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(count, range(8))) == [len(WRITTEN)] * 8


def test_rows_that_an_older_program_adds_afterwards_are_taken_over_too(path: str) -> None:
    with Store(path, deadline=PATIENCE) as store:
        assert store.list_runs()
    shutil.copy(FOLDER / "store.db", older := path + ".older")
    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS older", (older,))
    connection.execute("CREATE TABLE runs AS SELECT * FROM older.runs")
    connection.execute("UPDATE runs SET experiment = 'another' WHERE epoch = 3")
    connection.commit()
    connection.close()
    with Store(path, deadline=PATIENCE) as store:
        assert len(store.list_runs()) == len(WRITTEN) + 1


def test_a_large_one_is_taken_over_by_and_by_while_others_use_it(path: str) -> None:
    many = 3 * ROWS_MOVED + 7
    connection = sqlite3.connect(path)
    [first] = connection.execute("SELECT * FROM runs LIMIT 1").fetchall()
    rows = [(f"key {n}", *first[1:8], n // 20, first[9]) for n in range(many)]
    connection.executemany(f"INSERT INTO runs VALUES ({', '.join('?' * len(first))})", rows)
    connection.commit()
    connection.close()
    with (
        Store(path, deadline=PATIENCE) as store,
        Store(path, deadline=PATIENCE) as another,
    ):
        fresh = written(WRITTEN[0])
        assert another.get(fresh.experiment) is None
        store.put([fresh])
        listed = store.list_runs()
        assert len(listed) == many + len(WRITTEN) + 1
        assert len({(one.key, one.version) for one in listed}) == len(listed)
        assert (store.trouble, another.trouble) == ("", "")
