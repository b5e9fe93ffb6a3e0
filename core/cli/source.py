"""What a command is about: an experiment, or a study of one; from a file, from settings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from core.analysis.studies import Study, axis_of, check_size, grid, study
from core.analysis.studies.grid import NAME
from core.analysis.studies.tutorial import KERAS_2
from core.experiment import Experiment
from core.experiment.experiment import ALL
from core.experiment.limits import JSON_CHARACTERS_MAX
from core.experiment.refusals import FieldError, Reason, Typed, because
from core.experiment.settings import split, with_settings

STANDARD_INPUT = "-"


def experiment(
    source: str | None, settings: Sequence[str], option: str = "experiment"
) -> Experiment:
    """The tutorial's experiment, or the one in `source`, with some settings changed.

    Raises `FieldError`, also for a file that cannot be read, which the value of `option` named.
    """
    given = Experiment.from_json(text(source, option)) if source is not None else Experiment()
    return with_settings(given, settings)


def own_study(base: Experiment, varied: Sequence[str], seeds: int) -> Study:
    """A study of one's own, such as of "optimizer.momentum=0,0.9". Raises `FieldError`."""
    axes = [axis_of(base, one) for one in varied]
    try:
        return grid(base, axes, seeds)
    except FieldError as error:
        if error.path != "fields":
            raise
        raise error.at("Command", "--vary").quoting(" ".join(varied)) from None


def tutorial_study(name: str, version: str | None, base: Experiment, seeds: int) -> Study:
    """One of the tutorial's studies of another experiment. Raises `FieldError`."""
    chosen = study(name, version or KERAS_2, base)
    if chosen.shows == "training":
        check_size(base, {path: chosen.axis(path) for path in chosen.varied}, seeds)
    return chosen


def check_settings(settings: Sequence[str], base: Experiment, chosen: Study) -> None:
    """Raise `FieldError` for a setting that a study takes back, as it varies or holds the field."""
    for setting in settings:
        path, text = split(setting)
        value = value_at(base, path)
        if any(value_at(cell.experiment, path) != value for cell in chosen.cells):
            raise FieldError("Command", "--set", taken_back(path, text, chosen), Typed(setting))


def taken_back(path: str, text: str, chosen: Study) -> Reason:
    """Why a study takes a setting back: with another kind of a part come its own values.

    Where every kind has the field, a second axis of one value holds it for all of them.
    """
    kind = f"{path.partition('.')[0]}.kind"
    by_kind = chosen.name == NAME and chosen.varied == (kind,) and path != kind
    if by_kind and all(value_at(cell.experiment, path) is not None for cell in chosen.cells):
        return because("field_of_varied_kind", kind=kind, setting=f"{path}={text}")
    return because("field_of_study")


def value_at(experiment: Experiment, path: str) -> Any:
    """The value of a field, of a batch of all rows "all"; None where there is no such field."""
    if path == "batch_size" and experiment.whole_batch:
        return ALL
    try:
        return experiment.get(path)
    except FieldError:
        return None


def quoting(error: FieldError, settings: Sequence[str]) -> FieldError:
    """The refusal of a value, as a setting has it typed where it comes from one."""
    texts = dict(split(setting) for setting in settings)
    return error.quoting(texts[error.path]) if error.path in texts else error


def text(source: str, option: str) -> str:
    """As much of it as an experiment may have, and one character more."""
    try:
        if source == STANDARD_INPUT:
            return first_characters(sys.stdin)
        with Path(source).open(encoding="utf-8") as file:
            return first_characters(file)
    except (OSError, ValueError):  # not there, not readable, no text, no name of a file
        raise FieldError("Command", option, because("json_file"), source) from None


def first_characters(file: TextIO) -> str:
    return file.read(JSON_CHARACTERS_MAX + 1)
