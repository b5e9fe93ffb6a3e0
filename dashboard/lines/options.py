"""What may be chosen of a figure of several runs, and how it is read by keys and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.experiment import Experiment
from dashboard.lines.along import Pace, along, pace, widest
from dashboard.lines.figures import Json, LiveFigure
from dashboard.lines.traces import Drawn
from dashboard.settings.chart import OPTIONS
from dashboard.text import Words

SCALES = ("loss", "accuracy", "ends")  # options of the axes of a role
Roles = Mapping[str, Sequence[str]]  # of a figure of merit its axes, as a layout calls them


def with_options(
    live: LiveFigure, roles: Roles, experiments: Sequence[Experiment], words: Words
) -> LiveFigure:
    """A figure with those options that make sense for what it shows.

    `experiments` are those of the job. Where their epochs have other numbers of updates, each line
    brings its own measure of the axis below; a line of such runs together has none.
    """
    offered = options(roles, live.binds)
    figure = {**live.figure, "roles": roles, "options": offered}
    lines = list(dict.fromkeys((*bind["runs"], *bind["minus"]) for bind in of_the_job(live.binds)))
    if not lines or not all(is_even([experiments[run] for run in runs]) for runs in lines):
        del offered["x"]
        return live._replace(figure=figure)
    paces = {runs[0]: pace(experiments[runs[0]]) for runs in lines}  # its runs have the same
    lengths = [max(experiments[run].length for run in runs) for runs in lines]
    figure["along"] = along(widest([paces[runs[0]] for runs in lines], lengths), words)
    if len(set(paces.values())) == 1:
        return live._replace(figure=figure)
    binds = [bind and with_pace(bind, bind["runs"][0], paces) for bind in live.binds]
    notes = [with_pace(note, note["run"], paces) for note in live.notes]
    return LiveFigure(figure, binds, notes)


def options(roles: Roles, binds: Sequence[Json | None]) -> dict[str, list[str]]:
    """Those of the scales that are there; of a rate nothing is smoothed."""
    has_results = any(bind["field"] != "learning_rate" for bind in of_the_job(binds))
    there = {**{name: name in roles for name in SCALES}, "smooth": has_results}
    return {name: list(values) for name, values in OPTIONS.items() if there.get(name, True)}


def of_the_job(binds: Sequence[Json | None]) -> Iterator[Json]:
    """What is filled by records of the job itself."""
    return (bind for bind in binds if bind and not bind["ghost"])


def is_even(experiments: Sequence[Experiment]) -> bool:
    """Whether the runs of a line, of which there may be none, have as many updates in an epoch."""
    return len({one.updates_per_epoch for one in experiments}) == 1


def with_pace(one: Json, run: int, paces: Mapping[int, Pace]) -> Json:
    """A bind or a note with how much of the axis below an epoch of its run has."""
    if one.get("ghost"):  # of a job before
        return one
    return {**one, "per_epoch": paces[run]._asdict()}


def read(drawn: Drawn, name: str, words: Words, panel: str = "") -> Drawn:
    """A line with its column of the table: whose it is, and what of it.

    Lines in panels of their own are read out panel by panel.
    """
    column = words(f"chart.column_{(drawn.bind or {})['field']}")
    told = words("chart.column_of", name=name, column=column)
    return drawn._replace(column=told, panel=panel)


def rates_read(names: Sequence[str]) -> list[Json]:
    """The columns of rates that are computed: a trace each, with points of its own."""
    return [{"trace": n, "name": name, "field": "learning_rate"} for n, name in enumerate(names)]


def updates_read(words: Words) -> Json:
    """What keys and the table go along where a figure brings its own points, by update."""
    return {
        "head": words("chart.update"),
        "said": words("chart.said_update", step="{step}"),
        "keys": words("chart.keys_updates"),
    }


def of_its_own(figure: Json) -> LiveFigure:
    """A figure that brings its own points, and watches no job."""
    return LiveFigure(figure, [None] * len(figure["data"]), [])


def reading(drawn: Sequence[Drawn]) -> list[Json]:
    """The columns of the table of the curve: the trace of each, and what it is called."""
    return [
        {"trace": number, "name": one.column, **({"panel": one.panel} if one.panel else {})}
        for number, one in enumerate(drawn)
        if one.column
    ]
