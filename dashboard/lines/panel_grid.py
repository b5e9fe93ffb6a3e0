"""Where panels stand on one grid, on a wide screen and on a phone; they share their axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.lines.axes import Axes, axis_key, axis_name
from dashboard.lines.figures import Json
from dashboard.text import Words

TITLE = 22  # px above the panels of a stack
FIGURE_GAP = 28  # px between the panels of a stack; large type has room for the ticks of both
ROW_GAP = 14  # px between a row of stacks and the title of the next
RIGHT = 16  # px, for half of the last epoch's number
BOTTOM = 44  # px for the epochs and their name


@dataclass(frozen=True)
class Scale:
    """What the panels of one figure show: its name, its scale, and whether in per cent."""

    title: str
    axis: Json


@dataclass(frozen=True)
class Arrangement:
    """How a grid stands on one kind of screen; all measures in pixels."""

    titles: Sequence[str]  # of the stacks, as Plotly writes text; empty for none
    across: int  # stacks beside each other
    panel: int  # height of a panel
    top: int  # margin, for the legend
    left: int
    gap: float = 0.028  # between columns, as a share of the width
    ticks: int = 5  # at most, of the epochs
    title: int = TITLE  # above the panels of a stack
    lead: int = TITLE  # of the first row's titles; 0 where they stand in the margin
    row_gap: int = ROW_GAP  # between a row of stacks and the title of the next
    right: int = RIGHT
    bottom: int = BOTTOM


@dataclass(frozen=True)
class PanelGrid:
    """Stacks of panels, one under the other in a stack; a stack a value and Keras version.

    Stacks of one version follow each other. Where two versions are shown, the same value of both
    stands together: one above the other where there is room for several values, else beside it.
    """

    stacks: int
    scales: Sequence[Scale]
    versions: int
    wide: Arrangement
    narrow: Arrangement

    @property
    def values(self) -> int:
        return self.stacks // self.versions

    def axes(self, stack: int, figure: int) -> Axes:
        """The names of the axes of a panel, as a trace carries them."""
        return axis_name("x", stack), axis_name("y", stack * len(self.scales) + figure)

    def roles(self, fields: Sequence[str]) -> dict[str, list[str]]:
        """The y axes of every figure of merit, in the order of the scales."""
        stacks = range(self.stacks)
        return {
            field: [axis_key(self.axes(stack, figure)[1]) for stack in stacks]
            for figure, field in enumerate(fields)
        }

    def spot(self, stack: int, screen: Arrangement) -> tuple[int, int]:
        """The row and the column of a stack."""
        version, value = divmod(stack, self.values)
        if self.versions == 1:
            return divmod(value, screen.across)
        if screen.across <= self.versions:
            row, column = (value, version) if screen.across > 1 else (stack, 0)
            return row, column
        block, column = divmod(value, screen.across)
        return block * self.versions + version, column

    def rows(self, screen: Arrangement) -> int:
        return 1 + max(self.spot(stack, screen)[0] for stack in range(self.stacks))

    def columns(self, screen: Arrangement) -> int:
        return 1 + max(self.spot(stack, screen)[1] for stack in range(self.stacks))

    def height(self, screen: Arrangement) -> int:
        last = (self.rows(screen) - 1) * self.pitch(screen)
        stack = self.stack_height(screen)
        return screen.top + screen.lead + last + stack + screen.bottom

    def stack_height(self, screen: Arrangement) -> int:
        figures = len(self.scales)
        return figures * screen.panel + (figures - 1) * FIGURE_GAP

    def pitch(self, screen: Arrangement) -> int:
        """From a row of stacks to the next."""
        return self.stack_height(screen) + screen.row_gap + screen.title

    def layout(self, words: Words, epochs: int) -> Json:
        """The whole as on a wide screen; `placed` says what differs on a phone."""
        return {
            **self.placed(self.wide, words, epochs),
            "hovermode": "x unified",
            "hoversubplots": "axis",
            "dragmode": "zoom",
        }

    def placed(self, screen: Arrangement, words: Words, epochs: int) -> Json:
        """The axes and titles of one arrangement of the grid, with margins and height."""
        axes: Json = {}
        for stack in range(self.stacks):
            axes |= self.stack_axes(stack, screen, words, epochs)
        titles = [self.title(number, text) for number, text in enumerate(screen.titles) if text]
        margin = {"l": screen.left, "r": screen.right, "t": screen.top, "b": screen.bottom}
        return {**axes, "annotations": titles, "margin": margin, "height": self.height(screen)}

    def stack_axes(self, stack: int, screen: Arrangement, words: Words, epochs: int) -> Json:
        row, column = self.spot(stack, screen)
        is_lowest = (row + 1, column) not in self.taken(screen)
        x, lowest = self.axes(stack, len(self.scales) - 1)
        axes: Json = {
            axis_key(x): {
                "domain": self.across(column, screen),
                "anchor": lowest,
                "range": [0, epochs + max(1, epochs * 0.01)],
                "showticklabels": is_lowest,
                "title": {"text": words("studies.epoch") if is_lowest else "", "standoff": 4},
                "zeroline": False,
                "nticks": screen.ticks,
                "ticklabelstandoff": 4,  # clear of the y axis's lowest label
                "hoverformat": "d",
                "unifiedhovertitle": {"text": words("studies.hover_epoch")},
                **({"matches": "x"} if stack else {}),
            }
        }
        for figure, scale in enumerate(self.scales):
            axes[axis_key(self.axes(stack, figure)[1])] = {
                "domain": self.down(row, figure, screen),
                "anchor": x,
                "showticklabels": column == 0,
                "title": {"text": scale.title if column == 0 else "", "standoff": 6},
                "zeroline": False,
                **scale.axis,
                **({"matches": axis_name("y", figure)} if stack else {}),
            }
        return axes

    def taken(self, screen: Arrangement) -> set[tuple[int, int]]:
        return {self.spot(stack, screen) for stack in range(self.stacks)}

    def across(self, column: int, screen: Arrangement) -> list[float]:
        """The part of the width that a column takes."""
        columns = self.columns(screen)
        width = (1 - (columns - 1) * screen.gap) / columns
        left = column * (width + screen.gap)
        return [round(left, 6), round(min(left + width, 1.0), 6)]

    def down(self, row: int, figure: int, screen: Arrangement) -> list[float]:
        """The part of the height that a panel takes, counted from below."""
        whole = self.height(screen) - screen.top - screen.bottom
        top = screen.lead + row * self.pitch(screen)
        top += figure * (screen.panel + FIGURE_GAP)
        return [round(1 - (top + screen.panel) / whole, 6), round(1 - top / whole, 6)]

    def title(self, stack: int, text: str) -> Json:
        """The name of a stack, above its first panel."""
        x, y = self.axes(stack, 0)
        return {
            "text": text,
            "xref": f"{x} domain",
            "yref": f"{y} domain",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "align": "left",
            "showarrow": False,
        }
