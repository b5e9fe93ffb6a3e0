"""What a visitor may choose of a chart; ways to look, which train nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.experiment.field_types import Choice
from dashboard.settings.page import setting

# The first of each holds until another is chosen.
OPTIONS: Mapping[str, list[str]] = {
    "loss": ["log", "linear"],
    "accuracy": ["zoomed", "whole"],
    "x": ["epochs", "updates", "seconds"],
    "smooth": ["off", "on"],
}


def option(name: str) -> Any:
    """The field of one of them, which a link calls `chart.loss` and the like."""
    values = OPTIONS[name]
    return setting(values[0], Choice(tuple(values)), name=f"chart.{name}", brief=True, looks=True)
