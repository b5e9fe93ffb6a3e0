"""All pins in one picture: over each other, or as differences from one of them; pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.statistics import rounding_of
from dashboard.lines.axes import axes_of
from dashboard.lines.curves import Curve, band_of, differing, overlaid
from dashboard.lines.figures import LiveFigure, axis_scale
from dashboard.lines.options import read, reading, with_options
from dashboard.lines.plan import Plan
from dashboard.lines.references import measured
from dashboard.lines.traces import THIN, WIDTH, Drawn, Json, Style, line
from dashboard.text import Words
from dashboard.text.literal import for_plotly

NARROW_HEIGHT = 300  # px, on a phone
LEGEND_HEIGHT = 60  # px there, of the names of eight values
NAMES = 66  # px at the right, for what lines are called
MARGIN = {"l": 62, "r": 10, "t": 10, "b": 38}  # px
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
ONE = axes_of(0)
SIGNED = {"accuracy": "+.1~%", "loss": "+.3~g"}  # a difference, as d3 writes it
# A difference of shares is told in points, for which d3 has no format: so every label that can be
# is replaced by the same one without its sign of per cent.
POINTS_MAX = 100
POINTS = {
    f"{text}%": text
    for tenths in range(-10 * POINTS_MAX, 10 * POINTS_MAX + 1)
    for text in [f"{tenths / 10:+g}".replace("-", "−")]
} | {"+0%": "0"}


def overlay_figure(plan: Plan, names: Sequence[str], words: Words, show: str) -> LiveFigure:
    """All lines on the same axes: test solid, train dashed, a band of several seeds.

    Of more lines than have a hue of their own, the test lines alone, in shades of their pin's.
    """
    found = overlaid(plan, names)
    drawn = [one for curve in found for one in traces(curve, words, show)]
    axis = {"title": {"text": words(f"explore.{show}"), "standoff": 6}, **axis_scale(show)}
    layout = layout_of(plan, words, axis, f"overlay {show}")
    figure = narrow_form(drawn, layout)
    if show == "accuracy":
        everything = range(len(plan.experiments))
        figure |= beside(figure, measured({"yaxis": everything}, plan.experiments))
    live = LiveFigure(figure, binds(drawn), notes(found, words))
    return with_options(live, {show: ["yaxis"]}, plan.experiments, words)


def beside(figure: Json, references: Json) -> Json:
    """The lines to measure a figure against, and its layout with room for their names.

    On a phone, where there is none to spare, they stand within.
    """
    if not references:
        return {}
    layout = figure["layout"]
    return {**references, "layout": {**layout, "margin": {**layout["margin"], "r": NAMES}}}


def traces(curve: Curve, words: Words, show: str) -> list[Drawn]:
    """The traces of one curve."""
    rates = show == "learning_rate"
    field, group = show if rates else f"val_{show}", curve.name
    drawn = band_of(curve, field, curve.runs, ONE)
    if not rates and not curve.is_shade:
        train = f"{curve.name} · {words('explore.train')}"
        style = Style(curve.colour, "", group, THIN, train)
        drawn.append(read(line(show, curve.runs, ONE, style), curve.name, words))
    drawn.append(read(line(field, curve.runs, ONE, solid(curve)), curve.name, words))
    return drawn


def solid(curve: Curve) -> Style:
    """A curve's main line, which stands in the legend where there are few."""
    name, width = ("", THIN) if curve.is_shade else (curve.name, WIDTH)
    return Style(curve.colour, name, curve.name, width=width, spoken=curve.name)


def difference_figure(
    plan: Plan, names: Sequence[str], words: Words, show: str, reference: int, field: str = ""
) -> LiveFigure:
    """Every other line minus its counterpart in the reference, seed by seed, with its interval.

    `field` is what lines differ in that are called by their values alone.
    """
    drawn: list[Drawn] = []
    for curve in differing(plan, names, reference):
        drawn += difference_traces(curve, plan, show, reference)
    if field:
        drawn = [of_field(one, field, words) for one in drawn]
    axis = {
        "title": {"text": words(f"compare.{show}_difference"), "standoff": 6},
        "zeroline": True,
        "zerolinewidth": 2,
        "tickformat": SIGNED[show],
        "hoverformat": SIGNED[show],
        "nticks": 7,
        **({"labelalias": POINTS} if show == "accuracy" else {}),
    }
    layout = layout_of(plan, words, axis, f"difference {show} {reference}")
    if field:
        layout["legend"] = {**LEGEND, "title": {"text": field, "font": {"size": 13}}}
    figure = narrow_form(drawn, layout)
    if field:  # whose values no cards below the chart name
        narrow = {"showlegend": True, "height": NARROW_HEIGHT + LEGEND_HEIGHT}
        figure["narrow"] |= {**narrow, "margin": {**figure["narrow"]["margin"], "t": LEGEND_HEIGHT}}
    live = LiveFigure(figure, binds(drawn), [])
    return with_options(live, {}, plan.experiments, words)


def difference_traces(curve: Curve, plan: Plan, show: str, reference: int) -> list[Drawn]:
    """The traces of one curve minus its counterpart."""
    field, (runs, minus) = f"val_{show}", curve.paired(plan, reference)
    pair = [plan.experiments[number] for number in (*runs[:1], *minus[:1])]
    rounding = sum(rounding_of(experiment, field) for experiment in pair)
    bands = band_of(curve, field, runs, ONE, minus, rounding)
    mean = line(field, runs, ONE, solid(curve), minus)
    mean.trace["hovertemplate"] = f"{for_plotly(curve.name)} %{{y}}<extra></extra>"  # as the axis
    return [*bands, mean._replace(column=curve.name)]


def of_field(drawn: Drawn, field: str, words: Words) -> Drawn:
    """A line that is read out with what it is a value of."""
    if not drawn.column:
        return drawn
    return drawn._replace(column=words("studies.spoken_one", field=field, value=drawn.column))


def narrow_form(drawn: Sequence[Drawn], layout: Json) -> Json:
    """On a phone the cards below are the legend."""
    narrow = {"showlegend": False, "height": NARROW_HEIGHT, "margin": {**MARGIN, "l": 58}}
    traces = [one.trace for one in drawn]
    return {"data": traces, "layout": layout, "narrow": narrow, "reading": reading(drawn)}


def binds(drawn: Sequence[Drawn]) -> list[Json | None]:
    return [one.bind for one in drawn]


def layout_of(plan: Plan, words: Words, axis: Json, revision: str) -> Json:
    """One panel over all epochs, with a legend above it and one hover box for all lines."""
    return {
        "xaxis": {
            "title": {"text": words("explore.epoch"), "standoff": 4},
            "range": [0, plan.epochs + max(1, plan.epochs * 0.01)],
            "ticklabelstandoff": 4,  # below the 0 % of the other axis
            "zeroline": False,
            "hoverformat": "d",
            "unifiedhovertitle": {"text": words("explore.hover_epoch")},
        },
        "yaxis": {"zeroline": False, **axis},
        "hovermode": "x unified",
        "margin": MARGIN,
        "legend": LEGEND,
        "uirevision": revision,
    }


def notes(found: Sequence[Curve], words: Words) -> list[Json]:
    """Where single runs diverge, by name; of several seeds the table tells."""
    return [
        {
            "when": "diverged",
            "run": curve.runs[0],
            "xref": "x",
            "yref": "y domain",
            "text": words("compare.diverged_note", name=for_plotly(curve.name)),
            "color": curve.colour,
        }
        for curve in found
        if len(curve.runs) == 1
    ]
