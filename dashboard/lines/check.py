"""The lines of a check: the same run by the other engine, thin over those of the run."""

from __future__ import annotations

from typing import Any

from dashboard.lines.figures import LiveFigure

Json = dict[str, Any]

THIN, BROAD = 1.1, 3.4  # px: the line of the run is seen on both sides of its check


def with_check(live: LiveFigure, name: str) -> LiveFigure:
    """The figure of a run with the lines of its check, which the legend gives this name.

    Their colour is the page's ink, which the browser knows.
    """
    own = zip(live.figure["data"], live.binds, strict=True)
    over = [
        (thin(trace, bind, name), {**bind, "beside": True})
        for trace, bind in own
        if bind and not bind["ghost"]
    ]
    traces, binds = (list(each) for each in zip(*over, strict=True))
    under = [broad(trace) for trace in live.figure["data"]]
    figure = {**live.figure, "data": [*under, *traces]}
    return LiveFigure(figure, [*live.binds, *binds], live.notes)


def broad(trace: Json) -> Json:
    return {**trace, "line": {**trace["line"], "width": BROAD}}


def thin(trace: Json, bind: Json, name: str) -> Json:
    """A line of the run as one of its check; the hover tells what both have of the test rows."""
    is_test = bind["field"].startswith("val_")
    line = {"width": THIN, "dash": trace["line"]["dash"]}
    checked = {**trace, "line": line, "name": name, "legendgroup": name}
    checked["showlegend"] = bind["field"] == "val_accuracy"
    return checked if is_test else {**checked, "hoverinfo": "skip", "hovertemplate": None}
