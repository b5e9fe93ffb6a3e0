"""Lines and bands of a live figure: the mean over runs, and how far they scatter around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.analysis.statistics import half_width
from dashboard.lines import palette
from dashboard.lines.figures import HOVER, Json, bind
from dashboard.settings.asked import SPREAD

NEUTRAL = "#7F7F7F"  # of legend entries that stand for a kind of line, whatever its hue
WIDTH = 2.0
BAND_SAMPLE_WIDTH = 10
THIN = 1.4  # beside a solid line of the same hue


class Drawn(NamedTuple):
    """A trace without points, and the records that the browser puts there."""

    trace: Json
    bind: Json | None


class Style(NamedTuple):
    """What a series looks like, and what the legend calls it; an empty name keeps it out."""

    colour: str
    name: str = ""
    group: str = ""
    dash: str = "solid"


def factor(band: str, runs: int) -> float:
    """Half the width of a band, in standard deviations of the runs.

    The spread is one deviation; the 95 % interval of the mean is t / √runs (Student, 1908).

    >>> factor("spread", 10), round(factor("interval", 10), 4), factor("interval", 1)
    (1.0, 0.7154, 0.0)
    """
    if band == SPREAD:
        return 1.0 if runs > 1 else 0.0
    return half_width(runs)


def factors(band: str, runs: int) -> list[float]:
    """The `factor` of each number of runs that may be left, from none to all of them."""
    return [factor(band, left) for left in range(runs + 1)]


def line(field: str, runs: Sequence[int], axes: tuple[str, str], style: Style) -> Drawn:
    """The mean over runs."""
    x, y = axes
    trace = {
        "type": "scatter",
        "mode": "lines",
        "xaxis": x,
        "yaxis": y,
        "line": {
            "color": style.colour,
            "width": WIDTH if style.dash == "solid" else THIN,
            "dash": style.dash,
        },
        "name": style.name or style.group,
        "legendgroup": style.group or style.name,
        "showlegend": bool(style.name),
        "hovertemplate": HOVER[field.removeprefix("val_")],
    }
    return Drawn(trace, bind(field, list(runs)))


def band(
    field: str, runs: Sequence[int], axes: tuple[str, str], style: Style, kind: str
) -> list[Drawn]:
    """The area around the mean, of the runs that are left at each epoch; nothing of one run."""
    if len(runs) < 2:
        return []
    edge: Json = {
        "type": "scatter",
        "mode": "lines",
        "xaxis": axes[0],
        "yaxis": axes[1],
        "line": {"width": 0, "color": style.colour},
        "legendgroup": style.group,
        "name": style.group,
        "showlegend": False,
        "hoverinfo": "skip",
    }
    filled = {**edge, "fill": "tonexty", "fillcolor": translucent(style.colour)}
    return [
        Drawn(edge, scattered(field, runs, kind, -1)),
        Drawn(filled, scattered(field, runs, kind, 1)),
    ]


def scattered(field: str, runs: Sequence[int], kind: str, sign: int) -> Json:
    """The records of one edge of a band."""
    widths = [sign * width for width in factors(kind, len(runs))]
    return {**bind(field, list(runs), factor=widths[-1]), "factors": widths}


def sample(style: Style, width: float = WIDTH) -> Drawn:
    """An entry of the legend alone."""
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [None],
        "y": [None],
        "line": {"color": style.colour, "width": width, "dash": style.dash},
        "name": style.name,
        "hoverinfo": "skip",
    }
    return Drawn(trace, None)


def band_sample(name: str) -> Drawn:
    """What a band is, in the legend."""
    return sample(Style(translucent(NEUTRAL, 2 * palette.BAND_OPACITY), name), BAND_SAMPLE_WIDTH)


def translucent(colour: str, opacity: float = palette.BAND_OPACITY) -> str:
    """A colour as Plotly fills an area with it.

    >>> translucent("#0072B2")
    'rgba(0, 114, 178, 0.2)'
    """
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def split(drawn: Iterable[Drawn]) -> tuple[list[Json], list[Json | None]]:
    """Traces and binds, as a live figure has them."""
    drawn = list(drawn)
    return [one.trace for one in drawn], [one.bind for one in drawn]
