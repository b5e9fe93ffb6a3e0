"""What stands in for training where commands are tested, and how their records are read."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np

from core.cli.training import Trained
from tests.analysis.studies.made_up import made_up

START = np.array([0, 0, 0.01, 1.5, 0.3, 1.6, 0.2])  # the row of epoch 0
HEADER = "run,seed,epoch,updates,learning_rate,loss,accuracy,val_loss,val_accuracy"


class Trainer:
    """Makes up the records of what it is given, and remembers it."""

    def __init__(self, outcome="finished", epochs=3, interrupted=False):
        self.outcome, self.epochs, self.interrupted = outcome, epochs, interrupted

    def __call__(self, experiments, engine, columns):
        self.experiments, self.engine, self.columns = list(experiments), engine, columns
        runs = [made_up(e, epochs=self.epochs, outcome=self.outcome) for e in experiments]
        return Trained([replace(run, start=START) for run in runs], self.interrupted)


def rows(text):
    header, *read = csv.reader(io.StringIO(text))
    assert header == HEADER.split(",")
    return [dict(zip(header, row, strict=True)) for row in read]
