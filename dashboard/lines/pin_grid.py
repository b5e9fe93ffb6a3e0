"""Where the panels of pins stand: equal, in rows, on the same axes; pure functions."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dashboard.lines.figures import axis_scale
from dashboard.lines.traces import Json, axes_of
from dashboard.text import Words
from dashboard.text.literal import for_plotly

TITLE_LINE = 16  # px
TITLE_LINES_MAX = 2
LEGEND = 26  # px above the titles
ROW_GAP = 14  # px between a panel and the title below
TICKS = 40  # px below a panel, for epochs and their name
RIGHT = 12  # px, for half of the last epoch's number


@dataclass(frozen=True)
class Arrangement:
    """How the panels stand on one kind of screen."""

    most: int  # panels in a row
    panels: tuple[int, ...]  # px high, of one row, of two, … so that the cards below stay in sight
    left: int  # px for the ticks and the name of the axis
    gap: float  # between columns, of the width
    ticks: int  # of an epoch axis, about
    title: dict[int, int]  # characters in a line, by the number of columns


# The gap is as wide as that between the cards below; titles also fit on a screen of 800 px.
WIDE = Arrangement(4, (220, 160), 62, 0.0226, 5, {1: 90, 2: 48, 3: 32, 4: 24})
NARROW = Arrangement(2, (150, 120, 120, 120), 48, 0.1, 3, {1: 48, 2: 20})


def columns(pins: int, most: int = WIDE.most) -> int:
    """How many panels stand in a row: rows as equal as can be.

    >>> [columns(pins) for pins in range(1, 9)], [columns(pins, 2) for pins in (1, 2, 5)]
    ([1, 2, 3, 4, 3, 3, 4, 4], [1, 2, 2])
    """
    rows = -(-pins // most)
    return min(most, -(-pins // rows))


@dataclass(frozen=True)
class Grid:
    """The panels of pins of these names, in one arrangement."""

    names: Sequence[str]
    arrangement: Arrangement

    @property
    def across(self) -> int:
        return columns(len(self.names), self.arrangement.most)

    @property
    def rows(self) -> int:
        return -(-len(self.names) // self.across)

    @property
    def panel(self) -> int:
        """How high each panel is, in px."""
        return self.arrangement.panels[self.rows - 1]

    @cached_property
    def titles(self) -> list[list[str]]:
        """The names, on two lines where one is too short."""
        width = self.arrangement.title[self.across]
        wrapped = (
            textwrap.wrap(name, width, max_lines=TITLE_LINES_MAX, placeholder="…")
            for name in self.names
        )
        return [lines or [""] for lines in wrapped]

    @property
    def title_height(self) -> int:
        return TITLE_LINE * max(map(len, self.titles))

    @property
    def margin(self) -> Json:
        top = LEGEND + self.title_height
        return {"l": self.arrangement.left, "r": RIGHT, "t": top, "b": TICKS}

    @property
    def row_gap(self) -> int:
        """Between rows, in px; where the last row is not full, a column ends above it."""
        is_full = len(self.names) % self.across == 0
        return (ROW_GAP if is_full else TICKS) + self.title_height

    @property
    def height(self) -> int:
        """Of the whole figure, in px."""
        between = (self.rows - 1) * self.row_gap
        return self.margin["t"] + self.rows * self.panel + between + TICKS

    def layout(self, words: Words, show: str, epochs: int) -> Json:
        """The axes and titles of the panels; all epoch axes go together, and all others."""
        layout: Json = {"margin": self.margin, "annotations": []}
        for number in range(len(self.names)):
            axes = axes_of(number)
            layout[axes[0].replace("x", "xaxis")] = self.epochs(number, words, epochs)
            layout[axes[1].replace("y", "yaxis")] = self.values(number, words, show)
            layout["annotations"].append(self.title(number))
        return layout

    def epochs(self, number: int, words: Words, epochs: int) -> Json:
        """The epoch axis of a panel; only the lowest of a column has numbers."""
        is_lowest = number + self.across >= len(self.names)
        return {
            "domain": share(number % self.across, self.across, self.arrangement.gap),
            "anchor": axes_of(number)[1],
            "range": [0, epochs + max(1, epochs * 0.01)],
            "showticklabels": is_lowest,
            "ticklabelstandoff": 4,  # below the 0 % of the other axis
            "title": {"text": words("explore.epoch") if is_lowest else "", "standoff": 4},
            "nticks": self.arrangement.ticks,
            "zeroline": False,
            "hoverformat": "d",
            **({"matches": "x"} if number else {}),
        }

    def values(self, number: int, words: Words, show: str) -> Json:
        """The other axis of a panel; only the first of a row has numbers."""
        row, column = divmod(number, self.across)
        inside = self.height - self.margin["t"] - TICKS
        return {
            "domain": share(self.rows - 1 - row, self.rows, self.row_gap / inside),
            "anchor": axes_of(number)[0],
            "showticklabels": column == 0,
            "title": {"text": words(f"explore.{show}") if column == 0 else "", "standoff": 6},
            "zeroline": False,
            # Of axes that go together Plotly forgets that their range is to be found.
            **({} if show == "accuracy" else {"autorange": True}),
            **axis_scale(show),
            **({"matches": "y"} if number else {}),
        }

    def title(self, number: int) -> Json:
        """The name above a panel."""
        axes = axes_of(number)
        return {
            "text": "<br>".join(map(for_plotly, self.titles[number])),
            "xref": f"{axes[0]} domain",
            "yref": f"{axes[1]} domain",
            "x": 0,
            "y": 1,
            "xanchor": "left",
            "yanchor": "bottom",
            "align": "left",
            "showarrow": False,
        }


def share(place: int, places: int, gap: float) -> list[float]:
    """The stretch from 0 to 1 that is the place's own.

    >>> share(1, 2, 0.2)
    [0.6, 1.0]
    """
    size = (1 - gap * (places - 1)) / places
    start = place * (size + gap)
    return [round(start, 6), round(start + size, 6)]
