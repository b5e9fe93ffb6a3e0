"""What is drawn as one curve: a line, or together more lines than can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dashboard.lines import palette
from dashboard.lines.plan import Line, Paired, Plan

CURVES_MAX = 8  # in one picture; as many have a hue that all eyes can tell from the others


class Curve(NamedTuple):
    """One line over its seeds, or several of one pin over all their runs."""

    name: str
    colour: str
    lines: tuple[Line, ...]

    @property
    def is_line(self) -> bool:
        return len(self.lines) == 1

    @property
    def runs(self) -> list[int]:
        """The numbers of its runs in the job."""
        return [number for line in self.lines for number in line.numbers]

    def paired(self, plan: Plan, reference: int) -> Paired:
        """Its runs and those of the reference, line by line and seed by seed."""
        found = [pairs for line in self.lines if (pairs := compared(plan, line, reference))]
        return Paired(
            [n for one in found for n in one.runs], [n for one in found for n in one.minus]
        )


def overlaid(plan: Plan, names: Sequence[str], pins: Sequence[str]) -> list[Curve]:
    """A curve a line; where these are too many, a curve a pin."""
    return curves(plan.lines, names, pins, range(len(plan.lines)))


def differing(plan: Plan, names: Sequence[str], pins: Sequence[str], reference: int) -> list[Curve]:
    """The same of the lines that have something to be compared to in the reference.

    A line has the hue that it has among all of them, if they are few.
    """
    apart = [n for n, line in enumerate(plan.lines) if compared(plan, line, reference)]
    hues = apart if len(plan.lines) <= CURVES_MAX else range(len(apart))
    return curves([plan.lines[n] for n in apart], [names[n] for n in apart], pins, hues)


def in_panel(plan: Plan, place: int, names: Sequence[str], pin: str) -> list[Curve]:
    """The curves of one pin in a panel of its own."""
    ours = [n for n, line in enumerate(plan.lines) if line.pin == place]
    lines = [plan.lines[n] for n in ours]
    if len(lines) > CURVES_MAX:
        return [Curve(pin, palette.TEST, tuple(lines))]
    return curves(lines, [names[n] for n in ours], (), range(len(ours)))


def curves(
    lines: Sequence[Line], names: Sequence[str], pins: Sequence[str], hues: Iterable[int]
) -> list[Curve]:
    if len(lines) <= CURVES_MAX:
        colours = [palette.SERIES[hue] for hue in hues]
        each = zip(names, colours, lines, strict=True)
        return [Curve(name, colour, (line,)) for name, colour, line in each]
    together: dict[int, list[Line]] = {}
    for line in lines:
        together.setdefault(line.pin, []).append(line)
    return [Curve(pins[pin], palette.SERIES[pin], tuple(of)) for pin, of in together.items()]


def compared(plan: Plan, line: Line, reference: int) -> Paired | None:
    """The runs of a line and of its counterpart in the reference; None where there are none."""
    other = None if line.pin == reference else plan.counterpart(line, reference)
    found = line.paired(other) if other else None
    return found if found and found.runs else None
