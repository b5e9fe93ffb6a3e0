"""Runs that nobody trained, and live figures filled with them by the chart's own scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run
from dashboard.lines.figures import Json, LiveFigure
from tests.dashboard.scripts import answer

EPOCHS = 12
LARGE = 1.0  # a rate from which on every other seed diverges
LABELS = {str(points) for points in range(0, 101, 10)}
LOST_AT = 5  # the epoch without a finite loss
FILL = """
import { annotate } from "./dashboard/components/live/notes.js";
import { Records } from "./dashboard/components/live/records.js";
import { points } from "./dashboard/components/live/series.js";
const { figure, binds, notes, runs, columns } = JSON.parse(process.argv[1]);
const records = new Records("job");
runs.forEach(({ rows, outcome }, number) => {
  records.run(number).write(1, columns, Float64Array.from(rows.flat()));
  records.run(number).outcome = outcome;
});
const data = figure.data.map((trace, place) => {
  if (!binds[place]) return trace;
  if (binds[place].ghost) return { ...trace, visible: false };
  return { ...trace, ...points(binds[place], records) };
});
const theme = { color: "#1b2733", background: "#fff" };
const view = figure.layout.xaxis?.range ?? [0, 1];
const { shapes, annotations } = annotate(notes, records, view, theme);
const layout = { ...figure.layout };
if (shapes.length) layout.shapes = shapes;
if (annotations.length) layout.annotations = [...(layout.annotations ?? []), ...annotations];
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
console.log(JSON.stringify({ data, layout }, plain));
"""


def made_up(experiment: Experiment) -> Run:
    """A run that learns the faster, the larger its rate; a bit differently with each seed.

    From a rate of 1 on it swings, and with every other seed it diverges.
    """
    optimizer, seed = experiment.optimizer, experiment.seed
    first = float(optimizer.learning_rate)
    pace = first * (1 + 4 * getattr(optimizer, "momentum", 0.0))
    lost = first >= LARGE and seed % 2 == 1
    epochs = np.arange(1, LOST_AT if lost else experiment.length + 1, dtype=float)
    learned = 1 - 1 / (1 + 10 * pace * epochs)
    swing = 0.1 * (-1.0) ** epochs if first >= LARGE else 0.0 * epochs
    accuracy = 0.33 + 0.5 * learned + swing + 0.01 * (seed % 3)
    decay = 1 / (1 + epochs) if experiment.schedule.kind != "constant" else np.ones_like(epochs)
    loss = 1.1 - 0.7 * learned + abs(swing)
    updates = epochs * experiment.updates_per_epoch
    columns = (epochs, updates, first * decay, loss, accuracy, loss + 0.05, accuracy - 0.02)
    outcome = Outcome("diverged", LOST_AT) if lost else Outcome("finished", len(epochs))
    return Run(experiment, np.column_stack(columns), outcome)


def filled(live: LiveFigure, experiments: Sequence[Experiment]) -> Json:
    """What a browser shows of a live figure when runs of these experiments have ended."""
    runs = [made_up(experiment) for experiment in experiments]
    given: dict[str, Any] = {**live._asdict(), "columns": COLUMNS}
    given["runs"] = [
        {"rows": run.records.tolist(), "outcome": run.outcome.to_dict()} for run in runs
    ]
    found: Json = answer(FILL, given)
    shorten(found["layout"])
    return found


def on_a_phone(live: LiveFigure) -> LiveFigure:
    """The same as a narrow chart lays it out: axis by axis what is said of it, else as it is."""
    figure = live.figure
    layout, narrow = figure["layout"], figure["narrow"]
    axes = {name: {**layout[name], **narrow[name]} for name in narrow if "axis" in name}
    return live._replace(figure={**figure, "layout": {**layout, **narrow, **axes}})


def shorten(layout: Json) -> None:
    """Of the 2,001 labels that a difference in points may have, keep those of these pictures."""
    aliases = layout.get("yaxis", {}).get("labelalias")
    if aliases:
        kept = {name: alias for name, alias in aliases.items() if name[1:-1] in LABELS}
        layout["yaxis"]["labelalias"] = kept
