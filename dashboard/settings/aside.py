"""What a step put out of force besides what it was meant for: patience where decay was moved."""

from __future__ import annotations

from typing import Any

from core.experiment import PARTS
from core.experiment.fields import rules
from core.experiment.optimizers import preset
from core.experiment.records import flat
from dashboard.settings.experiment import TELLS
from dashboard.settings.explore import ExploreSettings

# The controls that choose, and the part of the experiment that becomes another by each.
MOVES = {
    "data.kind": "data",
    "model.kind": "model",
    "preset": "optimizer",
    "optimizer.kind": "optimizer",
    "schedule.kind": "schedule",
}
# The number that a schedule goes by, which is told even where it is as usual.
MAIN = {
    **TELLS,
    "step": "schedule.factor",
    "exponential": "schedule.decay_rate",
    "cosine": "schedule.final_fraction",
}
RATE = "optimizer.learning_rate"


def set_aside(before: ExploreSettings, now: ExploreSettings) -> tuple[str, dict[str, Any]]:
    """The control by which a step chose, and the fields with their values that hold no longer.

    Nothing of a step that set more than one control could.

    >>> from dashboard.settings.explore import ExploreSettings
    >>> patient = ExploreSettings().with_value("patience", 12)
    >>> set_aside(patient, patient.with_value("decay", 0.001))
    ('schedule.kind', {'schedule.patience': 12})
    """
    control = next((path for path in MOVES if before.get(path) != now.get(path)), "")
    part = MOVES.get(control, "")
    if not part or any(not path.startswith(f"{part}.") for path in differing(before, now)):
        return "", {}
    return control, fields_lost(part, before, now)


def differing(before: ExploreSettings, now: ExploreSettings) -> set[str]:
    """The paths at which two experiments differ."""
    one, other = (flat(state.experiment.to_dict()) for state in (before, now))
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def fields_lost(part: str, before: ExploreSettings, now: ExploreSettings) -> dict[str, Any]:
    """The fields of a part that were set, and are not any more."""
    own, other = (getattr(state.experiment, part) for state in (before, now))
    usual = preset(before.preset, own.kind) if part == "optimizer" else PARTS[part][own.kind]()
    names = [name for name in rules(type(own)) if is_gone(name, own, other)]
    told = (MAIN.get(own.kind), RATE)
    return {
        path: getattr(own, name)
        for name in names
        if (path := f"{part}.{name}") in told or getattr(own, name) != getattr(usual, name)
    }


def is_gone(name: str, own: Any, other: Any) -> bool:
    return not hasattr(other, name) or getattr(other, name) != getattr(own, name)
