"""The command line with the real engines, briefly."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.reading import heard
from tests.service.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, "-m", "core", "run")


def records(*arguments):
    done = subprocess.run([*RUN, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_both_engines_tell_the_same_of_the_same_experiment():
    stable = "optimizer.learning_rate=0.001"
    wanted = ("--set", "epochs=4", "--set", stable, "--seeds", "2")
    compiled, keras = (records(*wanted, "--engine", name) for name in ("compiled", "keras"))
    assert [(row["seed"], row["epoch"]) for row in compiled] == [
        (seed, epoch) for seed in "01" for epoch in "1234"
    ]
    for ours, theirs in zip(compiled, keras, strict=True):
        figures = [[float(row[name]) for name in list(row)[1:]] for row in (ours, theirs)]
        assert figures[0] == pytest.approx(figures[1], rel=1e-5)
    assert np.isfinite([float(row["loss"]) for row in compiled]).all()


def test_ctrl_c_ends_a_fit_and_keeps_its_epochs():
    process = subprocess.Popen(
        [*RUN, "--engine", "keras", "--set", "epochs=2000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        told = heard(process.stderr, "training")  # said with the first epoch
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, told + rest
    epochs = len(out.splitlines()) - 1
    assert 1 <= epochs < 2000
    assert f"Interrupted: the {epochs} epochs that were finished are written." in rest
