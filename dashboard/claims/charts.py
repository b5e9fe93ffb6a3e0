"""The chart of one claim: the curves of the cells it speaks of, and what it is judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from core.analysis.claims import Claim, ClaimVerdict, Measure
from core.analysis.studies import rates, study
from core.analysis.studies.tutorial import ON_PAPER_UPDATES
from core.experiment.records import Run
from dashboard.claims.job import Whole
from dashboard.claims.marks import Judged, marks
from dashboard.claims.panels import layout
from dashboard.lines.axes import axes_of, axis_key
from dashboard.lines.curves import hues_of
from dashboard.lines.figures import HOVER, Json, LiveFigure
from dashboard.lines.formats import PERCENT, SHORT_TENTHS
from dashboard.lines.names import BETWEEN, name_in_sentence
from dashboard.lines.options import of_its_own, rates_read, read, reading, updates_read
from dashboard.lines.references import measured
from dashboard.lines.traces import Drawn, Style, band, line, named_once, split
from dashboard.settings.studies import SPREAD
from dashboard.text import Words
from dashboard.text.numbers import rate as written

FIELDS = {
    "end": "val_accuracy",
    "epochs_to_80": "val_accuracy",
    "learnt_epoch": "val_accuracy",
    "train_end": "accuracy",
    "settled_epoch": "accuracy",
    "bottom_epoch": "learning_rate",
    "cuts": "learning_rate",
}
# Not what is recorded, but what becomes of it: computed once the runs have ended.
COMPUTED = {"late_swing": "accuracy", "test_swing": "val_accuracy", "gain": "val_accuracy"}
POINTS_MAX = 800  # of a line on paper; more cannot be seen
SINGLE = {"width": 1.0, "opacity": 0.45}  # a seed's own line under the mean
RATE_SPAN = (1e-4, 2.0)  # of the first rate: a hundredth is what claims ask for
ACCURACY = {
    "range": [0.2, 0.94],
    "tickformat": PERCENT,
    "tick0": 0,
    "dtick": 0.2,
}  # where it all is
RISE = [-0.15, 0.15]
DECADES = [10.0**power for power in range(-9, 2)]


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
        return self.whole.runs[version, measure.study][place(measure, version)]

    def style(self, measure: Measure, version: str) -> Style:
        """The hue that the cell has in its study, and its name."""
        name = name_in_sentence(measure.cell(version), self.words)
        hues = hues_of(study(measure.study, version).cells)
        return Style(hues[place(measure, version)], name, name)

    def column(self, measure: Measure, version: str) -> str:
        """What the cell is called in the table of the curve."""
        names = [name_in_sentence(measure.cell(version), self.words)]
        if len(self.verdicts) > 1:
            names.append(self.words(f"studies.version_{version}"))
        return BETWEEN.join(names)


@cache
def place(measure: Measure, version: str) -> int:
    """Which of its study's cells a measure is taken of."""
    return study(measure.study, version).cells.index(measure.cell(version))


def of_runs(of: Evidence) -> LiveFigure:
    """Mean and band of every cell, filled by the job; of rates, which fall in steps, each seed."""
    field = FIELDS[of.measure]
    draw = seed_by_seed if field == "learning_rate" else around_the_mean
    drawn = [
        one
        for panel, version in enumerate(of.verdicts)
        for measure in of.claim.measures
        for one in draw(field, of, measure, version, axes_of(panel))
    ]
    drawn = named_once(drawn)
    traces, binds = split(drawn)
    epochs = of.claim.measures[0].cell(next(iter(of.verdicts))).experiment.length
    formed = figure(of, traces, by_epoch(epochs, of.words), scale(field, of))
    formed["reading"] = reading(drawn)
    if field != "learning_rate":
        panels = {
            axis_key(axes_of(n)[1]): runs_of(of, version) for n, version in enumerate(of.verdicts)
        }
        formed |= measured(panels, of.whole.experiments, within=True)
    return LiveFigure(formed, binds, [])


def runs_of(of: Evidence, version: str) -> list[int]:
    """The runs of all cells under one version of Keras."""
    return [run for measure in of.claim.measures for run in of.runs(measure, version)]


def around_the_mean(
    field: str, of: Evidence, measure: Measure, version: str, on: tuple[str, str]
) -> list[Drawn]:
    runs, look = of.runs(measure, version), of.style(measure, version)
    return [
        *band(field, runs, on, look._replace(name=""), SPREAD),
        read(line(field, runs, on, look), of.column(measure, version), of.words),
    ]


def seed_by_seed(
    field: str, of: Evidence, measure: Measure, version: str, on: tuple[str, str]
) -> list[Drawn]:
    runs, look = of.runs(measure, version), of.style(measure, version)
    singles = [line(field, [run], on, look._replace(name="")) for run in runs]
    thin = [one._replace(trace={**one.trace, **single(one.trace)}) for one in singles]
    mean = read(line(field, runs, on, look), of.column(measure, version), of.words)
    return [*thin, mean]


def single(trace: Json) -> Json:
    line = {**trace["line"], "width": SINGLE["width"]}
    return {"line": line, "opacity": SINGLE["opacity"], "hoverinfo": "skip", "hovertemplate": None}


def measure_by_epoch(of: Evidence, runs: Sequence[Run]) -> LiveFigure:
    """What a claim's measure makes of every epoch of every run, the mean of the seeds."""
    traces, columns = [], []
    for panel, version in enumerate(of.verdicts):
        for measure in of.claim.measures:
            columns.append(of.column(measure, version))
            own = [runs[number] for number in of.runs(measure, version)]
            kept = [run for run in own if run.outcome.kind == "finished"]
            y = np.mean([EACH[measure.name](run) for run in kept], axis=0) if kept else np.array([])
            first = kept[0].experiment.length - len(y) + 1 if kept else 1
            x = range(first, first + len(y))
            traces.append(trace(x, y, HOVER["accuracy"], of, measure, version, axes_of(panel)))
    epochs = of.claim.measures[0].cell(next(iter(of.verdicts))).experiment.length
    name = "rise" if of.measure == "gain" else "swing"
    span = RISE if name == "rise" else [0, 1.1 * highest(traces)]
    y_axis = {"tickformat": SHORT_TENTHS, "nticks": 5, "zeroline": False, "range": span}
    y_axis["title"] = {"text": of.words(f"lesson.axis_{name}"), "standoff": 6}
    formed = figure(of, once(traces), by_epoch(epochs, of.words), y_axis)
    formed["reading"] = [
        {"trace": n, "name": name, "field": "accuracy"} for n, name in enumerate(columns)
    ]
    said = of.words("chart.said_epoch", step="{step}")
    formed["steps"] = {
        "head": of.words("chart.epoch"),
        "said": said,
        "keys": of.words("chart.keys"),
    }
    return of_its_own(formed)


def value_of_field(run: Run, field: str) -> Any:
    return np.abs(np.diff(run.column(field)))


def risen(run: Run) -> Any:
    """Above where the first epoch left it, and above guessing, as `gain` takes it at the end."""
    accuracy = run.column("val_accuracy")
    return accuracy - max(float(accuracy[0]), 1 / run.experiment.data.classes)


EACH: dict[str, Callable[[Run], Any]] = {
    "late_swing": lambda run: value_of_field(run, COMPUTED["late_swing"]),
    "test_swing": lambda run: value_of_field(run, COMPUTED["test_swing"]),
    "gain": risen,
}


def highest(traces: Sequence[Json]) -> float:
    return max((value for trace in traces for value in trace["y"]), default=1.0)


def on_paper(of: Evidence) -> LiveFigure:
    """The rate of every update that the claim speaks of, without any training."""
    traces, columns = [], []
    most = 1
    for panel, version in enumerate(of.verdicts):
        for measure in of.claim.measures:
            columns.append(of.column(measure, version))
            experiment = measure.cell(version).experiment
            updates = ON_PAPER_UPDATES
            if of.measure == "last_rate":
                updates = experiment.length * experiment.updates_per_epoch
            step, most = -(-updates // POINTS_MAX), max(most, updates)
            y = rates(experiment, updates)
            kept = [*range(0, updates - 1, step), updates - 1]
            hover = HOVER["learning_rate"]
            traces.append(trace(kept, y[kept], hover, of, measure, version, axes_of(panel)))
    x = {**horizontal(most), "title": {"text": of.words("lesson.axis_update"), "standoff": 4}}
    x["unifiedhovertitle"] = {"text": of.words("studies.hover_update")}
    y_axis = scale("learning_rate", of)
    if of.measure == "rate_after_50":  # as the tutorial draws it
        y_axis = {"title": y_axis["title"], "range": [0, 1.1 * highest(traces)], "nticks": 5}
    formed = figure(of, once(traces), x, y_axis)
    formed |= {"reading": rates_read(columns), "steps": updates_read(of.words)}
    return of_its_own(formed)


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
    drawn = line("val_accuracy", [], on, of.style(measure, version)).trace
    return {**drawn, "x": list(x), "y": [float(value) for value in y], "hovertemplate": hover}


def once(traces: Sequence[Json]) -> list[Json]:
    return [one.trace for one in named_once(Drawn(each, None) for each in traces)]


def figure(of: Evidence, traces: list[Json], x: Json, y: Json) -> Json:
    """Traces in their panels, with the marks of each version's verdict."""
    versions = list(of.verdicts)
    titles = [of.words(f"studies.version_{one}") if len(versions) > 1 else "" for one in versions]
    drawn = [marks(Judged(of.claim, of.verdicts[one], of.words)) for one in versions]
    formed = layout(titles, x, y, drawn, len(of.claim.measures))
    narrow = formed.pop("narrow")
    formed["uirevision"] = f"{of.claim.id} {len(versions)}"
    return {"data": traces, "layout": formed, "narrow": narrow}


def horizontal(most: int) -> Json:
    axis: Json = {"range": [0, most * 1.01], "zeroline": False, "nticks": 6, "hoverformat": "d"}
    return {**axis, "ticklabelstandoff": 4}  # clear of the y axis's lowest label


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
    ticks = {"tickvals": DECADES, "ticktext": [written(decade) for decade in DECADES]}
    return {"type": "log", **ticks, "range": span, "title": title, "zeroline": False}
