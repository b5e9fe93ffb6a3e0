"""What a visitor can set on the page of claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import KERAS_2
from core.experiment.field_types import Choice
from core.experiment.optimizers import PRESETS
from dashboard.settings.chart import Chart, chart_setting
from dashboard.settings.page import Query, Reading, Settings, language_setting, setting
from dashboard.settings.studies import BOTH, versions

ALL, FLIPS = "all", "flips"
SHOWN = (ALL, "holds", "depends", "fails", FLIPS)


@dataclass(frozen=True)
class ClaimsSettings(Settings):
    """Over how many seeds claims are judged, under which version of Keras, and which are listed.

    Only where both versions are judged can any flip from one to the other.
    """

    seeds: int = setting(10, SEEDS)
    preset: str = setting(KERAS_2, Choice((*PRESETS, BOTH)))
    show: str = setting(ALL, Choice(SHOWN), brief=True, looks=True)
    chart: Chart = chart_setting(accuracy="whole")
    language: str = language_setting()

    @property
    def versions(self) -> tuple[str, ...]:
        return versions(self.preset)

    @classmethod
    def from_query(cls, query: Query, language: str = "en") -> Reading[Self]:
        settings, refusals = super().from_query(query, language)
        return Reading(settings.possible(), refusals)

    def with_value(self, name: str, value: Any) -> Self:
        return self.replaced(**{name: value}).possible()

    def restored(self, before: Self) -> Self:
        return super().restored(before).possible()

    def possible(self) -> Self:
        """All are listed where those that were asked for cannot be."""
        return self.replaced(show=ALL) if self.show == FLIPS and self.preset != BOTH else self
