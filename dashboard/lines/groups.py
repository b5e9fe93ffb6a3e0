"""What is drawn as one: the runs of a cell over its seeds, or of neighbouring cells together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from core.analysis.studies import Cell, Study
from dashboard.lines.names import BETWEEN, cell_name, telling_digits, value_name
from dashboard.text import Words

MOST = 8  # lines in one chart, each of a hue of its own, and panels beside each other


class Group(NamedTuple):
    """Runs that make one line with its band, by their numbers in the job."""

    name: str  # "0.1", or "0.001 – 0.01" of several cells
    version: str  # of Keras, as a reader knows it; empty where only one is shown
    place: int  # among the groups of a version
    runs: tuple[int, ...]


def groups(study: Study, seeds: int, words: Words) -> list[Group]:
    """At most eight groups a version; more cells are drawn together with their neighbours."""
    found: list[Group] = []
    digits = telling_digits(study.cells)
    for version, numbers in by_version(study).items():
        label = value_name("preset", version, words) if version else ""
        for place, chunk in enumerate(chunks(numbers, study)):
            runs = tuple(number * seeds + seed for number in chunk for seed in range(seeds))
            name = chunk_name([study.cells[number] for number in chunk], words, digits)
            found.append(Group(name, label, place, runs))
    return found


def by_version(study: Study) -> dict[str, list[int]]:
    """The numbers of the cells of each version of Keras; of "" where only one is shown."""
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(study.cells):
        found.setdefault(dict(cell.values).get("preset", ""), []).append(number)
    return found


def chunks(numbers: Sequence[int], study: Study) -> list[list[int]]:
    """Neighbours together, a value of the first field each where that gives eight or fewer."""
    if len(numbers) <= MOST:
        return [[number] for number in numbers]
    firsts: dict[object, list[int]] = {}
    for number in numbers:
        values = key_without_version(study.cells[number])
        firsts.setdefault(values[0][1] if len(values) > 1 else number, []).append(number)
    if len(firsts) <= MOST:
        return list(firsts.values())
    ends = [round(n * len(numbers) / MOST) for n in range(MOST + 1)]
    return [list(numbers[a:b]) for a, b in pairwise(ends)]


def chunk_name(cells: Sequence[Cell], words: Words, digits: int) -> str:
    """A group by its only cell, by what its cells share, or by its first and its last."""
    plain = [Cell(key_without_version(cell), cell.experiment) for cell in cells]
    if len(plain) == 1:
        return cell_name(plain[0], words, digits)
    shared = [pair for pair in plain[0].values if all(pair in cell.values for cell in plain)]
    if shared:
        return BETWEEN.join(value_name(*pair, words, digits) for pair in shared)
    ends = (cell_name(plain[end], words, digits) for end in (0, -1))
    return " – ".join(ends)


def key_without_version(cell: Cell) -> tuple[tuple[str, object], ...]:
    return tuple(pair for pair in cell.values if pair[0] != "preset")
