"""How a study ends, value by value: points with error bars, or of two fields a map."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from core.analysis.statistics import rounding_of
from core.experiment import Experiment
from dashboard.lines import palette
from dashboard.lines.ends_read import reading, steps_of_map, steps_of_points
from dashboard.lines.figures import Json, LiveFigure
from dashboard.lines.formats import PERCENT, TENTHS
from dashboard.lines.layout import Layout
from dashboard.lines.overlay import beside
from dashboard.lines.plan import Line
from dashboard.lines.references import measured
from dashboard.lines.traces import factors, translucent
from dashboard.settings.chart import OPTIONS
from dashboard.settings.studies import INTERVAL
from dashboard.text import Words
from dashboard.text.literal import for_plotly
from dashboard.text.numbers import rate

ZOOM = {"ends": list(OPTIONS["ends"])}  # what may be chosen
FIELD = "val_accuracy"  # the figure of a study's end
POINTS_HEIGHT, ROW_HEIGHT, MAP_HEIGHT_MIN = 480, 34, 380  # px
RATIO_OF_LOGARITHMS = 20.0  # between the ends of an axis, from where it is drawn by logarithm
GAP = 0.14  # between two maps, for the names of the right one's rows
SCALE = "Cividis"  # made for the colour-blind (Nuñez, Anderton and Renslow, 2018)
NAME_MIN, NAME_MAX = 8, 18  # letters of a line below the points; on a phone three fit
NAMES = 110  # letters of all of them beside each other, 1024 px wide
LABELLED_MOST = 120  # cells whose figures can be read in them


class Drawing(NamedTuple):
    """How ends are drawn: in which words, with which band, and the lines in their order."""

    words: Words
    band: str
    lines: Sequence[Line]

    @property
    def experiments(self) -> list[Experiment]:
        """One of each line; its other seeds have the same data."""
        return [line.cell.experiment for line in self.lines]

    def places(self, lines: Sequence[Line]) -> list[int]:
        """Where lines stand among all, which a click on one of them tells."""
        known = {id(line): place for place, line in enumerate(self.lines)}
        return [known[id(line)] for line in lines]


def ending(of: Layout, drawing: Drawing) -> LiveFigure:
    """The final test accuracy of every line, as soon as its runs have ended."""
    return maps(of, drawing) if of.is_map else points(of, drawing)


def points(of: Layout, drawing: Drawing) -> LiveFigure:
    """One field: a point a value, a hue and a shape each series."""
    words = drawing.words
    values = of.values(0)
    x, axis = value_axis(values, in_lines(of.labels(0, words)))
    places = dict(zip(values, x, strict=True))
    traces, binds = [], []
    for place, (name, lines) in enumerate(of.series.items()):
        colour = palette.SERIES[place % len(palette.SERIES)] if name else palette.TEST
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers+text" if of.paths[0] else "markers+text",
                "textposition": "bottom center",
                "x": [places[value] for (value,) in lines],
                "name": for_plotly(name) if name else words("studies.test"),
                "showlegend": bool(name),
                "line": {"color": translucent(colour, 0.5), "width": 1.5},
                "marker": {
                    "color": colour,
                    "size": 9,
                    "symbol": palette.SYMBOLS[place % len(palette.SYMBOLS)],
                },
                "hovertemplate": f"%{{customdata[2]}} · {count_template(words)}",
                "meta": {"places": drawing.places([*lines.values()])},
            }
        )
        binds.append(bind(list(lines.values()), drawing))
    layout = {
        "xaxis": {"title": {"text": of.title(0, words), "standoff": 6}, **axis},
        "yaxis": accuracy_axis(words),
        "hovermode": "x unified",
        "height": POINTS_HEIGHT,
        **frame("results " + of.paths[0]),
    }
    narrow = {"height": 320, "margin": {"l": 46, "r": 16, "t": 30, "b": 44}}
    figure = {
        "data": traces,
        "layout": layout,
        "narrow": narrow,
        "roles": {"ends": ["yaxis"]},
        "options": ZOOM,
        "reading": reading(of, words),
        "steps": steps_of_points(of, x, words),
    }
    references = measured({"yaxis": range(len(drawing.experiments))}, drawing.experiments)
    return LiveFigure(figure | beside(figure, references), binds, [])


def maps(of: Layout, drawing: Drawing) -> LiveFigure:
    """Two fields: a map, the first field from top to bottom; a map for each series."""
    words = drawing.words
    rows, columns = [[*map(for_plotly, of.labels(axis, words))] for axis in (0, 1)]
    traces, binds, layout = [], [], frame("results " + " ".join(of.paths))
    titles = [of.title(axis, words) for axis in (0, 1)]
    for place, (name, lines) in enumerate(of.series.items()):
        number = str(place + 1) if place else ""
        ordered = [lines[row, column] for row in of.values(0) for column in of.values(1)]
        traces.append(heat(rows, columns, number, drawing.places(ordered), words))
        binds.append({**bind(ordered, drawing), "columns": len(columns)})
        domain = across(place, len(of.series))
        layout |= map_axes(number, domain, titles, for_plotly(name))
    height = max(MAP_HEIGHT_MIN, ROW_HEIGHT * len(rows) + 90)
    layout |= {"height": height, "coloraxis": colours(words), "hovermode": "closest"}
    narrow: Json = {"height": height, "margin": {"l": 70, "r": 8, "t": 30, "b": 44}}
    if len(of.series) > 1:
        narrow |= stack_versions(len(of.series), height)
    figure = {
        "data": traces,
        "layout": layout,
        "narrow": narrow,
        "roles": {"ends": ["coloraxis"]},
        "options": ZOOM,
        "reading": reading(of, words),
        "steps": steps_of_map(of, words),
    }
    return LiveFigure(figure, binds, [])


def heat(rows: list[str], columns: list[str], number: str, places: list[int], words: Words) -> Json:
    few = len(rows) * len(columns) <= LABELLED_MOST
    return {
        "type": "heatmap",
        "x": columns,
        "y": rows,
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
        "coloraxis": "coloraxis",
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "texttemplate": f"%{{z:{PERCENT}}}%{{text}}" if few else "%{text}",
        "hovertemplate": f"%{{y}}, %{{x}}: %{{z:{TENTHS}}} · {count_template(words)}"
        f"<br>{words('studies.click_opens')}<extra></extra>",
        "meta": {"places": places},
    }


def map_axes(number: str, domain: list[float], titles: Sequence[str], name: str) -> Json:
    """The axes of one map; its values are names, in their order, the first on top."""
    common = {"type": "category", "showgrid": False, "zeroline": False}
    down, right = titles
    return {
        f"xaxis{number}": {
            **common,
            "domain": domain,
            "anchor": f"y{number}",
            "title": {"text": f"{right} · {name}" if name else right, "standoff": 4},
        },
        f"yaxis{number}": {
            **common,
            "autorange": "reversed",
            "anchor": f"x{number}",
            "title": {"text": "" if number else down, "standoff": 6},
        },
    }


def stack_versions(versions: int, height: int) -> Json:
    """The maps of two versions below each other, on a phone."""
    axes: Json = {"height": versions * height}
    for place in range(versions):
        number = str(place + 1) if place else ""
        bottom = (versions - 1 - place) / versions
        axes[f"xaxis{number}"] = {"domain": [0, 1]}
        axes[f"yaxis{number}"] = {"domain": [bottom + 0.06, bottom + 1 / versions - 0.02]}
    return axes


def count_template(words: Words) -> str:
    """Of how many runs a figure is, and of how many there were, as Plotly fills it in."""
    return words("studies.of_runs", count="%{customdata[0]}", total="%{customdata[1]}")


def bind(lines: Sequence[Line], drawing: Drawing) -> Json:
    """The runs of each of these lines, and how wide an error bar is."""
    rounding = rounding_of(lines[0].cell.experiment, FIELD)
    most = max(len(line.runs) for line in lines)
    return {
        "field": FIELD,
        "runs": [run for line in lines for run in line.numbers],
        "cells": [line.numbers for line in lines],
        "factors": factors(drawing.band, most),
        "rounding": rounding if drawing.band == INTERVAL else 0.0,
        "ghost": False,
    }


def value_axis(values: Sequence[Any], labels: list[str]) -> tuple[list[Any], Json]:
    """Where values stand on an axis, and what kind of axis that is."""
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not numbers or len(values) < 3:
        # Half a place beside the first and the last, and below as much as the names take.
        return labels, {"type": "category", "range": [-0.5, len(labels) - 0.5], "automargin": True}
    low, high = min(values), max(values)
    if low > 0 and high / low > RATIO_OF_LOGARITHMS:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        ticks = [10.0**power for power in powers]
        return list(values), {"type": "log", "tickvals": ticks, "ticktext": [*map(rate, ticks)]}
    return list(values), {"type": "linear", "nticks": 8}


def in_lines(names: Sequence[str]) -> list[str]:
    """Names on as many lines as let them stand beside each other.

    >>> in_lines(["Momentum 0, batch size 32", "Short"])
    ['Momentum 0, batch<br>size 32', 'Short']
    """
    most = max(NAME_MIN, min(NAME_MAX, NAMES // max(len(names), 1)))
    return ["<br>".join(map(for_plotly, textwrap.wrap(name, most))) for name in names]


def across(place: int, count: int) -> list[float]:
    width = (1 - (count - 1) * GAP) / count
    left = place * (width + GAP)
    return [round(left, 4), round(min(left + width, 1.0), 4)]


def accuracy_axis(words: Words) -> Json:
    title = {"text": words("studies.final_accuracy"), "standoff": 6}
    return {"title": title, "range": [0, 1.02], "tickformat": PERCENT, "dtick": 0.25}


def colours(words: Words) -> Json:
    bar = {"title": {"text": words("studies.final_accuracy"), "side": "right"}, "thickness": 12}
    return {"colorscale": SCALE, "colorbar": {**bar, "tickformat": PERCENT, "outlinewidth": 0}}


def frame(revision: str) -> Json:
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yref": "container"}
    return {
        "margin": {"l": 90, "r": 16, "t": 30, "b": 48},
        "legend": {**legend, "yanchor": "top"},
        "uirevision": revision,
        "dragmode": "zoom",
    }
