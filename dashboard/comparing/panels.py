"""Side by side: a panel a pin, all with the same axes; pure functions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from dashboard import palette
from dashboard.comparing.labels import cell_name
from dashboard.comparing.plan import Line, Plan
from dashboard.comparing.traces import Drawn, Json, axes_of, colours, interval, mean_line, plain
from dashboard.figures import LiveFigure, axis_scale, bind
from dashboard.text import Words

COLUMNS_WIDE = 4
COLUMNS_NARROW = 2
# Between columns, of the width: on a wide screen as wide as between the cards below.
GAP = {COLUMNS_WIDE: 0.0226, COLUMNS_NARROW: 0.1}
TITLE_CHARACTERS = {COLUMNS_WIDE: 40, COLUMNS_NARROW: 20}
ROW_GAP = 56  # px between rows; holds ticks and a title
PANEL = {COLUMNS_WIDE: 220, COLUMNS_NARROW: 110}  # px high
Ghosts = Mapping[int, Line]  # by the place of a pin, its run of the job before
NO_GHOSTS: Ghosts = MappingProxyType({})
MARGIN = {"l": 62, "r": 12, "t": 42, "b": 38}  # px
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
    wide, narrow = (grid(plan, names, words, show, most) for most in (COLUMNS_WIDE, COLUMNS_NARROW))
    common = {
        "hovermode": "x",
        "margin": MARGIN,
        "legend": LEGEND,
        "uirevision": f"panels {show}",
    }
    height = panels_height(len(names), COLUMNS_NARROW)
    figure = {
        "data": [one.trace for one in drawn],
        "layout": {**common, **wide},
        "narrow": {**narrow, "height": height, "margin": {**MARGIN, "l": 46}},
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


def columns(pins: int, most: int = COLUMNS_WIDE) -> int:
    """How many panels stand in a row: rows as equal as can be.

    >>> [columns(pins) for pins in range(1, 9)], [columns(pins, 2) for pins in (1, 2, 5)]
    ([1, 2, 3, 4, 3, 3, 4, 4], [1, 2, 2])
    """
    rows = -(-pins // most)
    return min(most, -(-pins // rows))


def panels_height(pins: int, most: int) -> int:
    """How high the figure is, in px."""
    rows = -(-pins // most)
    return MARGIN["t"] + rows * PANEL[most] + (rows - 1) * ROW_GAP + MARGIN["b"]


def grid(plan: Plan, names: Sequence[str], words: Words, show: str, most: int) -> Json:
    """The axes and titles of the panels, at most so many in a row."""
    pins = len(names)
    across = columns(pins, most)
    rows = -(-pins // across)
    gap = ROW_GAP / (panels_height(pins, most) - MARGIN["t"] - MARGIN["b"])
    layout: Json = {"annotations": [title(n, name, most) for n, name in enumerate(names)]}
    for n in range(pins):
        row, column = divmod(n, across)
        axes = axes_of(n)
        lowest, first = n + across >= pins, column == 0
        layout[axes["xaxis"].replace("x", "xaxis")] = {
            "domain": share(column, across, GAP[most]),
            "anchor": axes["yaxis"],
            "range": [0, plan.epochs + max(1, plan.epochs * 0.01)],
            "showticklabels": lowest,
            "title": {"text": words("explore.epoch") if lowest else "", "standoff": 4},
            "nticks": 5 if most == COLUMNS_WIDE else 3,
            "zeroline": False,
            "hoverformat": "d",
            **({"matches": "x"} if n else {}),
        }
        layout[axes["yaxis"].replace("y", "yaxis")] = {
            "domain": share(rows - 1 - row, rows, gap),
            "anchor": axes["xaxis"],
            "showticklabels": first,
            "title": {"text": words(f"explore.{show}") if first else "", "standoff": 6},
            "zeroline": False,
            **(
                {} if show == "accuracy" else {"autorange": True}
            ),  # Plotly forgets it of the matched
            **axis_scale(show),
            **({"matches": "y"} if n else {}),
        }
    return layout


def share(place: int, places: int, gap: float) -> list[float]:
    """The stretch from 0 to 1 that is the place's own.

    >>> share(1, 2, 0.2)
    [0.6, 1.0]
    """
    size = (1 - gap * (places - 1)) / places
    start = place * (size + gap)
    return [round(start, 6), round(start + size, 6)]


def title(number: int, name: str, most: int) -> Json:
    """The name above a panel, on two lines where one is too short."""
    axes = axes_of(number)
    lines = textwrap.wrap(name, TITLE_CHARACTERS[most], max_lines=2, placeholder="…")
    return {
        "text": "<br>".join(plain(line) for line in lines),
        "xref": f"{axes['xaxis']} domain",
        "yref": f"{axes['yaxis']} domain",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
    }


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
