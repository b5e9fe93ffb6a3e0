"""The runs that are kept, as the command line lists and writes them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cli.stored import HEADER, show
from core.experiment import Experiment
from core.experiment.records import COLUMNS, to_csv
from core.service.store import STORE_VARIABLE, Store
from core.service.version import Version, version_of
from tests.analysis.studies.made_up import made_up

ROOT = Path(__file__).parents[2]
OLDER = Version("compiled", "0123456789abcdef")


@pytest.fixture
def store(tmp_path):
    with Store(str(tmp_path / "runs.sqlite")) as store:
        yield store


def kept(seed, **changes):
    return made_up(Experiment(seed=seed, epochs=3).replace(changes), epochs=3)


def wide(run):
    measured = np.arange(3.0)[:, None]
    records = np.hstack([run.records, measured])
    return replace(run, records=records, columns=(*COLUMNS, "sharpness"))


def test_all_versions_are_listed(store, capsys):
    store.put([kept(1)], OLDER)
    store.put([kept(1)])
    assert show(store, None) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert tuple(rows[0]) == HEADER
    assert {(row["engine"], row["version"]) for row in rows} == {OLDER, version_of()}
    assert {row["experiment"] for row in rows} == {kept(1).experiment.key}
    assert Experiment.from_dict(json.loads(rows[0]["description"])) == kept(1).experiment
    assert rows[0]["stored"].endswith("+00:00")


def test_each_version_is_written_to_a_folder_of_its_own(store, tmp_path, capsys):
    ours = [kept(1), kept(2, **{"optimizer.learning_rate": 0.5})]
    store.put(ours)
    store.put([kept(7)], OLDER)
    assert show(store, str(tmp_path / "out")) == 0
    assert "3 stored runs are in " in capsys.readouterr().err
    folders = {f"{one.engine}-{one.fingerprint}" for one in (OLDER, version_of())}
    assert {folder.name for folder in (tmp_path / "out").iterdir()} == folders
    older = tmp_path / "out" / f"compiled-{OLDER.fingerprint}"
    assert (older / "records.csv").read_text() == to_csv([kept(7)])
    assert (older / "runs.csv").read_text() == "run,seed,outcome,epoch,why\nrun,7,finished,3,\n"
    now = tmp_path / "out" / f"compiled-{version_of().fingerprint}"
    assert (now / "records.csv").read_text() == to_csv(ours)


def test_columns_that_only_some_runs_have_are_empty_for_the_others(store, tmp_path):
    runs = [kept(1), wide(kept(2))]
    store.put(runs, OLDER)
    show(store, str(tmp_path))
    written = tmp_path / f"compiled-{OLDER.fingerprint}" / "records.csv"
    assert written.read_text() == to_csv(runs)


def stored(where, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "core", "stored", *arguments],
        cwd=ROOT,
        env={**os.environ, STORE_VARIABLE: str(where)},
        capture_output=True,
        text=True,
    )


def test_the_store_is_that_of_the_environment(store, tmp_path):
    store.put([kept(1)])
    store.flush()
    done = stored(tmp_path / "runs.sqlite")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 2


def test_no_store_is_a_sentence():
    done = stored("none")
    assert (done.returncode, done.stdout) == (2, "")
    expected = f"Command: `{STORE_VARIABLE}` must be a file or a database's URL"
    assert done.stderr == f'{expected}, got "none".\n'


def test_a_store_that_cannot_be_read_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("no database" * 1000)
    done = stored(tmp_path / "file")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Store: runs are not kept for now: " in done.stderr.splitlines()[-1]
