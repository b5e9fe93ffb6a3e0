"""Runs that are trained by the same calls of one program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from core.engine import feed, plateau
from core.engine.evaluation import first_figures
from core.engine.measures import extra_figures
from core.engine.program import Program, epochs_per_call
from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Table


@dataclass(frozen=True)
class Chunk:
    """The next epochs of one run: records (epochs, columns)."""

    run: int
    records: Table


class LaneGroup:
    """Some runs of a session, one a lane; spare lanes repeat the last of them.

    All are at the same epoch: those that go on from snapshots must be, too.
    """

    def __init__(
        self,
        program: Program,
        runs: Sequence[int],
        experiments: Sequence[Experiment],
        snapshots: Sequence[Snapshot | None],
        extra: Sequence[str] = (),
    ) -> None:
        spare = program.lanes - len(experiments)
        self.program, self.key, self.runs, self.extra = program, program.key, list(runs), extra
        self.lanes = [*experiments, *[experiments[-1]] * spare]
        self.open = list(range(len(runs)))  # lanes of runs that have not ended
        starts = [*snapshots, *[snapshots[-1]] * spare]
        self.first = starts[0].epoch if starts[0] else 0  # the next epoch, from 0
        self.rows = feed.rows(tuple(one.data for one in self.lanes))
        self.state = feed.side_by_side(
            [
                feed.state_of(one, start) if start else feed.first_state(one)
                for one, start in zip(self.lanes, starts, strict=True)
            ]
        )
        self.losses = np.empty((len(self.lanes), 0, self.key.updates_per_epoch))  # of the last call

    def train(self, seconds: float) -> tuple[list[Chunk], dict[int, Outcome]]:
        """As many epochs as take about so long, at least one; runs that end by it, and how.

        With extra columns it is one, because these are measured between two calls.
        """
        left = max(self.lanes[lane].length for lane in self.open) - self.first
        speed = self.program.epoch_seconds
        fitting = int(seconds / speed) if speed and not self.extra else 1
        epochs = max(1, min(fitting, left, epochs_per_call(self.key)))
        before = self.start_rows() if self.first == 0 else []
        started = perf_counter()
        records = self.call(epochs)
        self.program.epoch_seconds = (perf_counter() - started) / epochs
        if self.extra:
            records = np.concatenate([records, self.extra_rows()[:, None]], 2)
        return self.sort(records, before)

    def call(self, epochs: int) -> Table:
        """Train every lane, or compile only by 0 epochs; (lanes, epochs, COLUMNS)."""
        ahead = range(self.first, self.first + epochs)
        self.first += epochs
        room = epochs_per_call(self.key)
        tables = feed.side_by_side([feed.tables(one, ahead, room) for one in self.lanes])
        span = np.array([ahead.start, epochs], np.int32)
        self.state, figures, losses = self.program(self.state, self.rows, tables, span)
        figures, rates, watch = (
            table if self.program.lanes > 1 else table[None]
            for table in (figures.numpy(), tables.rates, tables.watch)
        )
        self.losses = losses.numpy().reshape(len(self.lanes), room, -1)[:, :epochs]
        start = watch[:, :epochs, plateau.Watch._fields.index("start")]
        watching = np.array(ahead) >= start
        records = np.empty((len(self.lanes), epochs, len(COLUMNS)))
        records[:, :, 0] = np.array(ahead) + 1
        records[:, :, 1] = records[:, :, 0] * self.key.updates_per_epoch
        records[:, :, 2:] = figures[:, :epochs]
        records[:, :, 2] = np.where(watching, records[:, :, 2], rates[:, :epochs, -1])
        return records

    def start_rows(self) -> list[Table]:
        """Of each lane the row of epoch 0, (1, columns): measured before the first update."""
        rows = []
        extra = self.extra_rows() if self.extra else np.empty((len(self.lanes), 0))
        for lane, more in zip(self.lanes, extra, strict=True):
            rate = np.float32(lane.rates(np.array([0]))[0])
            rows.append(np.array([[0, 0, rate, *first_figures(lane), *more]], np.float64))
        return rows

    def extra_rows(self) -> Table:
        """The extra columns as things stand, (lanes, columns); NaN where no run is open."""
        rows = np.full((len(self.lanes), len(self.extra)), np.nan)
        for lane, snapshot in zip(self.open, self.snapshots(self.open), strict=True):
            rows[lane] = extra_figures(self.extra, self.lanes[lane], snapshot)
        return rows

    def snapshots(self, lanes: Sequence[int]) -> list[Snapshot]:
        """The runs of some lanes as they stand."""
        state = feed.arrays_of(self.state)  # once for all: on a GPU it has to come from there
        return [
            feed.snapshot_of(
                self.lanes[lane], feed.one_lane(state, lane, len(self.lanes)), self.first
            )
            for lane in lanes
        ]

    def sort(
        self, records: Table, before: Sequence[Table]
    ) -> tuple[list[Chunk], dict[int, Outcome]]:
        """Cut each open lane's records where its run has ended; `before` goes ahead of them."""
        chunks, outcomes = [], {}
        for lane in list(self.open):
            kept, outcome = cut_at_end(records[lane], self.lanes[lane].length)
            if before:
                kept = np.concatenate([before[lane], kept])
            if len(kept):
                chunks.append(Chunk(self.runs[lane], kept))
            if outcome:
                outcomes[self.runs[lane]] = outcome
                self.open.remove(lane)
        return chunks, outcomes


def cut_at_end(records: Table, epochs: int) -> tuple[Table, Outcome | None]:
    """The records that a run of so many epochs keeps, and how it ended if it did."""
    records = records[records[:, 0] <= epochs]
    losses = records[:, [COLUMNS.index("loss"), COLUMNS.index("val_loss")]]
    broken = np.flatnonzero(~np.isfinite(losses).all(axis=1))
    if len(broken):
        return records[: broken[0]], Outcome("diverged", int(records[broken[0], 0]))
    last = int(records[-1, 0])
    return records, Outcome("finished", epochs) if last == epochs else None
