"""Fields and values of a study as a reader knows them."""

from __future__ import annotations

from typing import Any

from core.studies import Cell
from dashboard.numbers import rate
from dashboard.state import name_of
from dashboard.text import Words

BETWEEN = " · "


def field_name(path: str, words: Words) -> str:
    """What a field is called: "Learning rate"; the version of Keras is one, too."""
    return words(f"fields.{name_of(path)}")


def value_name(path: str, value: Any, words: Words) -> str:
    """What a value is called: "0.01", "1e-5", "RMSprop", "50–50", "Keras 3".

    >>> value_name("optimizer.learning_rate", 1e-05, Words("en"))
    '1e-5'
    """
    name = name_of(path)
    if name == "preset":
        return words(f"studies.version_{value}")
    if isinstance(value, bool):
        return words("studies.yes" if value else "studies.no")
    if isinstance(value, str):
        key = f"fields.{name}_{value}"
        return words(key) if words.has(key) else value
    if isinstance(value, tuple | list):
        return "–".join(map(str, value)) or words("studies.none")
    return rate(value) if isinstance(value, float) else str(value)


def cell_name(cell: Cell, words: Words) -> str:
    """A cell by its values, the version of Keras last: "0.9", "0.1 · 0.9", "Adam · Keras 3"."""
    values = sorted(cell.values, key=lambda pair: pair[0] == "preset")
    return BETWEEN.join(value_name(path, value, words) for path, value in values)


def spoken(cell: Cell, words: Words) -> str:
    """A cell in a sentence: "momentum 0.9", "Adam", "0.1 · 0.9".

    A number needs its field beside it, a name speaks for itself.
    """
    values = [pair for pair in cell.values if pair[0] != "preset"]
    if len(values) != 1 or isinstance(values[0][1], str):
        return cell_name(cell, words)
    field = field_name(values[0][0], words)
    field = field[:1].lower() + field[1:]
    return words("studies.spoken_one", field=field, value=cell_name(cell, words))


def varied_name(paths: tuple[str, ...], words: Words) -> str:
    """What is varied, in one line; the version of Keras left out."""
    return BETWEEN.join(field_name(path, words) for path in paths if path != "preset")
