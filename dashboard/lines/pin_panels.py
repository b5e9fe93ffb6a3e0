"""Side by side: a panel a pin, all with the same axes; pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from dashboard.lines import palette
from dashboard.lines.axes import Axes, axes_of
from dashboard.lines.curves import Curve, band_of, in_panel
from dashboard.lines.figures import LiveFigure
from dashboard.lines.labels import cell_name
from dashboard.lines.names import BETWEEN
from dashboard.lines.options import read, reading, with_options
from dashboard.lines.pin_grid import pin_grid
from dashboard.lines.plan import Line, Plan
from dashboard.lines.references import measured
from dashboard.lines.traces import Drawn, Json, Style, ghost, line, named_once
from dashboard.text import Words

Ghosts = Mapping[int, Line]  # by the place of a pin, its run of the job before
NO_GHOSTS: Ghosts = MappingProxyType({})
LEGEND = {
    **{"orientation": "h", "x": 1, "xanchor": "right"},
    **{"y": 1, "yref": "container", "yanchor": "top"},
}


class Pinned(NamedTuple):
    """What a panel shows of a pin, and what that was before its last change."""

    name: str
    curves: Sequence[Curve]
    before: Line | None


def panels_figure(
    plan: Plan, pins: Sequence[str], words: Words, show: str, ghosts: Ghosts = NO_GHOSTS
) -> LiveFigure:
    """A panel a pin, in order: train and test of a run, the test lines of a study's cells.

    Of more cells than can be told apart it is the mean, in the band of their spread.

    `show` is "accuracy", "loss" or "learning_rate". A run in `ghosts` is what a pin was before its
    last change. All epoch axes go together, and all others; hovering one panel reads all.
    """
    cells = [cell_name(line, words) for line in plan.lines]
    drawn: list[Drawn] = []
    for place, pin in enumerate(pins):
        of = Pinned(pin, in_panel(plan, place, cells), ghosts.get(place))
        drawn += panel(of, axes_of(place), words, show)
    drawn = named_once(drawn)
    grid = pin_grid(pins, words, show)
    layout = {"hovermode": "x", "legend": LEGEND, "uirevision": f"panels {show}"}
    figure = {
        "data": [one.trace for one in drawn],
        "layout": {**grid.placed(grid.wide, words, plan.epochs), **layout},
        "narrow": grid.placed(grid.narrow, words, plan.epochs),
        "together": True,
        "reading": reading(drawn),
    }
    roles = grid.roles([show])
    runs = [
        [run for line in plan.of_pin(place) for run in line.numbers] for place in range(len(pins))
    ]
    accuracies = dict(zip(roles.get("accuracy", ()), runs, strict=False))
    figure |= measured(accuracies, plan.experiments, within=True)
    live = LiveFigure(figure, [one.bind for one in drawn], notes(plan, words))
    return with_options(live, roles, plan.experiments, words)


def panel(of: Pinned, axes: Axes, words: Words, show: str) -> Iterator[Drawn]:
    """The traces of one pin: bands, then the ghost, then lines."""
    for curve in of.curves:
        for field, _, colour in fields_of(curve, words, show):
            yield from band_of(curve._replace(colour=colour), field, curve.runs, axes)
    if of.before:
        for field, _, colour in fields_of(Curve("", "", (of.before,)), words, show):
            name = words("explore.before") if field == show else ""
            style = Style(colour, name, words("explore.before"))
            yield ghost(field, of.before.numbers, axes, style)
    for curve in of.curves:
        for field, name, colour in fields_of(curve, words, show):
            named = "" if curve.name else name
            drawn = line(field, curve.runs, axes, Style(colour, named, name, spoken=name))
            yield read(drawn, BETWEEN.join(filter(None, (of.name, curve.name))), words)


def fields_of(curve: Curve, words: Words, show: str) -> list[tuple[str, str, str]]:
    """(field, name, colour) of what is drawn of a curve; one without a name is a run."""
    if show == "learning_rate":
        colour = curve.colour if curve.name else palette.RATE
        return [(show, curve.name or words("explore.rate_line"), colour)]
    if curve.name:
        return [(f"val_{show}", curve.name, curve.colour)]
    return [
        (show, words("explore.train"), palette.TRAIN),
        (f"val_{show}", words("explore.test"), palette.TEST),
    ]


def notes(plan: Plan, words: Words) -> list[Json]:
    """Where the one run of a panel diverges; of several seeds the table tells."""
    return [
        {
            "when": "diverged",
            "run": line.numbers[0],
            "xref": axes_of(line.pin)[0],
            "yref": f"{axes_of(line.pin)[1]} domain",
            "text": words("explore.note_diverged"),
            "color": palette.DIVERGED,
        }
        for line in plan.lines
        if len(line.runs) == 1 and len(plan.of_pin(line.pin)) == 1
    ]
