"""Where the panels of pins stand: equal, in rows, on the same axes; pure functions."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.lines.figures import axis_scale
from dashboard.lines.panel_grid import ROW_GAP, Arrangement, PanelGrid, Scale
from dashboard.text import Words
from dashboard.text.literal import for_plotly

TITLE_LINE = 16  # px
TITLE_LINES_MAX = 2
LEGEND = 26  # px above the titles
TICKS = 40  # px below a panel, for epochs and their name
RIGHT = 12  # px, for half of the last epoch's number


@dataclass(frozen=True)
class Screen:
    """How the panels stand on one kind of screen."""

    most: int  # panels in a row
    panels: tuple[int, ...]  # px high, of one row, of two, … so that the cards below stay in sight
    left: int  # px for the ticks and the name of the axis
    gap: float  # between columns, of the width
    ticks: int  # of an epoch axis, about
    title: dict[int, int]  # characters in a line, by the number of columns


# The gap is as wide as that between the cards below; titles also fit on a screen of 800 px.
WIDE = Screen(4, (220, 160), 62, 0.0226, 5, {1: 90, 2: 48, 3: 32, 4: 24})
NARROW = Screen(2, (150, 120, 120, 120), 48, 0.1, 3, {1: 48, 2: 20})


def columns(pins: int, most: int = WIDE.most) -> int:
    """How many panels stand in a row: rows as equal as can be.

    >>> [columns(pins) for pins in range(1, 9)], [columns(pins, 2) for pins in (1, 2, 5)]
    ([1, 2, 3, 4, 3, 3, 4, 4], [1, 2, 2])
    """
    rows = -(-pins // most)
    return min(most, -(-pins // rows))


def pin_grid(names: Sequence[str], words: Words, show: str) -> PanelGrid:
    """The panels of pins of these names, each with the same figure of merit."""
    # Of axes that go together Plotly forgets that their range is to be found.
    found = {} if show == "accuracy" else {"autorange": True}
    scale = Scale(words(f"explore.{show}"), {**found, **axis_scale(show)})
    return PanelGrid(len(names), [scale], 1, arrange(names, WIDE), arrange(names, NARROW))


def arrange(names: Sequence[str], screen: Screen) -> Arrangement:
    """The panels on one kind of screen, under names on two lines where one is too short."""
    across = columns(len(names), screen.most)
    wrapped = [
        textwrap.wrap(name, screen.title[across], max_lines=TITLE_LINES_MAX, placeholder="…")
        for name in names
    ]
    rows, is_full = -(-len(names) // across), len(names) % across == 0
    title = TITLE_LINE * max(1, *map(len, wrapped))
    return Arrangement(
        titles=["<br>".join(map(for_plotly, lines)) for lines in wrapped],
        across=across,
        panel=screen.panels[rows - 1],
        top=LEGEND + title,
        left=screen.left,
        gap=screen.gap,
        ticks=screen.ticks,
        title=title,
        lead=0,
        row_gap=ROW_GAP if is_full else TICKS,  # a column ends above the last row
        right=RIGHT,
        bottom=TICKS,
    )
