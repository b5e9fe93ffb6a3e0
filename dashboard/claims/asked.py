"""What a visitor asks of the page of claims, to and from the address bar."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import KERAS_2
from core.experiment.field_types import Choice, Rule
from core.experiment.optimizers import PRESETS
from core.experiment.refusals import FieldError
from dashboard.settings.parameters import read_all
from dashboard.text import LANGUAGES

BOTH = "both"
ALL, FLIPS = "all", "flips"
SHOWN = (ALL, "holds", "depends", "fails", FLIPS)
FIELDS: dict[str, Rule] = {
    "seeds": SEEDS,
    "preset": Choice((*PRESETS, BOTH)),
    "show": Choice(SHOWN),
    "lang": Choice(tuple(LANGUAGES)),
}


@dataclass(frozen=True)
class Judging:
    """Over how many seeds claims are judged, under which version of Keras, and which are listed.

    Only where both versions are judged can any flip from one to the other.
    """

    seeds: int = 10
    preset: str = KERAS_2
    show: str = ALL
    language: str = "en"

    @property
    def versions(self) -> tuple[str, ...]:
        return versions(self.preset)

    def with_value(self, name: str, value: Any) -> Judging:
        return dataclasses.replace(self, **{name: value}).possible()

    def possible(self) -> Judging:
        """All are listed where those that were asked for cannot be."""
        if self.show == FLIPS and self.preset != BOTH:
            return dataclasses.replace(self, show=ALL)
        return self

    def to_query(self) -> dict[str, str]:
        query = {"seeds": str(self.seeds), "preset": self.preset, "lang": self.language}
        return query if self.show == ALL else {**query, "show": self.show}


def versions(preset: str) -> tuple[str, ...]:
    """The versions of Keras that a link asks for by one word."""
    return tuple(PRESETS) if preset == BOTH else (preset,)


def from_query(query: Mapping[str, Any], language: str = "en") -> tuple[Judging, list[FieldError]]:
    """Read a link's parameters: what applies, and what was refused. Never raises."""
    refusals: list[FieldError] = []
    given = {"lang": language, **read_all(query, FIELDS, refusals)}
    return Judging(language=given.pop("lang"), **given).possible(), refusals
