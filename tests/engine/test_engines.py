"""`train`, the one door to both engines: order, stop, outcomes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.engine import train
from core.experiment.records import COLUMNS, Outcome
from tests.engine.problems import SMALL

# Keras's own callbacks read variables in a way that NumPy 2 is about to refuse.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

ENGINES = ["compiled", "keras"]
BASE = SMALL.replace({"epochs": 6})


class Stop:
    """Says stop once so many rows have been heard, the first of them that of epoch 0."""

    def __init__(self, rows: int) -> None:
        self.rows, self.heard = rows, 0

    def hear(self, run: int, records: np.ndarray) -> None:
        self.heard += len(records)

    def __call__(self) -> bool:
        return self.heard >= self.rows


@pytest.mark.parametrize("engine", ENGINES)
def test_records_are_heard_as_they_come_and_returned_in_order(engine):
    experiments = [BASE, BASE.replace({"model.hidden": []}), BASE.replace({"seed": 1})]
    heard: list[list[np.ndarray]] = [[], [], []]
    runs = train(experiments, engine, lambda run, records: heard[run].append(records))
    assert [run.experiment for run in runs] == experiments
    assert [run.outcome for run in runs] == [Outcome("finished", 6)] * 3
    for run, parts in zip(runs, heard, strict=True):
        np.testing.assert_array_equal(np.vstack([run.start, run.records]), np.concatenate(parts))
    assert not np.array_equal(runs[0].records, runs[2].records)


@pytest.mark.parametrize("engine", ENGINES)
def test_stopping_keeps_finished_epochs(engine):
    long = BASE.replace({"data.samples": 1000, "batch_size": 5, "epochs": 2000})  # of some chunks
    stop = Stop(rows=4)
    (run,) = train([long], engine, stop.hear, stop)
    assert 3 <= len(run.records) < 2000
    assert run.outcome == Outcome("stopped", len(run.records))
    (whole,) = train([long.replace({"epochs": 3})], engine)
    np.testing.assert_array_equal(run.records[:3], whole.records)


@pytest.mark.parametrize("engine", ENGINES)
def test_runs_that_a_stop_comes_before_are_stopped_without_records(engine):
    runs = train([BASE, BASE], engine, should_stop=lambda: True)
    assert [run.outcome for run in runs] == [Outcome("stopped", 0)] * 2
    assert [run.records.shape for run in runs] == [(0, 7)] * 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_a_stop_comes_before_has_the_columns_that_were_asked_for(engine):
    columns = (*COLUMNS, "sharpness")
    [run] = train([BASE], engine, should_stop=lambda: True, columns=columns)
    assert (run.columns, run.records.shape) == (columns, (0, 8))


def test_fit_stops_in_the_middle_of_an_epoch_and_keeps_those_before_it():
    looks = Looks(1 + 4 + 2)  # before the run, behind four batches, and two more of the next epoch
    (run,) = train([BASE], "keras", should_stop=looks)
    assert run.outcome == Outcome("stopped", 1)
    assert len(run.records) == 1
    assert looks.left == 0  # and is not asked once more


class Looks:
    """Says stop when it is asked for the last of so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> bool:
        self.left -= 1
        return self.left <= 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_diverges_at_its_first_epoch_without_a_finite_loss(engine):
    wild = BASE.replace({"optimizer.learning_rate": 10.0, "data.noise": 10.0})
    (run,) = train([wild], engine)
    assert run.outcome == Outcome("diverged", len(run.records) + 1)
    assert np.isfinite(run.records).all()


def test_an_unknown_engine_is_refused_by_name():
    with pytest.raises(ValueError, match=r"Engine: engine must be one of compiled, keras, got"):
        train([BASE], engine="slow")


PROGRAM = """
import sys
from pathlib import Path
from core.engine import train
from core.engine.compiled import warm
from core.experiment import Experiment

dump = Path(sys.argv[1])
count = lambda: len(list(dump.glob("*a_inference_run*before_optimizations.txt")))
base = Experiment().replace({"data.samples": 40, "model.hidden": [3], "model.dropout": 0.1})
warm(base)
first = count()
plateau = {"kind": "plateau", "patience": 1, "warmup_epochs": 2}
changes = [
    {"epochs": 3},
    {"epochs": 301, "optimizer.learning_rate": 0.5, "optimizer.momentum": 0.9, "seed": 5},
    {"epochs": 7, "optimizer.nesterov": True, "data.noise": 0.3, "model.dropout": 0.5},
    {"epochs": 9, "changes": [{"epoch": 4, "schedule": plateau}, {"epoch": 9, "epochs": 12}]},
]
train([base.replace(one) for one in changes])
print(first, count())
"""


def test_moving_any_number_compiles_nothing(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={"PATH": "", "XLA_FLAGS": f"--xla_dump_to={tmp_path} --xla_dump_hlo_as_text"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "1"]  # compiled programs after warming, and at the end
