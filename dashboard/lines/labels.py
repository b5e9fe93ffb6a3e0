"""What pins and their lines are called: by the visitor, else by what distinguishes them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from core.experiment import PARTS, Experiment
from core.experiment.records import flat
from dashboard.lines.names import varied_name
from dashboard.lines.plan import Line
from dashboard.settings.changes import changes_text
from dashboard.settings.experiment import TELLS, name_of
from dashboard.settings.pin import Pin
from dashboard.settings.studies import OWN
from dashboard.text import Words, numbers
from dashboard.text.phrases import lower_first

PIECES_MAX = 3  # of what distinguishes a run; the tab of settings has all


def pin_names(pins: Sequence[Pin], words: Words) -> list[str]:
    """A name a pin, no two the same."""
    runs = [pin.experiment for pin in pins if not pin.study]
    return apart([pin.name or automatic(pin, runs, words) for pin in pins])


def apart(names: Sequence[str]) -> list[str]:
    """Names of which no two are the same; the first of each keeps it, the others are numbered.

    >>> apart(["A", "A (2)", "A"]), apart(["A", "A", "A (2)"])
    (['A', 'A (2)', 'A (3)'], ['A', 'A (3)', 'A (2)'])
    """
    found: list[str] = []
    taken, seen = set(names), set[str]()
    for name in names:
        numbered = (f"{name} ({count})" for count in itertools.count(2))
        free = (one for one in numbered if one not in taken)
        found.append(next(free) if name in seen else name)
        taken.add(found[-1])
        seen.add(name)
    return found


def automatic(pin: Pin, runs: Sequence[Experiment], words: Words) -> str:
    """The name of a pin by its study, or by how its run differs from the others."""
    if pin.study:
        return words("compare.study_name", study=study_name(pin, words), keras=keras(pin, words))
    pieces = distinguishing(pin.experiment, runs, words)
    pieces = pieces or distinguishing(pin.experiment, [Experiment(), pin.experiment], words)
    if not pieces:
        return words("compare.tutorial_run")
    shown = [*pieces[:PIECES_MAX], *(["…"] if len(pieces) > PIECES_MAX else [])]
    name = words("compare.comma").join(shown)
    return name[:1].upper() + name[1:]


def study_name(pin: Pin, words: Words) -> str:
    """What a pinned study is called; one's own by what it varies."""
    if pin.study != OWN:
        return words(f"compare.study_{pin.study}")
    return varied_name(tuple(path for path, _ in pin.cells()[0].values), words)


def keras(pin: Pin, words: Words) -> str:
    return words(f"compare.{pin.preset}")


def distinguishing(experiment: Experiment, others: Sequence[Experiment], words: Words) -> list[str]:
    """The kinds that the others have not all in common, and the values among those of its kind."""
    return [
        piece
        for part in ("optimizer", "schedule", "model", "data", "")
        for piece in part_pieces(part, experiment, others, words)
    ]


def part_pieces(
    part: str, experiment: Experiment, others: Sequence[Experiment], words: Words
) -> Iterator[str]:
    fields, kind_path = fields_of(part, experiment), f"{part}.kind"
    all_fields = [fields_of(part, other) for other in others]
    alike = [one for one in all_fields if one.get(kind_path) == fields.get(kind_path)]
    told = kind_path
    if len(alike) < len(others):  # the kind says it, and what is not as that kind usually is
        usual = PARTS[part][fields[kind_path]]().to_dict()
        alike.append({f"{part}.{name}": value for name, value in usual.items()})
        told = TELLS.get(fields[kind_path], kind_path)
        yield piece(told, experiment, words)
    for path, value in fields.items():
        if path not in (told, kind_path) and any(other[path] != value for other in alike):
            yield piece(path, experiment, words)


def fields_of(part: str, experiment: Experiment) -> dict[str, Any]:
    """The fields of one part by their paths; of no part, those of the experiment itself."""
    return {
        path: value
        for path, value in flat(experiment.to_dict()).items()
        if path.rpartition(".")[0] == part
    }


def piece(path: str, experiment: Experiment, words: Words) -> str:
    """A field and its value: "momentum 0.9"; of a kind, its name alone: "Adam"."""
    value = value_text(path, experiment.get(path), experiment, words)
    if path.endswith(".kind"):
        return value
    label = words(f"fields.{name_of(path)}")
    return f"{lower_first(label)} {value}"


def value_text(path: str, value: Any, experiment: Experiment, words: Words) -> str:
    """A value as people write it, in the visitor's language."""
    name = name_of(path)
    if isinstance(value, bool):
        return words("compare.yes" if value else "compare.no")
    if name == "changes" and value:
        return changes_text(value, words)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or words("compare.none")
    if isinstance(value, float):
        return numbers.rate(value)
    key = f"fields.{name}_{value}"
    return words(key) if isinstance(value, str) and words.has(key) else str(value)


def cell_name(line: Line, words: Words) -> str:
    """What distinguishes a cell of a study from the others; empty for a run."""
    experiment = line.cell.experiment
    return words("compare.comma").join(
        value_text(path, value, experiment, words) for path, value in line.cell.values
    )


def line_names(lines: Sequence[Line], pins: Sequence[str], words: Words) -> list[str]:
    """What each line is called: as its pin, and in a study with its value; no two the same."""
    names = [
        words("compare.cell_name", pin=pins[line.pin], cell=cell)
        if (cell := cell_name(line, words))
        else pins[line.pin]
        for line in lines
    ]
    return apart(names)
