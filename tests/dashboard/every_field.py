"""The rule of every field that an experiment of any kind has, by its name in the words."""

from __future__ import annotations

from core.experiment import PARTS, Experiment
from core.experiment.field_types import Choice, Rule
from core.experiment.fields import rules
from dashboard.settings.experiment import name_of

EVERY_FIELD: dict[str, Rule] = {
    **{part: Choice(tuple(kinds)) for part, kinds in PARTS.items()},
    **{
        name_of(f"{part}.{name}"): rule
        for part, kinds in PARTS.items()
        for cls in kinds.values()
        for name, rule in rules(cls).items()
    },
    **rules(Experiment),
}
