"""Fields of an experiment by their path, and values that a person wrote as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from core.experiment import PARTS, Experiment, field_types
from core.experiment.field_types import Choice, Rule
from core.experiment.fields import rules
from core.experiment.refusals import FieldError, Typed, because


def paths(experiment: Experiment) -> dict[str, Rule]:
    """The rule of every field that an experiment of these kinds has, in canonical order.

    >>> list(paths(Experiment()))[-4:]
    ['changes', 'epochs', 'batch_size', 'seed']
    """
    known: dict[str, Rule] = {}
    own = rules(Experiment)
    for field in dataclasses.fields(Experiment):
        part = field.name
        if part in own:
            known[part] = own[part]
            continue
        known[f"{part}.kind"] = Choice(tuple(PARTS[part]))
        part_rules = rules(type(getattr(experiment, part)))
        known.update({f"{part}.{name}": rule for name, rule in part_rules.items()})
    return known


def rule(experiment: Experiment, path: str) -> Rule:
    """What the field at a path must be. Raises `FieldError` that names the fields there are."""
    known = paths(experiment)
    if path in known:
        return known[path]
    part = path.partition(".")[0]
    near = [name for name in known if part in PARTS and name.startswith(part + ".")]
    reason = because(
        "unknown_field", known=tuple(near or [f.name for f in dataclasses.fields(Experiment)])
    )
    raise FieldError("Experiment", path, reason, path)


def read(experiment: Experiment, path: str, text: str) -> Any:
    """The value that a text means for the field at a path. Raises `FieldError`.

    >>> read(Experiment(), "model.hidden", "64,32")
    (64, 32)
    >>> read(Experiment(), "changes", '[{"epoch": 5, "optimizer.momentum": 0.9}]')
    ({'epoch': 5, 'optimizer.momentum': 0.9},)
    """
    return field_types.read("Experiment", path, rule(experiment, path), text)


def with_settings(experiment: Experiment, settings: Sequence[str]) -> Experiment:
    """The experiment after settings such as "optimizer.momentum=0.9"; kinds are changed first.

    Raises `FieldError`.

    >>> adam = with_settings(Experiment(), ["optimizer.beta_1=0.8", "optimizer.kind=adam"])
    >>> adam.optimizer.kind, adam.optimizer.beta_1
    ('adam', 0.8)
    """
    texts = dict(split(setting) for setting in settings)
    kinds = {path: text for path, text in texts.items() if path.endswith(".kind")}
    experiment = experiment.replace({p: read(experiment, p, text) for p, text in kinds.items()})
    values = {path: read(experiment, path, text) for path, text in texts.items()}
    try:
        return experiment.replace(values)
    except FieldError as error:  # of what was read well and cannot be together
        raise error.quoting(texts[error.path]) if error.path in texts else error from None


def split(setting: str) -> tuple[str, str]:
    path, equals, text = setting.partition("=")
    if not equals or not path.strip():
        raise FieldError("Experiment", "setting", because("no_setting"), Typed(setting))
    return path.strip(), text
