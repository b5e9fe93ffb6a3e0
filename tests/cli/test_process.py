"""The command line as a process of its own: streams, signals, what it loads."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.experiment import Experiment
from tests.cli.reading import heard
from tests.service.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
REAL = (sys.executable, "-m", "core")
FAKE = (sys.executable, "-m", "tests.cli.with_fake_worker")
SLOW_SEED = 1000  # an epoch takes about 50 ms: tests/service/fake_worker.py


def called(*command, **options):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)


def test_a_refusal_is_one_line_and_status_2():
    done = called(*REAL, "run", "--set", "optimizer.momentum=7")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Experiment: `optimizer.momentum` must be ")
    assert done.stderr.count("\n") == 1


def test_a_number_of_workers_that_is_none_is_one_line_and_status_2():
    environment = {**os.environ, "LEARNING_RATE_LAB_WORKERS": "abc"}
    done = called(*FAKE, "run", "--set", "epochs=1", env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    expected = "Laboratory: `LEARNING_RATE_LAB_WORKERS` must be a whole number from 1 to 16"
    assert done.stderr == f'{expected}, got "abc".\n'


def test_neither_a_refusal_nor_a_chart_on_paper_loads_tensorflow():
    program = (
        "import sys; from core.cli.program import main\n"
        "main(['run', '--set', 'optimizer.momentum=7'])\n"
        "main(['study', 'decay-on-paper'])\n"
        "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert called(sys.executable, "-c", program).returncode == 0


def test_an_experiment_comes_from_standard_input():
    given = Experiment(epochs=7, seed=3).to_json()
    done = called(*FAKE, "run", "-", "--set", "epochs=4", input=given)
    assert done.returncode == 0
    assert [row["epoch"] for row in csv.DictReader(io.StringIO(done.stdout))] == list("1234")
    assert "done 100 %" in done.stderr


def test_both_workers_train_a_study():
    done = called(*FAKE, "study", "optimizer", "--seeds", "3")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1 + 4 * 3 * 200
    assert "12 runs in" in done.stderr


def test_a_reader_that_goes_away_leaves_no_traceback():
    process = subprocess.Popen(
        [*REAL, "study", "decay-on-paper"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 141
    assert told == ""


def test_a_full_disk_is_a_sentence():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*REAL, "study", "decay-on-paper"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "Command: results must have room to be written, got: " in done.stderr.decode()


def test_ctrl_c_writes_the_finished_epochs():
    process = subprocess.Popen(
        [*FAKE, "run", "--set", f"seed={SLOW_SEED}", "--set", "epochs=2000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        told = heard(process.stderr, "training")
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    epochs = len(out.splitlines()) - 1
    assert epochs < 2000
    assert f"Interrupted: the {epochs} epochs that were finished are written." in rest
    assert "Traceback" not in told + rest


# So much that none has ended by itself where the signal comes late.
LONG = (
    ["run", "--seeds", "50", "--set", "epochs=2000"],
    ["run", "--engine", "keras"],
    ["claims", "--seeds", "50"],
)


@pytest.mark.parametrize("loaded", ["argparse", "numpy", "core.experiment"])
@pytest.mark.parametrize("command", LONG)
def test_ctrl_c_while_the_program_loads_leaves_no_traceback(command, loaded):
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "core", *command],  # tells every import
        cwd=ROOT,
        env={**os.environ, "LEARNING_RATE_LAB_STORE": "none"},  # which would answer at once
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        heard(process.stderr, f" {loaded}\n")
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Interrupted" in rest
    assert "Traceback" not in rest
