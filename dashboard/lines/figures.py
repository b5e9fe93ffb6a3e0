"""Pictures of runs and data as plain Plotly JSON: values in, figures out; no Streamlit.

A live figure has traces without points. Its binds say, trace by trace, which records the browser
puts there; its notes say what words it adds when a run diverges or a rate reaches 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from core.experiment.data import Split
from dashboard.lines import palette
from dashboard.lines.along import Pace, along
from dashboard.lines.axes import axis_key
from dashboard.lines.formats import PERCENT, TENTHS
from dashboard.settings.chart import OPTIONS
from dashboard.text import Words

Json = dict[str, Any]

LINE = {"width": 2.2}
HOVER = {"accuracy": f"%{{y:{TENTHS}}}", "loss": "%{y:.3~g}", "learning_rate": "%{y:.3~g}"}
TRAIN_DASH = "5px,2.5px"


class LiveFigure(NamedTuple):
    """A figure that fills as records arrive."""

    figure: Json  # data and layout
    binds: Sequence[Json | None]  # one a trace; None: it brings its own points
    notes: list[Json]


class Panel(NamedTuple):
    """One of the panels under each other: its figure of merit and its share of the height."""

    field: str
    title: str
    axis: str  # of the trace: y, y2, …
    domain: tuple[float, float]


def explore_figure(words: Words, epochs: int, updates: int = 1, seconds: float = 1.0) -> LiveFigure:
    """Accuracy, loss and learning rate of one run on one axis, over the ghost of the last.

    An epoch has so many updates, and takes about so many seconds.
    """
    panels = (
        Panel("accuracy", words("explore.accuracy"), "y", (0.565, 1.0)),
        Panel("loss", words("explore.loss"), "y2", (0.275, 0.51)),
        Panel("learning_rate", words("explore.learning_rate"), "y3", (0.0, 0.22)),
    )
    traces: list[Json] = []
    binds: list[Json] = []
    for ghost in (True, False):
        for panel in panels:
            for field, name, colour in series(panel, words):
                traces.append(line(panel, field, name, colour, words, ghost))
                binds.append(bind(field, [0], ghost=ghost))
    figure = {
        "data": traces,
        "layout": layout(panels, words, epochs),
        "roles": {panel.field: [axis_key(panel.axis)] for panel in panels},
        "along": along(Pace(updates, seconds), words),
        "options": {name: list(values) for name, values in OPTIONS.items() if name != "ends"},
        "reading": reading(binds, words),
        "references": {"axes": {axis_key(panels[0].axis): 0}, "within": False},
        "single": True,
    }
    return LiveFigure(figure, binds, notes(words))


def reading(binds: list[Json], words: Words) -> list[Json]:
    """The columns of the table of the curve, in the order in which an epoch is read out."""
    traces = {bind["field"]: trace for trace, bind in enumerate(binds) if not bind["ghost"]}
    fields = ("val_accuracy", "accuracy", "val_loss", "loss", "learning_rate")
    return [{"trace": traces[one], "name": words(f"chart.column_{one}")} for one in fields]


def series(panel: Panel, words: Words) -> list[tuple[str, str, str]]:
    """(field, name, colour) of the lines of a panel."""
    if panel.field == "learning_rate":
        return [("learning_rate", words("explore.rate_line"), palette.RATE)]
    return [
        (panel.field, words("explore.train"), palette.TRAIN),
        (f"val_{panel.field}", words("explore.test"), palette.TEST),
    ]


def line(
    panel: Panel, field: str, name: str, colour: str, words: Words, ghost: bool = False
) -> Json:
    """One line without points yet."""
    trace: Json = {
        "type": "scatter",
        "mode": "lines",
        "xaxis": "x",
        "yaxis": panel.axis,
        "line": {"color": colour, **LINE, "dash": dash(field)},
        "name": name,
        "legendgroup": name,
        "showlegend": panel.axis == "y",  # the rate's own axis has its name
        "hovertemplate": f"{panel.title} {HOVER[panel.field]}",
    }
    if ghost:
        before = words("explore.before")
        trace |= {
            "name": before,
            "legendgroup": before,
            "opacity": palette.GHOST_OPACITY,
            "showlegend": field == "accuracy",
            "hoverinfo": "skip",
        }
        del trace["hovertemplate"]
    return trace


def dash(field: str) -> str:
    """Train is dashed, test is solid; there is only one rate."""
    return TRAIN_DASH if field in ("loss", "accuracy") else "solid"


def bind(
    field: str,
    runs: list[int],
    minus: list[int] | None = None,
    factor: float = 0.0,
    ghost: bool = False,
) -> Json:
    """Which records a trace shows: the mean over runs, plus `factor` standard deviations."""
    return {"field": field, "runs": runs, "minus": minus or [], "factor": factor, "ghost": ghost}


def notes(words: Words) -> list[Json]:
    """What is said in the figure of one run when it diverges or its rate reaches 0."""
    diverged = {"when": "diverged", "run": 0, "xref": "x", "yref": "paper"}
    zero = {"when": "zero", "field": "learning_rate", "run": 0, "xref": "x", "yref": "y3 domain"}
    lost = {**zero, "field": "loss", "yref": "y2 domain", "only": {"loss": "log"}}
    return [
        {**diverged, "text": words("explore.note_diverged"), "color": palette.DIVERGED},
        {**zero, "text": words("explore.note_zero"), "color": palette.RATE},
        {**lost, "text": words("chart.note_loss_is_zero"), "color": palette.TRAIN},
    ]


def layout(panels: tuple[Panel, ...], words: Words, epochs: int) -> Json:
    """Panels under each other, one epoch axis, one hover box for all."""
    axes: Json = {}
    for panel in panels:
        axes[axis_key(panel.axis)] = {
            "title": {"text": panel.title, "standoff": 6},
            "domain": list(panel.domain),
            "automargin": False,
            "zeroline": False,
            "fixedrange": False,
            **axis_scale(panel.field),
        }
    return {
        **axes,
        "xaxis": {
            "title": {"text": words("explore.epoch"), "standoff": 4},
            "range": [0, epochs + max(1, epochs * 0.01)],
            "anchor": panels[-1].axis,
            "ticklabelstandoff": 4,  # clear of the lowest label of the rate
            "zeroline": False,
            "hoverformat": "d",
            "unifiedhovertitle": {"text": words("explore.hover_epoch")},
        },
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "margin": {"l": 62, "r": 66, "t": 26, "b": 38},  # at the right, the names of lines
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"},
        "uirevision": "explore",
        "dragmode": "zoom",
    }


def axis_scale(field: str) -> Json:
    """How a figure of merit is scaled: per cent for accuracy, else logarithmic."""
    if field == "accuracy":
        return {"range": [0, 1.02], "tickformat": PERCENT, "dtick": 0.25}
    return {"type": "log", "exponentformat": "e", "minexponent": 3, "nticks": 5}


def data_figure(split: Split, words: Words, most_digits: int = 40) -> Json:
    """The rows as the tutorial draws them: a point each, a colour and a shape for each class.

    Images of digits are drawn as a sheet of small pictures instead.
    """
    if split.x_train.shape[1] > 2:
        return digits_figure(split, most_digits)
    x, y = np.vstack([split.x_train, split.x_test]), np.concatenate([split.y_train, split.y_test])
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": x[y == label, 0].round(3).tolist(),
            "y": x[y == label, 1].round(3).tolist(),
            "name": words("explore.class", number=label),
            "marker": {
                "color": palette.CLASSES[label],
                "symbol": palette.SYMBOLS[label],
                "size": 5,
                "opacity": 0.75,
            },
            "hovertemplate": "x₁ %{x:.2f}, x₂ %{y:.2f}",
        }
        for label in range(split.classes)
    ]
    axis = {"zeroline": False, "showgrid": True, "nticks": 5}
    return {
        "data": traces,
        "layout": {
            "xaxis": {**axis, "title": {"text": "x₁", "standoff": 2}},
            "yaxis": {**axis, "title": {"text": "x₂", "standoff": 2}},
            "margin": {"l": 40, "r": 6, "t": 6, "b": 34},
            "legend": {"orientation": "h", "y": -0.2, "itemsizing": "constant"},
            "hovermode": "closest",
            "uirevision": "data",
        },
    }


def digits_figure(split: Split, most: int) -> Json:
    """The first training images on one sheet, eight a row."""
    side, across = 8, 8
    images = split.x_train[:most].reshape(-1, side, side)
    rows = -(-len(images) // across)
    sheet = np.zeros((rows * (side + 1), across * (side + 1)))
    for n, image in enumerate(images):
        top, left = n // across * (side + 1), n % across * (side + 1)
        sheet[top : top + side, left : left + side] = image
    axis = {"visible": False, "fixedrange": True}
    heat = {
        "type": "heatmap",
        "z": sheet.round(3).tolist(),
        "colorscale": "Greys",
        "showscale": False,
    }
    return {
        "data": [{**heat, "hoverinfo": "skip"}],
        "layout": {
            "xaxis": axis,
            "yaxis": {**axis, "autorange": "reversed", "scaleanchor": "x"},
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        },
    }
