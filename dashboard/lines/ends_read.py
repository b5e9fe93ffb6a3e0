"""How the ends of lines are read by keys and as a table: value by value, of a map cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.lines.figures import Json
from dashboard.lines.layout import Layout
from dashboard.lines.names import BETWEEN
from dashboard.text import Words
from dashboard.text.phrases import lower_first


def reading(of: Layout, words: Words) -> list[Json]:
    """The columns of the table: the final test accuracy, of each series where there are several."""
    what = words("studies.final_accuracy")
    names = [
        words("chart.column_of", name=name, column=what) if name else what for name in of.series
    ]
    return [{"trace": place, "name": name} for place, name in enumerate(names)]


def steps_of_points(of: Layout, x: Sequence[Any], words: Words) -> Json:
    """What keys and the table go along, from left to right: values, or lines by their names."""
    field = of.title(0, words)
    steps = list(zip(x, of.labels(0, words), strict=True))
    if not any(isinstance(place, str) for place in x):
        steps.sort(key=lambda step: float(step[0]))
    names = [name for _, name in steps]
    return {
        "head": field or words("compare.column_pin"),
        "names": names,
        "spoken": [words("studies.spoken_one", field=field, value=name) for name in names]
        if field
        else names,
        "at": [place for place, _ in steps],
        "keys": words("chart.keys_values"),
    }


def steps_of_map(of: Layout, words: Words) -> Json:
    """What keys and the table go along: the cells, row by row."""
    labels = [of.labels(axis, words) for axis in (0, 1)]
    titles = [of.title(axis, words) for axis in (0, 1)]
    cells = [(down, right) for down in labels[0] for right in labels[1]]
    fields = [titles[0], lower_first(titles[1])]
    return {
        "head": BETWEEN.join(titles),
        "names": [BETWEEN.join(cell) for cell in cells],
        "spoken": [
            words("chart.said_between").join(
                words("studies.spoken_one", field=field, value=value)
                for field, value in zip(fields, cell, strict=True)
            )
            for cell in cells
        ],
        "across": len(labels[1]),
        "keys": words("chart.keys_map"),
    }
