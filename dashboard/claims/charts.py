"""The chart of one claim: the curves of the cells it speaks of, and what it is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from core.analysis.claims import Claim, ClaimVerdict, Measure
from core.analysis.studies import rates, study
from core.analysis.studies.tutorial import ON_PAPER_UPDATES
from core.experiment.records import Run
from dashboard.claims.job import Whole
from dashboard.claims.marks import Judged, marks
from dashboard.claims.panels import axes, layout
from dashboard.lines import palette
from dashboard.lines.figures import HOVER, Json, LiveFigure
from dashboard.studies.asked import SPREAD
from dashboard.studies.curves import named_once
from dashboard.studies.lines import Drawn, Style, band, line, split
from dashboard.studies.names import spoken
from dashboard.text import Words

FIELDS = {
    "end": "val_accuracy",
    "gain": "val_accuracy",
    "epochs_to_80": "val_accuracy",
    "learnt_epoch": "val_accuracy",
    "train_end": "accuracy",
    "settled_epoch": "accuracy",
    "bottom_epoch": "learning_rate",
    "cuts": "learning_rate",
}
SWINGS = {"late_swing": "accuracy", "test_swing": "val_accuracy"}
POINTS_MAX = 800  # of a line on paper; more cannot be seen
SINGLE = {"width": 1.0, "opacity": 0.45}  # a seed's own line under the mean
RATE_SPAN = (1e-4, 2.0)  # of the first rate: a hundredth is what claims ask for
ACCURACY = {"range": [0, 1.02], "tickformat": ".0%", "dtick": 0.25}
RATE = {"type": "log", "exponentformat": "e", "minexponent": 3, "nticks": 5}


class Evidence(NamedTuple):
    """A claim, and what is known of it under each version of Keras that is asked for."""

    claim: Claim
    verdicts: Mapping[str, ClaimVerdict | None]  # by version
    whole: Whole
    seeds: int
    words: Words

    @property
    def measure(self) -> str:
        return self.claim.measures[0].name

    def runs(self, measure: Measure, version: str) -> list[int]:
        """Where in the job the runs of a measure's cell are, seed by seed."""
        seeded = measure.cell(version).seeded(self.seeds)
        return [self.whole.places[experiment] for experiment in seeded]

    def style(self, measure: Measure, version: str) -> Style:
        """The hue that the cell has in its study, and its name."""
        cell = measure.cell(version)
        place = study(measure.study, version).cells.index(cell)
        name = spoken(cell, self.words)
        return Style(palette.SERIES[place], name, name)


def of_runs(of: Evidence) -> LiveFigure:
    """Mean and band of every cell, filled by the job; of rates, which fall in steps, each seed."""
    field = FIELDS[of.measure]
    draw = seed_by_seed if field == "learning_rate" else around_the_mean
    drawn = [
        one
        for panel, version in enumerate(of.verdicts)
        for measure in of.claim.measures
        for one in draw(field, of, measure, version, axes(panel))
    ]
    traces, binds = split(named_once(drawn))
    epochs = of.claim.measures[0].cell(next(iter(of.verdicts))).experiment.length
    return LiveFigure(figure(of, traces, by_epoch(epochs, of.words), scale(field, of)), binds, [])


def around_the_mean(
    field: str, of: Evidence, measure: Measure, version: str, on: tuple[str, str]
) -> list[Drawn]:
    runs, look = of.runs(measure, version), of.style(measure, version)
    return [
        *band(field, runs, on, look._replace(name=""), SPREAD),
        line(field, runs, on, look),
    ]


def seed_by_seed(
    field: str, of: Evidence, measure: Measure, version: str, on: tuple[str, str]
) -> list[Drawn]:
    runs, look = of.runs(measure, version), of.style(measure, version)
    singles = [line(field, [run], on, look._replace(name="")) for run in runs]
    thin = [one._replace(trace={**one.trace, **single(one.trace)}) for one in singles]
    return [*thin, line(field, runs, on, look)]


def single(trace: Json) -> Json:
    line = {**trace["line"], "width": SINGLE["width"]}
    return {"line": line, "opacity": SINGLE["opacity"], "hoverinfo": "skip", "hovertemplate": None}


def of_swings(of: Evidence, runs: Sequence[Run]) -> Json:
    """How far the accuracy moves from one epoch to the next, the mean of the seeds."""
    field = SWINGS[of.measure]
    traces = []
    for panel, version in enumerate(of.verdicts):
        for measure in of.claim.measures:
            own = [runs[place] for place in of.runs(measure, version)]
            whole = [run.column(field) for run in own if run.outcome.kind == "finished"]
            moved = np.abs(np.diff(np.array(whole), axis=1)).mean(axis=0) if whole else []
            x = list(range(2, len(moved) + 2))
            hover = HOVER["accuracy"]
            traces.append(trace(x, np.asarray(moved), hover, of, measure, version, axes(panel)))
    epochs = of.claim.measures[0].cell(next(iter(of.verdicts))).experiment.length
    y = {"rangemode": "tozero", "tickformat": ".0%", "nticks": 5}
    y["title"] = {"text": of.words("lesson.axis_swing"), "standoff": 6}
    return figure(of, once(traces), by_epoch(epochs, of.words), y)


def on_paper(of: Evidence) -> Json:
    """The rate of every update that the claim speaks of, without any training."""
    traces = []
    most = 1
    for panel, version in enumerate(of.verdicts):
        for measure in of.claim.measures:
            experiment = measure.cell(version).experiment
            updates = ON_PAPER_UPDATES
            if of.measure == "last_rate":
                updates = experiment.length * experiment.updates_per_epoch
            step, most = -(-updates // POINTS_MAX), max(most, updates)
            y = rates(experiment, updates)
            kept = [*range(0, updates - 1, step), updates - 1]
            hover = HOVER["learning_rate"]
            traces.append(trace(kept, y[kept], hover, of, measure, version, axes(panel)))
    x = {**horizontal(most), "title": {"text": of.words("lesson.axis_update"), "standoff": 4}}
    x["unifiedhovertitle"] = {"text": of.words("studies.hover_update")}
    y_axis = scale("learning_rate", of)
    if of.measure == "rate_after_50":  # as the tutorial draws it
        y_axis = {"title": y_axis["title"], "rangemode": "tozero", "nticks": 5}
    return figure(of, once(traces), x, y_axis)


def trace(
    x: Sequence[int],
    y: Any,
    hover: str,
    of: Evidence,
    measure: Measure,
    version: str,
    on: tuple[str, str],
) -> Json:
    """A line that brings its own points."""
    drawn = line("accuracy", [], on, of.style(measure, version)).trace
    return {**drawn, "x": list(x), "y": [float(value) for value in y], "hovertemplate": hover}


def once(traces: Sequence[Json]) -> list[Json]:
    return [one.trace for one in named_once(Drawn(each, None) for each in traces)]


def figure(of: Evidence, traces: list[Json], x: Json, y: Json) -> Json:
    """Traces in their panels, with the marks of each version's verdict."""
    versions = list(of.verdicts)
    titles = [of.words(f"studies.version_{one}") if len(versions) > 1 else "" for one in versions]
    drawn = [marks(Judged(of.claim, of.verdicts[one], of.words)) for one in versions]
    formed = layout(titles, x, y, drawn)
    narrow = formed.pop("narrow")
    formed["uirevision"] = f"{of.claim.id} {len(versions)}"
    return {"data": traces, "layout": formed, "narrow": narrow}


def horizontal(most: int) -> Json:
    return {"range": [0, most * 1.01], "zeroline": False, "nticks": 6, "hoverformat": "d"}


def by_epoch(epochs: int, words: Words) -> Json:
    hover = {"text": words("studies.hover_epoch")}
    title = {"text": words("studies.epoch"), "standoff": 4}
    return {**horizontal(epochs), "title": title, "unifiedhovertitle": hover}


def scale(field: str, of: Evidence) -> Json:
    """The y axis of a field; of rates by powers of ten, from the first one down."""
    names = {"accuracy": "train", "val_accuracy": "test", "learning_rate": "rate"}
    title = {"text": of.words(f"lesson.axis_{names[field]}"), "standoff": 6}
    if field != "learning_rate":
        return {**ACCURACY, "title": title, "zeroline": False}
    first = max(
        measure.cell(version).experiment.optimizer.learning_rate
        for version in of.verdicts
        for measure in of.claim.measures
    )
    lowest = min(RATE_SPAN[0], (of.claim.agrees.number or 1.0) / first / 2)
    span = [float(np.log10(first * share)) for share in (lowest, RATE_SPAN[1])]
    return {**RATE, "range": span, "title": title, "zeroline": False}
