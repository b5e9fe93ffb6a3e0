"""Runs that are trained by the same calls of one program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from core.engine import feed, plateau
from core.engine.device import tf
from core.engine.program import Program, Tables, epochs_per_call
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Table


@dataclass(frozen=True)
class Chunk:
    """The next epochs of one run: records (epochs, COLUMNS)."""

    run: int
    records: Table


class Group:
    """Some runs of a session, one a lane; spare lanes repeat the last of them."""

    def __init__(
        self, program: Program, runs: Sequence[int], experiments: Sequence[Experiment]
    ) -> None:
        spare = program.lanes - len(experiments)
        self.program, self.key, self.runs = program, program.key, list(runs)
        self.lanes = [*experiments, *[experiments[-1]] * spare]
        self.driven: list[float | None] = [None] * len(self.lanes)
        self.open = list(range(len(runs)))  # lanes of runs that have not ended
        self.first = 0  # the next epoch, from 0
        self.held = feed.held(self.key, self.lanes)
        self.state = feed.first_state(self.key, self.lanes)

    def set_learning_rate(self, run: int, rate: float) -> None:
        """From the next update on, whatever the schedule says."""
        lane = self.runs.index(run)
        self.driven[lane] = rate
        watch = self.held.watch.numpy()
        watch[lane, plateau.Watch._fields.index("start")] = plateau.NEVER
        self.held = self.held._replace(watch=tf.constant(watch))

    def train(self, seconds: float) -> tuple[list[Chunk], dict[int, Outcome]]:
        """As many epochs as take about so long, at least one; runs that end by it, and how."""
        left = max(self.lanes[lane].epochs for lane in self.open) - self.first
        speed = self.program.epoch_seconds
        fitting = int(seconds / speed) if speed else 1
        epochs = max(1, min(fitting, left, epochs_per_call(self.key)))
        started = perf_counter()
        records = self.call(epochs)
        self.program.epoch_seconds = (perf_counter() - started) / epochs
        return self.sort(records)

    def call(self, epochs: int) -> Table:
        """Train every lane, or compile only by 0 epochs; (lanes, epochs, COLUMNS)."""
        ahead = range(self.first, self.first + epochs)
        self.first += epochs
        tables = feed.tables(self.key, self.lanes, self.driven, ahead)
        watch = plateau.Watch(*self.held.watch.numpy().T)
        self.state, filled = self.program(self.state, self.held, Tables(*map(tf.constant, tables)))
        figures = filled.numpy()[:, :epochs]
        per_epoch = self.key.updates_per_epoch
        last_rates = tables.rates[:, per_epoch - 1 :: per_epoch][:, :epochs]
        watching = np.array(ahead) >= watch.start[:, None]
        figures[:, :, 0] = np.where(watching, figures[:, :, 0], last_rates)
        records = np.empty((len(self.lanes), epochs, len(COLUMNS)))
        records[:, :, 0] = np.array(ahead) + 1
        records[:, :, 1] = records[:, :, 0] * per_epoch
        records[:, :, 2:] = figures
        return records

    def sort(self, records: Table) -> tuple[list[Chunk], dict[int, Outcome]]:
        """Cut each open lane's records where its run has ended."""
        chunks, outcomes = [], {}
        for lane in list(self.open):
            kept, outcome = ended(records[lane], self.lanes[lane].epochs)
            if len(kept):
                chunks.append(Chunk(self.runs[lane], kept))
            if outcome:
                outcomes[self.runs[lane]] = outcome
                self.open.remove(lane)
        return chunks, outcomes


def ended(records: Table, epochs: int) -> tuple[Table, Outcome | None]:
    """The records that a run of so many epochs keeps, and how it ended if it did."""
    records = records[records[:, 0] <= epochs]
    losses = records[:, [COLUMNS.index("loss"), COLUMNS.index("val_loss")]]
    broken = np.flatnonzero(~np.isfinite(losses).all(axis=1))
    if len(broken):
        return records[: broken[0]], Outcome("diverged", int(records[broken[0], 0]))
    last = int(records[-1, 0])
    return records, Outcome("finished", epochs) if last == epochs else None
