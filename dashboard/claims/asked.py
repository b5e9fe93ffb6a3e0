"""What a visitor can set on the page of claims."""

from __future__ import annotations

from dataclasses import dataclass

from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import KERAS_2
from core.experiment.field_types import Choice
from core.experiment.optimizers import PRESETS
from dashboard.settings.page import Settings, setting, spoken


@dataclass(frozen=True)
class Judging(Settings):
    """Over how many seeds the claims are judged, and under which version of Keras."""

    seeds: int = setting(10, SEEDS)
    preset: str = setting(KERAS_2, Choice(tuple(PRESETS)))
    language: str = spoken()
