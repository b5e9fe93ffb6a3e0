"""Lines and bands of a live figure: the mean over runs, and how far they scatter around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from core.analysis.statistics import half_width
from dashboard.lines import palette
from dashboard.lines.axes import Axes
from dashboard.lines.figures import HOVER, bind, dash
from dashboard.settings.studies import INTERVAL, SPREAD
from dashboard.text.literal import for_plotly

Json = dict[str, Any]

NEUTRAL = "#7F7F7F"  # of legend entries that stand for a kind of line, whatever its hue
WIDTH, THIN = 2.0, 1.4  # px; thin are lines beside a solid one of the same hue
BAND_SAMPLE_WIDTH = 10


class Drawn(NamedTuple):
    """A trace without points, and the records that the browser puts there.

    `column` is what the table of the curve calls it; without, it does not stand there. `panel` is
    the panel that it is read out with, where that is not the whole chart.
    """

    trace: Json
    bind: Json | None
    column: str = ""
    panel: str = ""


class Style(NamedTuple):
    """What a series looks like, and what the legend calls it.

    An empty name keeps it out of the legend; one click there hides all of a `group`. With `spoken`
    the hover says its name beside the value.
    """

    colour: str
    name: str = ""
    group: str = ""
    width: float = WIDTH
    spoken: str = ""
    dash: str = "solid"  # of a sample; a line's own follows from what it shows


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


def line(
    field: str, runs: Sequence[int], axes: Axes, style: Style, minus: Sequence[int] = ()
) -> Drawn:
    """The mean over runs, or over their differences from those in `minus`."""
    value = HOVER[field.removeprefix("val_")]
    name = for_plotly(style.spoken)
    trace: Json = {
        "type": "scatter",
        "mode": "lines",
        "xaxis": axes[0],
        "yaxis": axes[1],
        "line": {"color": style.colour, "width": style.width, "dash": dash(field)},
        "name": for_plotly(style.name or style.group),
        "legendgroup": for_plotly(style.group or style.name),
        "showlegend": bool(style.name),
        "hovertemplate": f"{name} {value}<extra></extra>" if name else value,
    }
    return Drawn(trace, bind(field, list(runs), list(minus)))


def ghost(field: str, runs: Sequence[int], axes: Axes, style: Style) -> Drawn:
    """What was there before, drawn faintly, and silent."""
    drawn = line(field, runs, axes, style)
    del drawn.trace["hovertemplate"]
    quiet = {"opacity": palette.GHOST_OPACITY, "hoverinfo": "skip"}
    return Drawn(drawn.trace | quiet, {**(drawn.bind or {}), "ghost": True})


def band(
    field: str,
    runs: Sequence[int],
    axes: Axes,
    style: Style,
    kind: str,
    *,
    minus: Sequence[int] = (),
    rounding: float = 0.0,
) -> list[Drawn]:
    """The area around the mean, of the runs that are left at each epoch; nothing of one run.

    It ends where there can be nothing more; on a logarithmic axis an end at or below 0 is bridged.
    An interval counts `rounding`, a variance: see `core.analysis.statistics.rounding_of`.
    """
    if len(runs) < 2:
        return []
    edge: Json = {
        "type": "scatter",
        "mode": "lines",
        "xaxis": axes[0],
        "yaxis": axes[1],
        "line": {"width": 0, "color": style.colour},
        "legendgroup": for_plotly(style.group),
        "name": for_plotly(style.group),
        "showlegend": False,
        "hoverinfo": "skip",
        "connectgaps": True,
    }
    filled = {**edge, "fill": "tonexty", "fillcolor": translucent(style.colour)}
    widths = factors(kind, len(runs))
    rounded = {"rounding": rounding} if rounding and kind == INTERVAL else {}
    bound = bind(field, list(runs), list(minus)) | rounded | limits(field, bool(minus))
    low, high = (
        {**bound, "factor": sign * widths[-1], "factors": [sign * width for width in widths]}
        for sign in (-1, 1)
    )
    return [Drawn(edge, low), Drawn(filled, high)]


def limits(field: str, is_difference: bool) -> Json:
    """The least and the most that there can be of a figure: no accuracy is above 100 %."""
    if field.endswith("accuracy"):
        return {"limits": [-1.0 if is_difference else 0.0, 1.0]}
    return {} if is_difference else {"limits": [0.0]}


def sample(style: Style) -> Drawn:
    """An entry of the legend alone."""
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [None],
        "y": [None],
        "line": {"color": style.colour, "width": style.width, "dash": style.dash},
        "name": style.name,
        "hoverinfo": "skip",
    }
    return Drawn(trace, None)


def band_sample(name: str) -> Drawn:
    """What a band is, in the legend."""
    colour = translucent(NEUTRAL, 2 * palette.BAND_OPACITY)
    return sample(Style(colour, name, width=BAND_SAMPLE_WIDTH))


def translucent(colour: str, opacity: float = palette.BAND_OPACITY) -> str:
    """A colour as Plotly fills an area with it.

    >>> translucent("#0072B2")
    'rgba(0, 114, 178, 0.2)'
    """
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def named_once(drawn: Iterable[Drawn]) -> list[Drawn]:
    """Every series in the legend once, by its first line."""
    known: set[str] = set()
    found = []
    for one in drawn:
        name = one.trace["name"] if one.trace.get("showlegend", True) else ""
        shown = bool(name) and name not in known
        known.add(name)
        found.append(one._replace(trace={**one.trace, "showlegend": shown}))
    return found


def split(drawn: Iterable[Drawn]) -> tuple[list[Json], list[Json | None]]:
    """Traces and binds, as a live figure has them."""
    drawn = list(drawn)
    return [one.trace for one in drawn], [one.bind for one in drawn]
