"""What is drawn as one curve: a line; of more than can be drawn, neighbours together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from core.analysis.studies import Cell
from dashboard.lines import palette
from dashboard.lines.axes import Axes
from dashboard.lines.plan import Line, Paired, Plan
from dashboard.lines.traces import Drawn, Style, band
from dashboard.settings.studies import INTERVAL

CURVES_MAX = 8  # in one picture, each of a hue that all eyes can tell from the others
SHADES_MAX = 64  # in one picture, each a shade of its pin's hue


class Curve(NamedTuple):
    """One line over its seeds, or several neighbours of one pin over all their runs."""

    name: str
    colour: str
    lines: tuple[Line, ...]
    is_shade: bool = False  # thin, without a band and without train, one of many

    @property
    def is_line(self) -> bool:
        return len(self.lines) == 1

    @property
    def runs(self) -> list[int]:
        """The numbers of its runs in the job."""
        return [number for line in self.lines for number in line.numbers]

    def paired(self, plan: Plan, reference: int) -> Paired:
        """Its runs and those of the reference, line by line and seed by seed."""
        found = [
            pairs for line in self.lines if (pairs := pair_with_counterpart(plan, line, reference))
        ]
        return Paired(
            [n for one in found for n in one.runs], [n for one in found for n in one.minus]
        )


def overlaid(plan: Plan, names: Sequence[str]) -> list[Curve]:
    """All lines of a plan in one picture."""
    return curves(plan, names, range(len(plan.lines)))


def differing(plan: Plan, names: Sequence[str], reference: int) -> list[Curve]:
    """The same of the lines that have something to be compared to in the reference.

    A line has the colour that it has among all of them.
    """
    apart = [n for n, line in enumerate(plan.lines) if pair_with_counterpart(plan, line, reference)]
    return curves(plan, names, apart)


def in_panel(plan: Plan, place: int, names: Sequence[str]) -> list[Curve]:
    """The curves of one pin in a panel of its own."""
    ours = [n for n, line in enumerate(plan.lines) if line.pin == place]
    alone = Plan((), tuple(plan.lines[n] for n in ours), plan.seeds, plan.runs)
    return curves(alone, [names[n] for n in ours], range(len(ours)))


def curves(plan: Plan, names: Sequence[str], places: Sequence[int]) -> list[Curve]:
    """A hue a line where these are few; else shades of a hue a pin; else neighbours together."""
    if len(plan.lines) <= CURVES_MAX:
        cells = [line.cell for line in plan.lines]
        hues = hues_of(cells) if len(plan.sources) == 1 else palette.SERIES
        return [Curve(names[n], hues[n], (plan.lines[n],)) for n in places]
    if len(places) <= CURVES_MAX:
        placed = zip(palette.SERIES, places, strict=False)
        return [Curve(names[n], hue, (plan.lines[n],)) for hue, n in placed]
    if len(places) <= SHADES_MAX:
        colours = shades(plan)
        return [Curve(names[n], colours[n], (plan.lines[n],), is_shade=True) for n in places]
    return together(plan, names, set(places))


def hues_of(cells: Sequence[Cell]) -> Sequence[str]:
    """A colour a cell: on an ordered scale where the cells are the values of one number."""
    ordered = len(cells) > 1 and all(one_number(cell.values) for cell in cells)
    return palette.ordered_hues(len(cells)) if ordered else palette.SERIES


def one_number(values: Sequence[tuple[str, Any]]) -> bool:
    """Whether a cell varies one number.

    >>> one_number((("optimizer.momentum", 0.9),)), one_number((("optimizer.kind", "adam"),))
    (True, False)
    """
    found = [value for path, value in values if path != "preset"]
    return len(found) == 1 and isinstance(found[0], int | float) and not isinstance(found[0], bool)


def shades(plan: Plan) -> list[str]:
    """The colour of each line: of the hue of its pin, from dark to light."""
    hues = palette.SERIES
    return [
        palette.shade(hues[line.pin % len(hues)], line.place, len(plan.of_pin(line.pin)))
        for line in plan.lines
    ]


def together(plan: Plan, names: Sequence[str], places: set[int]) -> list[Curve]:
    """Neighbours of each pin, as few curves as can be drawn; told by the first and the last."""
    most = max(SHADES_MAX // max(len(plan.sources), 1), 1)
    found = []
    for pin in plan.sources:
        ours = [n for n in sorted(places) if plan.lines[n].pin == pin]
        parts = min(most, len(ours))
        ends = [round(n * len(ours) / parts) for n in range(parts + 1)] if parts else [0]
        for place, (first, last) in enumerate(pairwise(ends)):
            chunk = ours[first:last]
            colour = palette.shade(palette.SERIES[pin % len(palette.SERIES)], place, parts)
            name = names[chunk[0]] if len(chunk) == 1 else f"{names[chunk[0]]} – {names[chunk[-1]]}"
            found.append(Curve(name, colour, tuple(plan.lines[n] for n in chunk), True))
    return found


def pair_with_counterpart(plan: Plan, line: Line, reference: int) -> Paired | None:
    """The runs of a line and of its counterpart in the reference; None where there are none."""
    other = plan.counterpart(line, reference)
    found = line.paired(other) if other and other is not line else None
    return found if found and found.runs else None


def band_of(
    curve: Curve,
    field: str,
    runs: Sequence[int],
    axes: Axes,
    minus: Sequence[int] = (),
    rounding: float = 0.0,
) -> list[Drawn]:
    """The interval of a line's mean; many lines have none, nor do rates, which all seeds share."""
    if curve.is_shade or field == "learning_rate":
        return []
    style = Style(curve.colour, group=curve.name)
    return band(field, runs, axes, style, INTERVAL, minus=minus, rounding=rounding)
