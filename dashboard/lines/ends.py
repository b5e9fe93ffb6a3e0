"""How a study ends, value by value: points with error bars, or of two fields a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.analysis.statistics import rounding_of
from core.analysis.studies import Study
from dashboard.lines import palette
from dashboard.lines.figures import Json, LiveFigure
from dashboard.lines.groups import by_version, unversioned
from dashboard.lines.names import field_name, telling_digits, value_name
from dashboard.lines.study_curves import Drawing
from dashboard.lines.study_traces import factors, translucent
from dashboard.settings.asked import INTERVAL
from dashboard.text import Words

FIELD = "val_accuracy"  # the figure of a study's end
POINTS_HEIGHT, ROW_HEIGHT, MAP_HEIGHT_MIN = 480, 34, 380  # px
RATIO_OF_LOGARITHMS = 20.0  # between the ends of an axis, from where it is drawn by logarithm
GAP = 0.14  # between two maps, for the names of the right one's rows
SCALE = "Cividis"  # made for the colour-blind (Nuñez, Anderton and Renslow, 2018)
LABELLED_MOST = 120  # cells whose figures can be read in them


def ending(study: Study, drawing: Drawing) -> LiveFigure:
    """The final test accuracy of every cell, as soon as its runs have ended."""
    drawn = points if len(fields(study)) == 1 else maps
    return drawn(study, drawing)


def fields(study: Study) -> list[str]:
    """What is varied, the version of Keras left out."""
    return [path for path in study.varied if path != "preset"]


def points(study: Study, drawing: Drawing) -> LiveFigure:
    """One field: a point a value, a hue and a shape each version."""
    [path], words = fields(study), drawing.words
    values = [value for _, value in axis_values(study, 0)]
    x, axis = scaled(values, label(study, 0, words))
    traces, binds = [], []
    for place, (version, cells) in enumerate(by_version(study).items()):
        colour = (palette.TEST, palette.RATE)[place]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "textposition": "bottom center",
                "x": x,
                "name": value_name("preset", version, words) if version else words("studies.test"),
                "showlegend": bool(version),
                "line": {"color": translucent(colour, 0.5), "width": 1.5},
                "marker": {"color": colour, "size": 9, "symbol": palette.SYMBOLS[place]},
                "hovertemplate": f"%{{y:.1%}} · {counted(words)}",
                "meta": {"first": cells[0]},
            }
        )
        binds.append(bind(study, cells, drawing))
    layout = {
        "xaxis": {"title": {"text": field_name(path, words), "standoff": 6}, **axis},
        "yaxis": accuracy_axis(words),
        "hovermode": "x unified",
        "height": POINTS_HEIGHT,
        **frame("results " + path),
    }
    narrow = {"height": 320, "margin": {"l": 46, "r": 16, "t": 30, "b": 44}}
    return LiveFigure({"data": traces, "layout": layout, "narrow": narrow}, binds, [])


def maps(study: Study, drawing: Drawing) -> LiveFigure:
    """Two fields: a map, the first field from top to bottom; a map for each version."""
    words, paths = drawing.words, fields(study)
    rows, columns = [label(study, place, words) for place in (0, 1)]
    versions = by_version(study)
    traces, binds, layout = [], [], frame("results " + " ".join(paths))
    for place, (version, cells) in enumerate(versions.items()):
        number = str(place + 1) if place else ""
        traces.append(heat(rows, columns, f"{number}", cells[0], words))
        binds.append({**bind(study, cells, drawing), "columns": len(columns)})
        title = value_name("preset", version, words) if version else ""
        layout |= map_axes(number, across(place, len(versions)), paths, title, words)
    height = max(MAP_HEIGHT_MIN, ROW_HEIGHT * len(rows) + 90)
    layout |= {"height": height, "coloraxis": colours(words), "hovermode": "closest"}
    narrow: Json = {"height": height, "margin": {"l": 70, "r": 8, "t": 30, "b": 44}}
    if len(versions) > 1:
        narrow |= stacked(len(versions), height)
    return LiveFigure({"data": traces, "layout": layout, "narrow": narrow}, binds, [])


def heat(rows: list[str], columns: list[str], number: str, first: int, words: Words) -> Json:
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
        "texttemplate": "%{z:.0%}%{text}" if few else "%{text}",
        "hovertemplate": f"%{{y}}, %{{x}}: %{{z:.1%}} · {counted(words)}"
        f"<br>{words('studies.click_opens')}<extra></extra>",
        "meta": {"first": first},
    }


def map_axes(
    number: str, domain: list[float], paths: Sequence[str], title: str, words: Words
) -> Json:
    """The axes of one map; its values are names, in their order, the first on top."""
    common = {"type": "category", "showgrid": False, "zeroline": False}
    across_title = {"text": field_name(paths[1], words), "standoff": 4}
    down_title = {"text": "" if number else field_name(paths[0], words), "standoff": 6}
    axes = {
        f"xaxis{number}": {**common, "domain": domain, "anchor": f"y{number}"},
        f"yaxis{number}": {**common, "autorange": "reversed", "anchor": f"x{number}"},
    }
    axes[f"xaxis{number}"]["title"] = across_title
    axes[f"yaxis{number}"]["title"] = down_title
    if title:
        axes[f"xaxis{number}"]["title"] = {
            "text": f"{across_title['text']} · {title}",
            "standoff": 4,
        }
    return axes


def stacked(versions: int, height: int) -> Json:
    """The maps of two versions below each other, on a phone."""
    axes: Json = {"height": versions * height}
    for place in range(versions):
        number = str(place + 1) if place else ""
        bottom = (versions - 1 - place) / versions
        axes[f"xaxis{number}"] = {"domain": [0, 1]}
        axes[f"yaxis{number}"] = {"domain": [bottom + 0.06, bottom + 1 / versions - 0.02]}
    return axes


def counted(words: Words) -> str:
    """Of how many runs a figure is, and of how many there were, as Plotly fills it in."""
    return words("studies.of_runs", count="%{customdata[0]}", total="%{customdata[1]}")


def bind(study: Study, cells: Sequence[int], drawing: Drawing) -> Json:
    """The runs of each of these cells, and how wide an error bar is."""
    rounding = rounding_of(study.cells[cells[0]].experiment, FIELD)
    groups = [list(range(c * drawing.seeds, (c + 1) * drawing.seeds)) for c in cells]
    return {
        "field": FIELD,
        "runs": [run for group in groups for run in group],
        "cells": groups,
        "factors": factors(drawing.band, drawing.seeds),
        "rounding": rounding if drawing.band == INTERVAL else 0.0,
        "ghost": False,
    }


def axis_values(study: Study, place: int) -> list[tuple[str, Any]]:
    """The values of the first or the second field, each once."""
    return list(dict.fromkeys(unversioned(cell)[place] for cell in study.cells))


def label(study: Study, place: int, words: Words) -> list[str]:
    """What the values of the first or the second field are called, no two the same."""
    digits = telling_digits(study.cells)
    return [value_name(*pair, words, digits) for pair in axis_values(study, place)]


def scaled(values: Sequence[Any], labels: list[str]) -> tuple[list[Any], Json]:
    """Where values stand on an axis, and what kind of axis that is."""
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not numbers or len(values) < 3:
        return labels, {"type": "category"}
    low, high = min(values), max(values)
    if low > 0 and high / low > RATIO_OF_LOGARITHMS:
        return list(values), {"type": "log", "exponentformat": "e", "dtick": 1, "minexponent": 3}
    return list(values), {"type": "linear", "nticks": 8}


def across(place: int, count: int) -> list[float]:
    width = (1 - (count - 1) * GAP) / count
    left = place * (width + GAP)
    return [round(left, 4), round(min(left + width, 1.0), 4)]


def accuracy_axis(words: Words) -> Json:
    title = {"text": words("studies.final_accuracy"), "standoff": 6}
    return {"title": title, "range": [0, 1.02], "tickformat": ".0%", "dtick": 0.25}


def colours(words: Words) -> Json:
    bar = {"title": {"text": words("studies.final_accuracy"), "side": "right"}, "thickness": 12}
    return {"colorscale": SCALE, "colorbar": {**bar, "tickformat": ".0%", "outlinewidth": 0}}


def frame(revision: str) -> Json:
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yref": "container"}
    return {
        "margin": {"l": 90, "r": 16, "t": 30, "b": 48},
        "legend": {**legend, "yanchor": "top"},
        "uirevision": revision,
        "dragmode": "zoom",
    }
