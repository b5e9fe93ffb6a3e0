"""The verdict against sixty runs that somebody judged by eye before it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.verdict import judge
from core.experiment import Experiment
from core.experiment.records import Outcome, Run

FOLDER = Path(__file__).parent / "data" / "judged"
AGREE = 39  # of the forty, at least
AGREE_FRESH = 16  # of the twenty that were kept aside; 15 when they were first tried


def judged_runs(name: str, file: str) -> list[tuple[Run, Benchmarks, Mapping[str, Any]]]:
    """Each run as it was seen, what its data allow, and what was said of it."""
    with np.load(FOLDER / f"{file}.npz") as records:
        return [
            (run_of(one, records[one["name"]]), benchmarks_of(one), one)
            for one in json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        ]


def run_of(said: Mapping[str, Any], rows: Any) -> Run:
    outcome = Outcome(said["outcome"]["kind"], said["outcome"]["epoch"])
    experiment = Experiment.from_dict(said["experiment"])
    return Run.from_rows(experiment, np.asarray(rows, np.float64), outcome)


def benchmarks_of(said: Mapping[str, Any]) -> Benchmarks:
    return Benchmarks(said.get("attainable"), said.get("reference"), said["guessing"])


def disagreeing(name: str, file: str) -> list[str]:
    """Where the code says something else: the run, what the hand said, what the code says."""
    return [
        f"{said['name']}: {said['cause']} by hand, {cause} by the code"
        for run, known, said in judged_runs(name, file)
        if (cause := judge(run, known).cause) not in (said["cause"], *said.get("also", ()))
    ]


@pytest.mark.parametrize(
    ("name", "file", "agree"),
    [("runs", "records", AGREE), ("fresh", "fresh", AGREE_FRESH)],
    ids=["forty", "fresh"],
)
def test_the_verdict_agrees_with_the_hand(name, file, agree, record_property):
    apart = disagreeing(name, file)
    record_property("apart", apart)
    total = len(judged_runs(name, file))
    assert total == {"runs": 40, "fresh": 20}[name]
    assert total - len(apart) >= agree, "\n".join(apart)


def test_the_runs_judged_by_hand_are_of_every_kind():
    said = [one for _, _, one in judged_runs("runs", "records")]
    assert {Experiment.from_dict(one["experiment"]).data.kind for one in said} == {
        "blobs",
        "moons",
        "circles",
        "spirals",
        "digits",
    }
    assert sum(bool(one.get("also")) for one in said) <= 8  # two honest answers are the exception
