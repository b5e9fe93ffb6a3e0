"""Rounds of `scripts/crash` with workers that are made up; the script by itself has real ones."""

from __future__ import annotations

import json
from pathlib import Path

from tests.service.crash import main


def test_nothing_is_lost_or_doubled_when_servers_and_workers_are_killed(tmp_path: Path) -> None:
    sums = tmp_path / "sums.json"
    status = main(["--rounds", "3", "--seed", "6", "--made-up", "--json", str(sums)])
    said = json.loads(sums.read_text("utf-8"))
    assert (said["faults"], status) == ([], 0)
    assert sum(said["killed"].values()) >= 3
