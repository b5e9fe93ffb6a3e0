"""What a server leaves behind when it is told to end."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from core.service.store import Store
from tests.browser.server import ROOT, start
from tests.service.test_store import run, same


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_leaves_one_complete_file(
    how: signal.Signals, tmp_path: Path
) -> None:
    path = tmp_path / "runs.sqlite"
    crashed = tmp_path / "crashed.sqlite"
    with Store(str(crashed)) as store:
        store.put([run()])
        store.flush()
        for end in ("", "-wal"):  # as after a crash: the run is in the log alone
            shutil.copy(f"{crashed}{end}", f"{path}{end}")
    server = start(ROOT / "app.py", LEARNING_RATE_LAB_STORE=str(path))
    assert Path(f"{path}-wal").stat().st_size > 0
    server.process.send_signal(how)
    server.process.wait(60)
    left = sorted(file.name for file in tmp_path.iterdir() if file.name.startswith("runs"))
    assert left == ["runs.sqlite"], server.log.read_text()
    with Store(str(path)) as store:
        assert same(store.get(run().experiment), run())
