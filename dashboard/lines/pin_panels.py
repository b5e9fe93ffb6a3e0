"""Side by side: a panel a pin, all with the same axes; pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from dashboard.lines import palette
from dashboard.lines.curves import Curve, band_of, in_panel
from dashboard.lines.figures import LiveFigure
from dashboard.lines.labels import cell_name
from dashboard.lines.pin_grid import pin_grid
from dashboard.lines.plan import Line, Plan
from dashboard.lines.traces import TRAIN_DASH, Drawn, Json, Style, axes_of, ghost, line, named_once
from dashboard.text import Words

Ghosts = Mapping[int, Line]  # by the place of a pin, its run of the job before
NO_GHOSTS: Ghosts = MappingProxyType({})
LEGEND = {
    **{"orientation": "h", "x": 1, "xanchor": "right"},
    **{"y": 1, "yref": "container", "yanchor": "top"},
}


def panels_figure(
    plan: Plan, pins: Sequence[str], words: Words, show: str, ghosts: Ghosts = NO_GHOSTS
) -> LiveFigure:
    """A panel a pin, in order: train and test of a run, the test lines of a study's cells.

    Of more cells than can be told apart it is the mean, in the band of their spread.

    `show` is "accuracy", "loss" or "learning_rate". A run in `ghosts` is what a pin was before its
    last change. All epoch axes go together, and all others; hovering one panel reads all.
    """
    cells = [cell_name(line, words) for line in plan.lines]
    drawn = [
        one
        for place in range(len(pins))
        for one in panel(in_panel(plan, place, cells), place, words, show, ghosts.get(place))
    ]
    drawn = named_once(drawn)
    grid = pin_grid(pins, words, show)
    layout = {"hovermode": "x", "legend": LEGEND, "uirevision": f"panels {show}"}
    figure = {
        "data": [one.trace for one in drawn],
        "layout": {**grid.placed(grid.wide, words, plan.epochs), **layout},
        "narrow": grid.placed(grid.narrow, words, plan.epochs),
        "together": True,
    }
    return LiveFigure(figure, [one.bind for one in drawn], notes(plan, words))


def panel(
    curves: Sequence[Curve], place: int, words: Words, show: str, before: Line | None
) -> Iterator[Drawn]:
    """The traces of one pin: bands, then the ghost, then lines."""
    axes = axes_of(place)
    for curve in curves:
        for field, _, colour in fields_of(curve, words, show):
            yield from band_of(curve._replace(colour=colour), field, curve.runs, axes)
    if before:
        for field, _, colour in fields_of(Curve("", "", (before,)), words, show):
            name = words("explore.before") if field == show else ""
            style = Style(colour, name, words("explore.before"))
            yield ghost(field, before.numbers, axes, style)
    for curve in curves:
        for field, name, colour in fields_of(curve, words, show):
            named = "" if curve.name else name
            dash = TRAIN_DASH if field in ("accuracy", "loss") else "solid"
            yield line(field, curve.runs, axes, Style(colour, named, name, dash, spoken=name))


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
