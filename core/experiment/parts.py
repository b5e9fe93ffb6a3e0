"""The parts of an experiment that come in kinds, and how one is read from a mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.experiment.data import DATA
from core.experiment.fields import Description
from core.experiment.network import NETWORKS
from core.experiment.optimizers import OPTIMIZERS
from core.experiment.refusals import FieldError, JsonNumber, because
from core.experiment.schedules import SCHEDULES

PARTS: dict[str, Mapping[str, type[Description]]] = {
    "data": DATA,
    "model": NETWORKS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


def part(name: str, given: Any) -> Description:
    """One part from its mapping; what it refuses is told by its full path. Raises `FieldError`.

    >>> part("schedule", {"kind": "cosine"}).final_fraction
    0.0
    """
    if isinstance(given, Description):
        return given
    if not isinstance(given, Mapping):
        raise FieldError("Experiment", name, because("no_object"), given)
    kinds = PARTS[name]
    kind = given.get("kind", next(iter(kinds)))
    if not isinstance(kind, str) or kind not in kinds:
        reason = because("choice", options=tuple(kinds))
        raise FieldError("Experiment", f"{name}.kind", reason, kind)
    try:
        return kinds[kind].from_dict(given)
    except FieldError as error:
        raise error.under(name, "Experiment") from None


def read_json(text: str) -> Any:
    """What a JSON text holds; its numbers know how they were typed.

    Raises `FieldError` for a field that is given twice, and `ValueError` and `RecursionError` for
    text that is no JSON.
    """
    return json.loads(text, object_pairs_hook=named_once, parse_float=JsonNumber)


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a JSON object. Raises `FieldError` for one that is given twice."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise FieldError("Experiment", name, because("given_twice"), [fields[name], value])
        fields[name] = value
    return fields
