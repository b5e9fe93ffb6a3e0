"""The experiment that a command is about, from a file, from standard input, from settings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from core.experiment import Experiment
from core.experiment.fields import FieldError
from core.experiment.limits import JSON_CHARACTERS_MAX
from core.experiment.settings import changed

STANDARD_INPUT = "-"


def experiment(source: str | None, settings: Sequence[str]) -> Experiment:
    """The tutorial's experiment, or the one in `source`, with some settings changed.

    Raises `FieldError`, also for a file that cannot be read.
    """
    given = Experiment.from_json(text(source)) if source is not None else Experiment()
    return changed(given, settings)


def text(source: str) -> str:
    """As much of it as an experiment may have, and one character more."""
    try:
        if source == STANDARD_INPUT:
            return limited(sys.stdin)
        with Path(source).open(encoding="utf-8") as file:
            return limited(file)
    except (OSError, ValueError):  # not there, not readable, no text, no name of a file
        expected = "a JSON file that can be read, or - for standard input"
        raise FieldError("Command", "experiment", expected, source) from None


def limited(file: TextIO) -> str:
    return file.read(JSON_CHARACTERS_MAX + 1)
