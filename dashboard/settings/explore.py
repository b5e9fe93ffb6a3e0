"""What a visitor can set on the page of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Self

from core.experiment import Experiment
from core.experiment.field_types import Choice, Flag, Integer, Rule
from core.experiment.fields import rules
from core.experiment.limits import EPOCHS_MAX
from core.experiment.optimizers import PRESETS, preset
from core.experiment.schedules import SCHEDULES, Constant
from core.service.messages import ENGINES, EngineName
from dashboard.settings.chart import Chart, chart_setting
from dashboard.settings.experiment import CHOOSES, InLink, name_of, rule_of
from dashboard.settings.page import Settings, field_in_link, language_setting, setting

NOTHING: Mapping[str, Any] = MappingProxyType({})
OF_PAGE = ("preset", "engine", "live", "check", "chart", "language")
CHOOSE = {name_of(path): kind for path, kind in CHOOSES.items()}  # by the names of their sliders


@dataclass(frozen=True)
class ExploreSettings(Settings):
    """Everything a visitor can set on the page of one run.

    >>> ExploreSettings().with_value("optimizer.momentum", 0.9).to_query()["optimizer.momentum"]
    '0.9'
    """

    preset: str = setting("keras-2.3", Choice(tuple(PRESETS)))
    experiment: Experiment = field_in_link(
        InLink(version=lambda given: str(given["preset"])), default_factory=Experiment
    )
    engine: EngineName = setting("compiled", Choice(ENGINES), brief=True)
    live: bool = setting(True, Flag(), brief=True, looks=True)
    check: bool = setting(False, Flag(), brief=True, looks=True)  # seen beside the run, if trained
    chart: Chart = chart_setting()
    language: str = language_setting()

    def get(self, name: str) -> Any:
        """The value of a field of the page, or of the experiment by its path."""
        if name in OF_PAGE:
            return getattr(self, name)
        if name in CHOOSE:  # 0 where another schedule holds
            schedule = self.experiment.schedule
            return getattr(schedule, name) if schedule.kind == CHOOSE[name] else 0
        return self.experiment.get(name)

    def rule(self, name: str) -> Rule:
        """What such a field must be."""
        if name in OF_PAGE:
            return super().rule(name)
        if name == "patience":
            return Integer(0, EPOCHS_MAX)  # 0 is off
        if name in CHOOSE:  # whichever schedule holds
            return rules(SCHEDULES[CHOOSE[name]])[name]
        return rule_of(name, self.experiment)

    def with_value(self, name: str, value: Any, before: Sequence[ExploreSettings] = ()) -> Self:
        """The state after one control was moved; what belongs together moves with it.

        `name` is a field of the page or a path of the experiment. A kind that the page had before
        comes back as it was last. Raises `FieldError` when the experiment refuses the value.
        """
        if name in OF_PAGE and name != "preset":
            return self.replaced(**{name: value})
        if name == "preset":
            changed = self.replaced(preset=value)
            return changed.with_part("optimizer", preset(value, self.experiment.optimizer.kind))
        if name == "optimizer.kind":
            known = self.last(name, value, [one for one in before if one.preset == self.preset])
            return self.with_part("optimizer", known or preset(self.preset, value))
        if name == "schedule.kind":
            return self.with_schedule(self.last(name, value, before) or SCHEDULES[value]())
        if name in CHOOSE:
            kind = CHOOSE[name] if value else Constant.kind
            schedule = self.last("schedule.kind", kind, before) or SCHEDULES[kind]()
            return self.with_schedule(schedule, {name: value} if value else {})
        return self.with_experiment(self.experiment.replace({name: value}))

    def last(self, path: str, kind: str, before: Sequence[ExploreSettings]) -> Any:
        """The optimizer or schedule of that kind that is set, or was set last; None without one."""
        for state in (self, *reversed(before)):
            if state.experiment.get(path) == kind:
                return getattr(state.experiment, path.partition(".")[0])
        return None

    def with_experiment(self, experiment: Experiment) -> Self:
        return self.replaced(experiment=experiment)

    def with_part(self, part: str, description: Any) -> Self:
        return self.with_experiment(self.experiment.replace({part: description}))

    def with_schedule(self, schedule: Any, numbers: Mapping[str, Any] = NOTHING) -> Self:
        """Another schedule, with these numbers; the warm-up stays as it is."""
        warm = self.experiment.schedule.warmup_epochs
        return self.with_part("schedule", replace(schedule, **numbers, warmup_epochs=warm))
