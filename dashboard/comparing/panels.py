"""Side by side: a panel a pin, all with the same axes; pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from dashboard import palette
from dashboard.comparing.grid import NARROW, WIDE, Grid
from dashboard.comparing.labels import cell_name
from dashboard.comparing.plan import Line, Plan
from dashboard.comparing.traces import Drawn, Json, axes_of, colours, interval, mean_line
from dashboard.figures import LiveFigure, bind
from dashboard.text import Words

Ghosts = Mapping[int, Line]  # by the place of a pin, its run of the job before
NO_GHOSTS: Ghosts = MappingProxyType({})
LEGEND = {
    **{"orientation": "h", "x": 1, "xanchor": "right"},
    **{"y": 1, "yref": "container", "yanchor": "top"},
}


def panels_figure(
    plan: Plan, names: Sequence[str], words: Words, show: str, ghosts: Ghosts = NO_GHOSTS
) -> LiveFigure:
    """A panel a pin, in order: train and test of a run, the test lines of a study's cells.

    `show` is "accuracy", "loss" or "learning_rate". A run in `ghosts` is what a pin was before its
    last change. All epoch axes go together, and all others; hovering one panel reads all.
    """
    hues = colours(plan, panels=True)
    drawn = [
        one
        for place in range(len(names))
        for one in panel(plan, place, hues, words, show, ghosts.get(place))
    ]
    wide, narrow = Grid(names, WIDE), Grid(names, NARROW)
    layout = {"hovermode": "x", "legend": LEGEND, "uirevision": f"panels {show}"}
    figure = {
        "data": [one.trace for one in drawn],
        "layout": {**layout, **wide.layout(words, show, plan.epochs)},
        "narrow": {**narrow.layout(words, show, plan.epochs), "height": narrow.height},
        "together": True,
    }
    return LiveFigure(figure, [one.bind for one in drawn], notes(plan, words))


def panel(
    plan: Plan, place: int, hues: Sequence[str], words: Words, show: str, ghost: Line | None
) -> Iterator[Drawn]:
    """The traces of one pin: bands, then the ghost, then lines."""
    axes = axes_of(place)
    runs_from = next((line.pin for line in plan.lines if not line.cell.values), 0)
    ours = [(line, hue) for line, hue in zip(plan.lines, hues, strict=True) if line.pin == place]
    lines = [one for line, hue in ours for one in lines_of(line, hue, words, show)]
    if show != "learning_rate":
        for field, _, colour, runs in lines:
            yield from interval(colour, field, runs, axes)
    if ghost:
        for field, _, colour, runs in lines_of(ghost, "", words, show):
            drawn = mean_line(words("explore.before"), colour, bind(field, runs), axes, ghost=True)
            yield in_legend(drawn, "before", first=field == show)
    for field, name, colour, runs in lines:
        drawn = mean_line(name, colour, bind(field, runs), axes)
        yield drawn if ours[0][0].cell.values else in_legend(drawn, field, first=place == runs_from)


def in_legend(drawn: Drawn, group: str, first: bool) -> Drawn:
    """A line that one entry of the legend hides and shows together with the others of its group."""
    return Drawn({**drawn.trace, "legendgroup": group, "showlegend": first}, drawn.bind)


def lines_of(
    line: Line, hue: str, words: Words, show: str
) -> list[tuple[str, str, str, list[int]]]:
    """(field, name, colour, runs) of what is drawn of a line in its panel."""
    cell, runs = cell_name(line, words), line.numbers
    if show == "learning_rate":
        name = cell or words("explore.rate_line")
        return [(show, name, hue if cell else palette.RATE, runs)]
    if cell:
        return [(f"val_{show}", cell, hue, runs)]
    return [
        (show, words("explore.train"), palette.TRAIN, runs),
        (f"val_{show}", words("explore.test"), palette.TEST, runs),
    ]


def notes(plan: Plan, words: Words) -> list[Json]:
    """Where the one run of a panel diverges; of several seeds the table tells."""
    return [
        {
            "when": "diverged",
            "run": line.numbers[0],
            "xref": axes_of(line.pin)["xaxis"],
            "yref": f"{axes_of(line.pin)['yaxis']} domain",
            "text": words("explore.note_diverged"),
            "color": palette.DIVERGED,
        }
        for line in plan.lines
        if len(line.runs) == 1 and len(plan.of_pin(line.pin)) == 1
    ]
