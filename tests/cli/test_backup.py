"""The store's file copied by one command, while others write to it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli.arguments import UsageError
from core.cli.backup import save
from core.experiment.refusals import FieldError
from core.service.store import STORE_VARIABLE, Store
from tests.cli.test_stored import ROOT
from tests.service.test_store import run, same


@pytest.fixture
def where(tmp_path: Path) -> str:
    """Where there is no store yet."""
    return str(tmp_path / "runs.sqlite")


def test_a_backup_is_whole_while_a_server_writes(where: str, tmp_path: Path, capsys) -> None:
    copy = tmp_path / "copy.sqlite"
    with Store(where) as store:
        store.put([run(seed) for seed in range(30)])
        store.flush()
        store.put([run(seed) for seed in range(30, 60)])
        assert save(where, str(copy)) == 0
    said = capsys.readouterr().err
    with Store(str(copy)) as kept:
        held = len(kept.list_runs())
        assert all(same(kept.get(run(seed).experiment), run(seed)) for seed in range(30))
    assert said == f"{held} stored runs are in {copy}.\n"
    assert {file.name for file in tmp_path.iterdir()} == {"runs.sqlite", "copy.sqlite"}


def test_a_backup_needs_nothing_beside_it(where: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with Store(where) as store:
        store.put([run(1)])
        store.flush()
        save(where, str(copy))  # what was written is in the log alone
    with sqlite3.connect(f"{copy.as_uri()}?immutable=1", uri=True) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert file.execute("SELECT count(*) FROM trained_runs").fetchone() == (1,)
    file.close()


def test_a_backup_put_in_the_place_of_a_store_is_that_store(where: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with Store(where) as store:
        store.put([run(1)])
    save(where, str(copy))
    with Store(where) as store:
        store.put([run(2)])
    copy.replace(where)
    with Store(where) as store:
        assert same(store.get(run(1).experiment), run(1))
        assert store.get(run(2).experiment) is None
        store.put([run(3)])
    with Store(where) as store:
        assert same(store.get(run(3).experiment), run(3))


def test_nothing_is_written_over_unasked(where: str, tmp_path: Path, capsys) -> None:
    with Store(where) as store:
        store.put([run(1)])
    other = tmp_path / "other"
    other.write_text("of somebody")
    with pytest.raises(FieldError, match="must be a file that is not there yet, or with --replace"):
        save(where, str(other))
    assert other.read_text() == "of somebody"
    assert save(where, str(other), replace=True) == 0
    assert capsys.readouterr().err == f"1 stored runs are in {other}, which was replaced.\n"
    with pytest.raises(FieldError):
        save(where, where, replace=True)


def test_what_fails_leaves_the_former_backup(where: str, tmp_path: Path, capsys) -> None:
    Path(where).write_text("no database" * 1000)
    before = tmp_path / "copy.sqlite"
    before.write_text("a former backup")
    assert save(where, str(before), replace=True) == 1
    assert capsys.readouterr().err.startswith("Store: a backup must be possible, got: ")
    assert before.read_text() == "a former backup"
    assert {file.name for file in tmp_path.iterdir()} == {"runs.sqlite", "copy.sqlite"}


def test_of_a_postgresql_it_names_what_makes_a_backup_and_no_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://lab:secret@host/name"
    with pytest.raises(UsageError) as refused:
        save(url, str(tmp_path / "copy"))
    assert "pg_dump" in str(refused.value)
    assert "'postgresql://lab@host/name'" in str(refused.value)


def test_the_command_says_where_there_is_nothing_to_copy(where: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core", "backup", str(tmp_path / "copy")],
        cwd=ROOT,
        env={**os.environ, STORE_VARIABLE: where},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Store: nothing is kept yet: {where} is not there.\n"
    assert list(tmp_path.iterdir()) == []
