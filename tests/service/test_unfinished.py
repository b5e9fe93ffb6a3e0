"""Runs under way, kept while they go on: every epoch once, never as an answer, in nobody's way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sql

from core.experiment.records import COLUMNS, Columns, Outcome, Run, pack_rows, unpack_rows
from core.service.database import Database, url_of
from core.service.store import Store
from core.service.training import Saved, Training
from core.service.unfinished import PIECE_BYTES, UnfinishedRuns
from core.service.unfinished_tables import ADD, ROWS, RUNS
from core.service.version import Version, version_of
from tests.service.fake_worker import SLOW, expected, expected_start, figures
from tests.service.postgres import Postgres
from tests.service.waiting import PATIENCE, experiment, until_trained, until_true, within

VERSION = version_of()
SOON = 0.5  # seconds in which what happens is kept
IN_A_FILE = pytest.mark.parametrize("path", ["sqlite"], indirect=True)
WIDE = (*COLUMNS, "sharpness")


@pytest.fixture(params=["sqlite", "postgresql"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing is kept yet, in each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "runs.sqlite")
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_place()


@pytest.fixture
def store(path: str) -> Iterator[Store]:
    with Store(path, deadline=PATIENCE) as opened:
        yield opened


def under_way(seed: int = 1, epochs: int = 10, columns: Columns = COLUMNS) -> Training:
    training = Training(experiment(seed), columns=columns)
    grow(training, epochs)
    return training


def grow(training: Training, to: int) -> None:
    """Its next epochs have come."""
    first = training.epochs + 1 if training.epochs else 0
    rows = figures(training.experiment, first, to, training.columns)
    training.add_records(first, pack_rows(rows))


def keep(store: Store, training: Training, version: Version = VERSION) -> None:
    store.unfinished.note(training, version)
    settle(store)


def settle(store: Store) -> None:
    """Until all is written, however busy the machine is."""
    store.flush()
    assert is_written(store.unfinished, PATIENCE)


def rows_of(path: str, query: str) -> list[tuple[Any, ...]]:
    engine = sql.create_engine(url_of(path))
    with engine.connect() as connection:
        rows = connection.execute(sql.text(query)).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def epochs_in(path: str) -> list[int]:
    """Every epoch of every run that is kept, in order."""
    rows = rows_of(path, "SELECT records FROM unfinished_rows ORDER BY run, first")
    return [int(epoch) for (packed,) in rows for epoch in unpack_rows(packed, COLUMNS)[:, 0]]


def count(path: str) -> int:
    [(number,)] = rows_of(path, "SELECT count(*) FROM unfinished_runs")
    return int(number)


def assert_kept(store: Store, training: Training) -> None:
    one = training.experiment
    found = store.unfinished.find([one], VERSION)[one.key]
    rows = unpack_rows(found.rows, COLUMNS)
    np.testing.assert_array_equal(rows, expected(one)[: training.epochs])
    np.testing.assert_array_equal(unpack_rows(found.start, COLUMNS)[0], expected_start(one))
    assert found.saved == training.saved


def is_written(unfinished: UnfinishedRuns, seconds: float) -> bool:
    with unfinished._changed:
        return unfinished._changed.wait_for(unfinished._is_over, seconds)


def test_what_a_run_has_is_written_within_half_a_second_without_being_asked(store: Store) -> None:
    keep(store, under_way(2))  # the file is there, and its tables
    training = under_way()
    store.unfinished.note(training, VERSION)
    assert is_written(store.unfinished, 10 * SOON)  # a busy machine is no fault
    assert_kept(store, training)


def test_what_comes_by_and_by_is_kept_once(store: Store, path: str) -> None:
    training = under_way()
    for epochs in (11, 30, 31):
        keep(store, training)
        grow(training, epochs)
    keep(store, training)
    keep(store, training)
    assert epochs_in(path) == list(range(1, 32))
    assert_kept(store, training)


def test_of_a_run_that_two_have_under_way_every_epoch_is_kept_once(store: Store, path: str) -> None:
    one, other = under_way(epochs=5), under_way(epochs=3)
    with Store(path, deadline=PATIENCE) as another:
        for far, near in ((9, 12), (20, 31), (21, 25)):
            keep(store, one)
            keep(another, other)
            grow(one, far)
            grow(other, near)
        keep(another, other)
    assert epochs_in(path) == list(range(1, 32))


def test_a_snapshot_gives_way_to_the_next_one(store: Store, path: str) -> None:
    training = under_way()
    for epoch in (4, 10):
        training.saved = Saved(epoch, b"weights" * epoch)
        keep(store, training)
        assert_kept(store, training)
    assert count(path) == 1


def test_a_snapshot_whose_rows_are_not_there_is_not_kept(store: Store) -> None:
    training = under_way()
    training.saved = Saved(11, b"weights")
    keep(store, training)
    [found] = store.unfinished.find([training.experiment], VERSION).values()
    assert found.saved is None


def test_a_run_under_way_is_no_answer_and_listed_as_interrupted(store: Store) -> None:
    training = under_way()
    keep(store, training)
    assert store.find([training.experiment]) == {}
    [listed] = store.list_runs()
    assert (listed.key, listed.outcome) == (training.experiment.key, "interrupted")
    run = store.read(listed)
    assert run
    assert (run.outcome.kind, run.outcome.epoch) == ("interrupted", 10)
    np.testing.assert_array_equal(run.records, expected(training.experiment)[:10])
    assert run.start is not None
    np.testing.assert_array_equal(run.start, expected_start(training.experiment))


def test_another_version_and_other_columns_know_nothing_of_it(store: Store) -> None:
    training = under_way()
    keep(store, training)
    for version in (version_of("keras"), Version("compiled", "an older one")):
        assert store.unfinished.find([training.experiment], version) == {}
    assert store.unfinished.find([training.experiment], VERSION, WIDE) == {}
    keep(store, under_way(columns=WIDE))
    assert store.unfinished.find([training.experiment], VERSION, WIDE)
    assert len(store.list_runs()) == 2


def test_what_is_read_at_once_is_bounded_however_much_was_interrupted(store: Store) -> None:
    trainings = [under_way(seed) for seed in range(6)]
    for one in trainings:
        one.saved = Saved(10, bytes(PIECE_BYTES // 2 - 5000))
        store.unfinished.note(one, VERSION)
    settle(store)
    answers: list[int] = []

    def read(use: Callable[[Database], Any]) -> Any:
        answer = store._reader.read(use)
        answers.append(len(answer))
        return answer

    unfinished = UnfinishedRuns(read, store._writer.attempt, lambda key, version: False)
    found = unfinished.find([one.experiment for one in trainings], VERSION)
    assert {key: one.saved for key, one in found.items()} == {
        one.experiment.key: one.saved for one in trainings
    }
    assert answers == [6, 2, 2, 2]  # how large they are, then two at a time


def test_what_has_ended_is_no_longer_kept_as_under_way(store: Store, path: str) -> None:
    training, other = under_way(), under_way(2)
    for one in (training, other):
        keep(store, one)
    store.unfinished.end(training, VERSION)
    settle(store)
    assert store.unfinished.find([training.experiment], VERSION) == {}
    assert_kept(store, other)
    assert epochs_in(path) == list(range(1, 11))


def test_what_there_was_of_a_run_stays_until_its_end_is_written(path: str) -> None:
    with Store(path, deadline=PATIENCE) as store:
        training, pending = under_way(), [True]
        unfinished = UnfinishedRuns(
            store._reader.read, store._writer.attempt, lambda key, version: pending[0]
        )
        unfinished.note(training, VERSION)
        unfinished.flush()
        unfinished.end(training, VERSION)
        assert unfinished.find([training.experiment], VERSION)
        pending.clear()
        pending.append(False)
        unfinished.close()
        assert count(path) == 0


def test_a_run_that_ends_at_once_is_never_written_as_under_way(store: Store, path: str) -> None:
    keep(store, under_way(2))
    training = under_way()
    store.unfinished.note(training, VERSION)
    store.unfinished.end(training, VERSION)
    settle(store)
    assert count(path) == 1


def test_what_was_left_beside_its_end_is_tidied_up(path: str) -> None:
    training = under_way(epochs=30)
    with Store(path, deadline=PATIENCE) as store:
        keep(store, training)
        rows = expected(training.experiment)
        store.put([Run(training.experiment, rows, Outcome("finished", 60))])
    with Store(path, deadline=PATIENCE) as store:
        keep(store, under_way(2))
        assert [one.outcome for one in store.list_runs()] == ["finished", "interrupted"]


@IN_A_FILE
def test_a_file_that_another_program_holds_makes_nobody_wait_and_loses_nothing(
    store: Store, path: str
) -> None:
    training = under_way()
    keep(store, training)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for epochs in range(11, 40):
        grow(training, epochs)
        store.unfinished.note(training, VERSION)  # would wait here for ever
    other.execute("ROLLBACK")
    other.close()
    settle(store)
    assert epochs_in(path) == list(range(1, 40))


def test_the_oldest_go_when_there_is_no_room_and_come_back_whole_with_their_next_epoch(
    store: Store, path: str
) -> None:
    old, new = under_way(1), under_way(2)
    keep(store, old)
    keep(store, new)
    store.unfinished._change(lambda tables: tables.prune(1500))
    assert count(path) == 1
    assert_kept(store, new)
    grow(old, 20)
    keep(store, old)
    assert_kept(store, old)


def test_what_another_server_adds_while_a_run_is_deleted_goes_too(
    postgres_server: Postgres,
) -> None:
    where, training = postgres_server.new_place(), under_way()
    engine = sql.create_engine(where)
    with Store(where, deadline=PATIENCE) as store:
        keep(store, training)
        with engine.begin() as other:
            [run] = other.execute(sql.select(RUNS.c.run).with_for_update()).scalars()
            store.unfinished.end(training, VERSION)
            until_true(lambda: waits_for_a_lock(engine))
            other.execute(ADD, [{"run": run, "first": 11, "records": b"of the other server"}])
        settle(store)
        with engine.connect() as connection:
            for table in (ROWS, RUNS):
                assert connection.execute(sql.select(table)).all() == []
    engine.dispose()


def waits_for_a_lock(engine: sql.Engine) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return bool(connection.execute(sql.text(waiting)).scalar())


@IN_A_FILE
@pytest.mark.parametrize(
    "damage",
    [
        "unfinished_rows SET records = x'0102'",
        "unfinished_rows SET first = 7, records = substr(records, 57)",
        "unfinished_runs SET start = x'01'",
        "unfinished_runs SET columns = 'epoch,loss'",
        "unfinished_runs SET epoch = 11",
    ],
)
def test_what_no_store_wrote_is_not_believed(store: Store, path: str, damage: str) -> None:
    training = under_way()
    keep(store, training)
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE {damage}")
    connection.commit()
    connection.close()
    assert store.unfinished.find([training.experiment], VERSION) == {}
    assert store.trouble == ""


def test_a_file_without_these_tables_is_read_as_empty(store: Store) -> None:
    assert store.unfinished.find([experiment()], VERSION) == {}
    assert store.list_runs() == []
    assert store.trouble == ""


def test_after_its_end_nobody_waits_for_what_comes_late(path: str) -> None:
    with Store(path, deadline=PATIENCE) as store:
        keep(store, under_way())
    store.unfinished.note(under_way(2), VERSION)
    assert within(SOON, store.unfinished.flush)


def test_a_laboratory_keeps_what_a_run_under_way_has(open_laboratory, store: Store) -> None:
    laboratory = open_laboratory(store=store)
    job = laboratory.submit([experiment(SLOW, 2000)])
    until_trained(laboratory, job, epochs=3)
    settle(store)
    found = store.unfinished.find([experiment(SLOW, 2000)], VERSION)
    rows = unpack_rows(found[experiment(SLOW, 2000).key].rows, COLUMNS)
    np.testing.assert_array_equal(rows, expected(experiment(SLOW, 2000))[: len(rows)])
    assert len(rows) >= 3
    laboratory.cancel(job)
