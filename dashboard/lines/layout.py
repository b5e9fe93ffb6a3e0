"""How lines stand beside each other by what distinguishes them: on one axis, or on two as a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.experiment.records import flat, varying
from dashboard.lines.groups import key_without_version
from dashboard.lines.names import field_name, telling_digits, value_name
from dashboard.lines.plan import Line
from dashboard.text import Words

AXES_MAX = 2
BY_NAME = ("",)  # in place of the paths: lines that differ in more than a map can show


@dataclass(frozen=True)
class Layout:
    """The paths that are varied, and of each series its lines by their values.

    A series is a version of Keras, or a study among several; of all others there is one, "".
    """

    paths: tuple[str, ...]
    series: dict[str, dict[tuple[Any, ...], Line]]

    @property
    def is_map(self) -> bool:
        return len(self.paths) == AXES_MAX

    @property
    def is_whole(self) -> bool:
        """Whether a map has all of its cells, in every series."""
        if not self.is_map:
            return True
        grid = {(row, column) for row in self.values(0) for column in self.values(1)}
        return all(lines.keys() == grid for lines in self.series.values())

    def values(self, axis: int) -> list[Any]:
        """The values of the first or the second path, each once."""
        every = (values for lines in self.series.values() for values in lines)
        return list(dict.fromkeys(values[axis] for values in every))

    def labels(self, axis: int, words: Words) -> list[str]:
        """What these are called, no two the same."""
        path, values = self.paths[axis], self.values(axis)
        if not path:
            return [str(value) for value in values]
        lines = (line.cell for lines in self.series.values() for line in lines.values())
        digits = telling_digits(lines)
        return [value_name(path, value, words, digits) for value in values]

    def title(self, axis: int, words: Words) -> str:
        return field_name(self.paths[axis], words) if self.paths[axis] else ""


def layout(lines: Sequence[Line], names: Sequence[str], pins: Sequence[str]) -> Layout:
    """By what studies vary, or by what runs differ in; by name where that is no grid.

    `names` are those of the lines, `pins` those of their pins.
    """
    of_study = {tuple(path for path, _ in key_without_version(line.cell)) for line in lines}
    if len(of_study) == 1 and 0 < len(paths := next(iter(of_study))) <= AXES_MAX:
        several = len({line.pin for line in lines}) > 1
        series: dict[str, dict[tuple[Any, ...], Line]] = {}
        for line in lines:
            of = pins[line.pin] if several else ""
            values = tuple(value for _, value in key_without_version(line.cell))
            series.setdefault(of, {})[values] = line
        found = Layout(paths, series)
        if found.is_whole:
            return found
    return by_difference(lines) or Layout(BY_NAME, {"": lines_by_key(lines, names)})


def lines_by_key(lines: Sequence[Line], names: Sequence[str]) -> dict[tuple[Any, ...], Line]:
    return {(name,): line for name, line in zip(names, lines, strict=True)}


def by_difference(lines: Sequence[Line]) -> Layout | None:
    """By the one or two fields in which experiments differ, where all pairs of values are there."""
    experiments = [line.cell.experiment for line in lines]
    paths = tuple(varying(experiments))
    if not 0 < len(paths) <= AXES_MAX:
        return None
    flats = [flat(one.to_dict()) for one in experiments]
    if "changes" in paths or any(path not in one for one in flats for path in paths):
        return None
    values = [tuple(hashable(one[path]) for path in paths) for one in flats]
    found = Layout(paths, {"": dict(zip(values, lines, strict=True))})
    return found if len(set(values)) == len(lines) and found.is_whole else None


def hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
