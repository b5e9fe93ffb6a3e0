"""The lines of a check: the same run by the other engine, thin over those of the run."""

from __future__ import annotations

from typing import Any

from dashboard.lines.figures import LiveFigure

Json = dict[str, Any]

WIDTH = 1  # px: the line below is seen on both sides of it


def with_check(live: LiveFigure, name: str) -> LiveFigure:
    """The figure of a run with the lines of its check, which the legend gives this name.

    Their colour is the page's ink, which the browser knows.
    """
    own = zip(live.figure["data"], live.binds, strict=True)
    over = [
        (thin(trace, bind, name), {**bind, "beside": True})
        for trace, bind in own
        if not bind["ghost"]
    ]
    traces, binds = (list(each) for each in zip(*over, strict=True))
    figure = {**live.figure, "data": [*live.figure["data"], *traces]}
    return LiveFigure(figure, [*live.binds, *binds], live.notes)


def thin(trace: Json, bind: Json, name: str) -> Json:
    """A line of the run as one of its check; the hover tells what both have of the test rows."""
    is_test = bind["field"].startswith("val_")
    line = {"width": WIDTH, "dash": trace["line"]["dash"]}
    checked = {**trace, "line": line, "name": name, "legendgroup": name}
    checked["showlegend"] = bind["field"] == "val_accuracy"
    return checked if is_test else {**checked, "hoverinfo": "skip", "hovertemplate": None}
