"""What a table of lines holds: texts, and the numbers that they are sorted by."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """What a column holds; `falls` when its highest number comes first at the first click."""

    name: str
    label: str
    help: str = ""
    falls: bool = False


@dataclass(frozen=True)
class Entry:
    """What stands in a cell, the number it is sorted by, and what is said when one points at it.

    What is `muted` stands back: it is not of all that it should be of. A `bar` is drawn beside the
    text: the low end, the middle and the high end of an interval, from 0 to 1 of the bar's width.
    """

    text: str
    number: float = math.nan
    title: str = ""
    muted: bool = False
    bar: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class TableRow:
    """A row: its entries, the first of them its name; `opens` is what its link is called."""

    entries: tuple[Entry, ...]
    opens: str = ""
