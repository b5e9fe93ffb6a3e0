"""All pins in one picture: over each other, or as differences from one of them; pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.comparing.plan import Line, Plan
from dashboard.comparing.traces import (
    TRAIN_DASH,
    Drawn,
    Json,
    axes_of,
    colours,
    interval,
    mean_line,
    plain,
)
from dashboard.figures import LiveFigure, axis_scale, bind
from dashboard.text import Words

LINES_WITH_TRAIN_MAX = 8  # beyond, only the test lines can be told apart
IN_LEGEND_MAX = 10  # entries; more take the room of the lines, and the cards have them as well
NARROW_HEIGHT = 300  # px, on a phone
MARGIN = {"l": 62, "r": 10, "t": 10, "b": 38}  # px
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
ONE = axes_of(0)
HOVER_DIFFERENCE = {"accuracy": "%{y:+.1%}", "loss": "%{y:+.3g}"}
TICKS_DIFFERENCE = {"accuracy": "+.0%", "loss": "+.3~g"}


def overlay_figure(plan: Plan, names: Sequence[str], words: Words, show: str) -> LiveFigure:
    """All lines on the same axes, a hue each: test solid, train dashed, a band of several seeds."""
    hues = colours(plan, panels=False)
    drawn = [
        one
        for line, name, hue in zip(plan.lines, names, hues, strict=True)
        for one in overlaid(plan, line, name, hue, words, show)
    ]
    axis = {"title": {"text": words(f"explore.{show}"), "standoff": 6}, **axis_scale(show)}
    layout = layout_of(plan, words, axis, f"overlay {show}")
    layout["showlegend"] = len(plan.lines) <= IN_LEGEND_MAX
    return LiveFigure(formed(drawn, layout), binds(drawn), notes(plan, names, hues, words))


def overlaid(plan: Plan, line: Line, name: str, hue: str, words: Words, show: str) -> list[Drawn]:
    """The traces of one line."""
    field = show if show == "learning_rate" else f"val_{show}"
    drawn = [] if field == show else interval(hue, field, line.numbers, ONE)
    if field != show and len(plan.lines) <= LINES_WITH_TRAIN_MAX:
        train = f"{name} · {words('explore.train')}"
        drawn.append(mean_line(train, hue, bind(show, line.numbers), ONE, dash=TRAIN_DASH))
    mean = mean_line(name, hue, bind(field, line.numbers), ONE)
    mean.trace["showlegend"] = True
    drawn.append(mean)
    for one in drawn:  # a click on the legend takes the band and the dashed line along
        one.trace["legendgroup"] = f"{line.pin} {line.place}"
    return drawn


def difference_figure(
    plan: Plan, names: Sequence[str], words: Words, show: str, reference: int
) -> LiveFigure:
    """Every other line minus its counterpart in the reference, seed by seed, with its interval."""
    drawn: list[Drawn] = []
    field = f"val_{show}"
    for line, name, hue in zip(plan.lines, names, colours(plan, panels=False), strict=True):
        other = None if line.pin == reference else plan.counterpart(line, reference)
        runs, minus = line.paired(other) if other else ([], [])
        if not runs:
            continue
        bands = interval(hue, field, runs, ONE, minus)
        mean = mean_line(name, hue, bind(field, runs, minus), ONE)
        said = f"{plain(name)} {HOVER_DIFFERENCE[show]}<extra></extra>"
        mean.trace.update(showlegend=True, hovertemplate=said)
        for one in (*bands, mean):
            one.trace["legendgroup"] = f"{line.pin} {line.place}"
        drawn += [*bands, mean]
    axis = {
        "title": {"text": words(f"compare.{show}_difference"), "standoff": 6},
        "zeroline": True,
        "zerolinewidth": 2,
        "tickformat": TICKS_DIFFERENCE[show],
        "nticks": 7,
    }
    layout = layout_of(plan, words, axis, f"difference {show} {reference}")
    layout["showlegend"] = len(plan.lines) <= IN_LEGEND_MAX
    return LiveFigure(formed(drawn, layout), binds(drawn), [])


def formed(drawn: Sequence[Drawn], layout: Json) -> Json:
    """On a phone the cards below are the legend."""
    narrow = {"showlegend": False, "height": NARROW_HEIGHT, "margin": {**MARGIN, "l": 58}}
    return {"data": [one.trace for one in drawn], "layout": layout, "narrow": narrow}


def binds(drawn: Sequence[Drawn]) -> list[Json]:
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


def notes(plan: Plan, names: Sequence[str], hues: Sequence[str], words: Words) -> list[Json]:
    """Where single runs diverge, by name; of several seeds the table tells."""
    return [
        {
            "when": "diverged",
            "run": line.numbers[0],
            "xref": "x",
            "yref": "y domain",
            "text": words("compare.diverged_note", name=plain(name)),
            "color": hue,
        }
        for line, name, hue in zip(plan.lines, names, hues, strict=True)
        if len(line.runs) == 1
    ]
