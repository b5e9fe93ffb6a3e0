"""The lines and bands that the figures of a comparison are made of; pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.analysis.statistics import half_width
from dashboard.lines import palette
from dashboard.lines.curves import Curve
from dashboard.lines.figures import HOVER, LINE, bind
from dashboard.text.literal import for_plotly

Json = dict[str, Any]

TRAIN_DASH = "dash"


class Drawn(NamedTuple):
    """A trace without points, and the records that go there."""

    trace: Json
    bind: Json


def see_through(colour: str, opacity: float) -> str:
    """A colour as Plotly takes it with an opacity.

    >>> see_through("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def mean_line(
    name: str, colour: str, bound: Json, axes: Json, *, dash: str = "solid", ghost: bool = False
) -> Drawn:
    """The mean over the runs of `bound`."""
    value = HOVER[bound["field"].removeprefix("val_")]
    trace: Json = {
        "type": "scatter",
        "mode": "lines",
        **axes,
        "name": for_plotly(name),
        "line": {"color": colour, "dash": dash, **LINE},
        "hovertemplate": f"{for_plotly(name)} {value}<extra></extra>",
        "hoverlabel": {"bordercolor": colour},
        "showlegend": False,
    }
    if ghost:
        del trace["hovertemplate"]
        trace |= {"opacity": palette.GHOST_OPACITY, "hoverinfo": "skip"}
    return Drawn(trace, {**bound, "ghost": ghost})


def band_of(
    curve: Curve,
    field: str,
    runs: Sequence[int],
    axes: Json,
    minus: Sequence[int] = (),
    rounding: float = 0.0,
) -> list[Drawn]:
    """What surrounds a curve: of a line the interval of its mean, of more their spread.

    The interval counts `rounding`, a variance: see `core.analysis.statistics.rounding_of`.
    """
    if curve.is_line:
        return interval(curve.colour, bind(field, list(runs), list(minus)), axes, rounding)
    return spread(curve.colour, field, runs, axes, minus)


def interval(colour: str, bound: Json, axes: Json, rounding: float = 0.0) -> list[Drawn]:
    """The 95 % interval of the mean as a band; nothing of fewer than two runs.

    Where some runs have ended, it is the interval of the others.
    """
    if len(bound["runs"]) < 2:
        return []
    widths = [half_width(count) for count in range(len(bound["runs"]) + 1)]
    low, high = (
        {**bound, "factor": sign * widths[-1], "factors": [sign * w for w in widths]}
        for sign in (-1, 1)
    )
    rounded = {"rounding": rounding} if rounding else {}
    return edges(colour, axes, low | rounded, high | rounded)


def spread(
    colour: str, field: str, runs: Sequence[int], axes: Json, minus: Sequence[int] = ()
) -> list[Drawn]:
    """One standard deviation of the runs to either side of their mean, as a band."""
    both = (bind(field, list(runs), list(minus), factor) for factor in (-1.0, 1.0))
    return edges(colour, axes, *both)


def edges(colour: str, axes: Json, low: Json, high: Json) -> list[Drawn]:
    """The lower end of a band, and its upper one, filled down to it.

    On a logarithmic axis an end at or below 0 is bridged.
    """
    edge: Json = {
        "type": "scatter",
        "mode": "lines",
        **axes,
        "line": {"width": 0, "color": colour},
        "hoverinfo": "skip",
        "showlegend": False,
        "connectgaps": True,
    }
    filled = {**edge, "fill": "tonexty", "fillcolor": see_through(colour, palette.BAND_OPACITY)}
    return [Drawn(edge, low), Drawn(filled, high)]


def axes_of(number: int) -> Json:
    """The axes of the panel of that number, counted from 0, as a trace names them.

    >>> axes_of(0), axes_of(2)
    ({'xaxis': 'x', 'yaxis': 'y'}, {'xaxis': 'x3', 'yaxis': 'y3'})
    """
    suffix = str(number + 1) if number else ""
    return {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
