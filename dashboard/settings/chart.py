"""What a visitor may choose of a chart; ways to look, which train nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from core.experiment.field_types import Choice
from core.experiment.refusals import FieldError
from dashboard.settings.page import Given, Query, Single, field_in_link

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "loss": ("log", "linear"),
    "accuracy": ("zoomed", "whole"),
    "x": ("epochs", "updates", "seconds"),
    "smooth": ("off", "on"),
    "ends": ("zoomed", "whole"),  # the scale of final accuracies, of points or as colours of a map
}
PARAMETERS = {f"chart.{name}": name for name in OPTIONS}  # of a link


@dataclass(frozen=True)
class Chart:
    """A choice of each."""

    loss: str = "log"
    accuracy: str = "zoomed"
    x: str = "epochs"
    smooth: str = "off"
    ends: str = "zoomed"

    def with_options(self, told: Mapping[str, str]) -> Chart:
        """Another choice, as the chart tells it; what it cannot be is left out."""
        known = {name: value for name, value in told.items() if value in OPTIONS.get(name, ())}
        return dataclasses.replace(self, **known)

    @property
    def options(self) -> dict[str, str]:
        """As the chart hears it."""
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class ChartInLink:
    """A parameter for each choice that is not the page's usual one."""

    usual: Chart
    repeats: ClassVar[bool] = False

    def knows(self, name: str) -> bool:
        return name in PARAMETERS

    def today(self, name: str) -> str:
        return name

    def read(self, query: Query, usual: Chart, given: Given, refusals: list[FieldError]) -> Chart:
        found = {
            name: Single(parameter, Choice(OPTIONS[name])).read(
                {parameter: query[parameter]}, getattr(usual, name), given, refusals
            )
            for parameter, name in PARAMETERS.items()
            if parameter in query
        }
        return dataclasses.replace(usual, **found)

    def write(self, value: Chart, settings: Any) -> Query:
        chosen, usual = value.options, self.usual.options
        return {
            parameter: chosen[name]
            for parameter, name in PARAMETERS.items()
            if chosen[name] != usual[name]
        }


def chart_setting(**usual: str) -> Any:
    """The field of a page's chart; `usual` is what holds on this page until another is chosen."""
    default = Chart(**usual)
    return field_in_link(ChartInLink(default), looks=True, default=default)
