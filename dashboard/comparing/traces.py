"""The lines and bands that the figures of a comparison are made of; pure functions."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from scipy.special import stdtrit

from core.statistics import CONFIDENCE
from dashboard import palette
from dashboard.comparing.plan import Plan
from dashboard.figures import HOVER, LINE, bind

Json = dict[str, Any]

TRAIN_DASH = "dash"
SHADES = (1.0, 0.75, 0.55, 0.4)  # of a pin's hue, where its lines are more than there are hues


class Drawn(NamedTuple):
    """A trace without points, and the records that go there."""

    trace: Json
    bind: Json


def colours(plan: Plan, panels: bool) -> list[str]:
    """A colour a line, to be told apart in its panel, or where there are none among all lines.

    Where all lines are together and more than there are hues, a pin has one hue in shades.
    """
    if panels:
        return [palette.SERIES[line.place] for line in plan.lines]
    if len(plan.lines) <= len(palette.SERIES):
        return list(palette.SERIES[: len(plan.lines)])
    return [
        see_through(palette.SERIES[line.pin], SHADES[line.place % len(SHADES)])
        for line in plan.lines
    ]


def plain(text: str) -> str:
    """Text that a visitor wrote, without a meaning for Plotly."""
    return html.escape(text, quote=False)


def see_through(colour: str, opacity: float) -> str:
    """A colour as Plotly takes it with an opacity; one that has one already is thinned further.

    >>> see_through("#0072B2", 0.5), see_through("rgba(0,114,178,0.5)", 0.2)
    ('rgba(0,114,178,0.5)', 'rgba(0,114,178,0.1)')
    """
    if colour.startswith("rgba("):
        *hue, held = colour.removeprefix("rgba(").removesuffix(")").split(",")
        return f"rgba({','.join(hue)},{float(held) * opacity:g})"
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def t_factor(count: int) -> float:
    """Half the 95 % interval of a mean of so many values, in standard deviations; 0 of less than 2.

    >>> round(t_factor(10), 3)  # t of 9 degrees of freedom, 2.262, times 1 / √10
    0.715
    """
    if count < 2:
        return 0.0
    return float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) / math.sqrt(count)


def mean_line(
    name: str, colour: str, bound: Json, axes: Json, *, dash: str = "solid", ghost: bool = False
) -> Drawn:
    """The mean over the runs of `bound`."""
    value = HOVER[bound["field"].removeprefix("val_")]
    trace: Json = {
        "type": "scatter",
        "mode": "lines",
        **axes,
        "name": plain(name),
        "line": {"color": colour, "dash": dash, **LINE},
        "hovertemplate": f"{plain(name)} {value}<extra></extra>",
        "hoverlabel": {"bordercolor": colour},
        "showlegend": False,
    }
    if ghost:
        del trace["hovertemplate"]
        trace |= {"opacity": palette.GHOST_OPACITY, "hoverinfo": "skip"}
    return Drawn(trace, {**bound, "ghost": ghost})


def interval(
    colour: str, field: str, runs: Sequence[int], axes: Json, minus: Sequence[int] = ()
) -> list[Drawn]:
    """The 95 % interval of the mean as a band: its lower end, and its upper one filled down to it.

    Nothing of fewer than two runs. Where some runs have ended, it is the interval of the others. On
    a logarithmic axis an end at or below 0 is bridged.
    """
    if len(runs) < 2:
        return []
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
    factors = [t_factor(count) for count in range(len(runs) + 1)]
    return [
        Drawn(
            trace,
            {
                **bind(field, list(runs), list(minus), sign * factors[-1]),
                "factors": [sign * factor for factor in factors],
            },
        )
        for trace, sign in ((edge, -1), (filled, 1))
    ]


def axes_of(number: int) -> Json:
    """The axes of the panel of that number, counted from 0, as a trace names them.

    >>> axes_of(0), axes_of(2)
    ({'xaxis': 'x', 'yaxis': 'y'}, {'xaxis': 'x3', 'yaxis': 'y3'})
    """
    suffix = str(number + 1) if number else ""
    return {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
