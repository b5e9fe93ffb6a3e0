"""The settings of the pins as a table: a row a field, a column a pin or a study; pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from core.experiment import Experiment
from core.experiment.records import flat
from dashboard.lines.labels import value_text
from dashboard.settings.experiment import name_of
from dashboard.text import Words

VALUES_MAX = 12  # of a study, in one field


class Setting(NamedTuple):
    """One field: its label, what each pin has there, and whether that differs between pins."""

    path: str
    label: str
    values: tuple[str, ...]
    differs: bool


def settings(
    columns: Sequence[Sequence[Experiment]], words: Words, everything: bool
) -> list[Setting]:
    """The fields in which columns differ; with `everything` all fields, in canonical order.

    A column holds the experiments of a pin, or of a study: what these vary is listed. A field that
    an experiment of that kind does not have is a dash.
    """
    paths = dict.fromkeys(path for column in columns for one in column for path in fields_of(one))
    rows = []
    for path in sorted(paths, key=order):
        values = tuple(list_values(path, column, words) for column in columns)
        differs = len(set(values)) > 1
        if differs or everything:
            rows.append(Setting(path, words(f"fields.{name_of(path)}"), values, differs))
    return rows


@lru_cache(maxsize=1024)
def fields_of(experiment: Experiment) -> dict[str, Any]:
    return flat(experiment.to_dict())


def order(path: str) -> tuple[int, bool]:
    """The parts in the order of the controls, each led by its kind."""
    part, _, name = path.rpartition(".")
    return ("optimizer", "schedule", "model", "data", "").index(part), name != "kind"


def list_values(path: str, experiments: Sequence[Experiment], words: Words) -> str:
    """The value of a field in one pin, or its values in the cells of a study."""
    texts = dict.fromkeys(
        value_text(path, values[path], one, words)
        for one in experiments
        if path in (values := fields_of(one))
    )
    more = ["…"] if len(texts) > VALUES_MAX else []
    listed = [*list(texts)[:VALUES_MAX], *more]
    return words("compare.comma").join(listed) or words("compare.has_no")
