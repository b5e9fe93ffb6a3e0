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

FIELDS: dict[str, Rule] = {
    "seeds": SEEDS,
    "preset": Choice(tuple(PRESETS)),
    "lang": Choice(tuple(LANGUAGES)),
}


@dataclass(frozen=True)
class Judging:
    """Over how many seeds the claims are judged, and under which version of Keras."""

    seeds: int = 10
    preset: str = KERAS_2
    language: str = "en"

    def with_value(self, name: str, value: Any) -> Judging:
        return dataclasses.replace(self, **{name: value})

    def to_query(self) -> dict[str, str]:
        return {"seeds": str(self.seeds), "preset": self.preset, "lang": self.language}


def from_query(query: Mapping[str, Any], language: str = "en") -> tuple[Judging, list[FieldError]]:
    """Read a link's parameters: what applies, and what was refused. Never raises."""
    refusals: list[FieldError] = []
    given = {"lang": language, **read_all(query, FIELDS, refusals)}
    return Judging(language=given.pop("lang"), **given), refusals
