"""Where the chart of a claim puts its panels, one a version of Keras, and the marks in them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.claims.marks import Mark
from dashboard.lines.axes import axes_of, axis_key
from dashboard.lines.figures import Json
from dashboard.lines.traces import NEUTRAL, translucent

HEIGHT, STACKED = 300, 250  # px: of a chart, and of each panel of two on a phone
GAP = 0.09  # between two panels, as a share of the width; between stacked ones twice that
MARGIN = {"l": 62, "r": 12, "t": 44, "b": 42}
LEGEND = 28  # px more on a phone, where two names may take two lines
AREA = 0.14  # opacity
FIRST_ROW, ROW = 0.03, 0.085  # of the height of a panel: words of vertical lines, from below


def layout(
    titles: Sequence[str], x: Json, y: Json, drawn: Sequence[Sequence[Mark]], names: int
) -> Json:
    """Panels beside each other with the same axes; `narrow` has them under each other.

    `names` are in the legend.
    """
    wide: Json = {}
    narrow: Json = {}
    count = len(titles)
    for panel in range(count):
        own = axes_of(panel)
        across, down = map(axis_key, own)
        first, second = ({"matches": axis} if panel else {} for axis in axes_of(0))
        wide[across] = {**x, **first, "anchor": own[1], "domain": part(panel, count, GAP)}
        wide[down] = {**y, **second, "anchor": own[0], "domain": [0, 1]}
        narrow[across] = {"domain": [0, 1]}
        narrow[down] = {"domain": part(count - 1 - panel, count, 2 * GAP)}
    is_log = y.get("type") == "log"
    words = [title(panel, text) for panel, text in enumerate(titles) if text]
    words += [text for n, of in enumerate(drawn) for text in words_at_lines(of, n, is_log)]
    return {
        **wide,
        "annotations": words,
        "shapes": [shape(mark, n) for n, of in enumerate(drawn) for mark in of],
        "margin": MARGIN,
        "height": HEIGHT,
        "hovermode": "x unified",
        "legend": {"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top"},
        "narrow": {
            **narrow,
            "margin": {**MARGIN, "t": MARGIN["t"] + LEGEND * (names > 1)},
            "height": STACKED * count if count > 1 else HEIGHT,
        },
    }


def part(place: int, count: int, gap: float) -> list[float]:
    size = (1 - (count - 1) * gap) / count
    start = place * (size + gap)
    return [round(start, 4), round(min(start + size, 1.0), 4)]


def title(panel: int, text: str) -> Json:
    x, y = axes_of(panel)
    where = {"xref": f"{x} domain", "yref": f"{y} domain", "x": 0, "y": 1}
    return {**where, "text": f"<b>{text}</b>", "showarrow": False, "yanchor": "bottom"}


def shape(mark: Mark, panel: int) -> Json:
    """A dashed line across the panel, or an area with dashed edges."""
    x, y = axes_of(panel)
    line = {"color": NEUTRAL, "width": 1.5, "dash": "dash"}
    end = mark.at if mark.to is None else mark.to
    area = {} if mark.to is None else {"fillcolor": translucent(NEUTRAL, AREA)}
    kind = "line" if mark.to is None else "rect"
    if mark.axis == "x":
        place = {"xref": x, "yref": f"{y} domain", "x0": mark.at, "x1": end, "y0": 0, "y1": 1}
    else:
        place = {"xref": f"{x} domain", "yref": y, "x0": 0, "x1": 1, "y0": mark.at, "y1": end}
    return {"type": kind, "line": line, **area, **place}


def words_at_lines(drawn: Sequence[Mark], panel: int, is_log: bool) -> list[Json]:
    """The words at the lines: of level ones at their right end, of upright ones at their foot."""
    x, y = axes_of(panel)
    said: list[Json] = []
    upright = 0
    for mark in drawn:
        if mark.axis == "x":
            low = FIRST_ROW + ROW * upright
            place = {"xref": x, "yref": f"{y} domain", "x": mark.at, "y": low, "xanchor": "left"}
            upright += 1
        else:
            at = mark.at if mark.to is None else mark.to
            at = math.log10(at) if is_log else at
            place = {"xref": f"{x} domain", "yref": y, "x": 1, "y": at, "xanchor": "right"}
        anchor = "top" if mark.below else "bottom"
        said.append({**place, "text": mark.text, "showarrow": False, "yanchor": anchor})
    return said
