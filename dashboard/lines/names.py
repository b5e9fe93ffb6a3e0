"""Fields and values of a study as a reader knows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.analysis.studies import Cell
from dashboard.settings.changes import changes_text
from dashboard.settings.experiment import name_of
from dashboard.text import Words
from dashboard.text.numbers import rate
from dashboard.text.phrases import lower_first

BETWEEN = " · "
DIGITS, DIGITS_MAX = 3, 17  # of a number that is read; with 17 no two numbers look the same


def field_name(path: str, words: Words) -> str:
    """What a field is called: "Learning rate"; the version of Keras is one, too."""
    return words(f"fields.{name_of(path)}")


def value_name(path: str, value: Any, words: Words, digits: int = DIGITS) -> str:
    """What a value is called: "0.01", "1e-5", "RMSprop", "50–50", "Keras 3".

    >>> value_name("optimizer.learning_rate", 1e-05, Words("en"))
    '1e-5'
    """
    name = name_of(path)
    if name == "preset":
        return words(f"studies.version_{value}")
    if name == "changes" and value:
        return changes_text(value, words)
    if isinstance(value, bool):
        return words("studies.yes" if value else "studies.no")
    if isinstance(value, str):
        key = f"fields.{name}_{value}"
        return words(key) if words.has(key) else value
    if isinstance(value, tuple | list):
        return "–".join(map(str, value)) or words("studies.none")
    return rate(value, digits) if isinstance(value, float) else str(value)


def telling_digits(cells: Iterable[Cell]) -> int:
    """How many digits tell the values of each field apart; three where these will do."""
    values: dict[str, set[float]] = {}
    for path, value in (pair for cell in cells for pair in cell.values):
        if isinstance(value, float):
            values.setdefault(path, set()).add(value)
    for digits in range(DIGITS, DIGITS_MAX):
        if all(len({rate(v, digits) for v in known}) == len(known) for known in values.values()):
            return digits
    return DIGITS_MAX


def cell_name(cell: Cell, words: Words, digits: int = DIGITS) -> str:
    """A cell by its values, the version of Keras last: "0.9", "0.1 · 0.9", "Adam · Keras 3"."""
    return BETWEEN.join(value_name(*pair, words, digits) for pair in preset_last(cell))


def name_in_sentence(cell: Cell, words: Words, digits: int = DIGITS) -> str:
    """A cell in a sentence: "momentum 0.9", "Adam", "learning rate 0.1 · momentum 0.9".

    A number needs its field beside it, a name speaks for itself.
    """
    said = []
    for path, value in preset_last(cell):
        name = value_name(path, value, words, digits)
        if not isinstance(value, str):
            field = field_name(path, words)
            name = words("studies.spoken_one", field=lower_first(field), value=name)
        said.append(name)
    return BETWEEN.join(said)


def preset_last(cell: Cell) -> list[tuple[str, Any]]:
    return sorted(cell.values, key=lambda pair: pair[0] == "preset")


def varied_name(paths: tuple[str, ...], words: Words) -> str:
    """What is varied, in one line; the version of Keras left out."""
    return BETWEEN.join(field_name(path, words) for path in paths if path != "preset")
