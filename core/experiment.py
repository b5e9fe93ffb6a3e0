"""An experiment: what is trained, on what, how; an immutable description with a key of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from core.data import DATA, Blobs, Data
from core.fields import Description, FieldError, integer, rules
from core.limits import (
    BATCH_SIZE_MAX,
    EPOCHS_MAX,
    JSON_CHARACTERS_MAX,
    PARAMETERS_MAX,
    SEED_MAX,
    UPDATES_MAX,
)
from core.models import Network
from core.optimizers import OPTIMIZERS, Optimizer, Sgd
from core.schedules import SCHEDULES, Constant, Schedule

KEY_LENGTH = 24  # hexadecimal digits: 96 bits, no clash to be expected in any store
PARTS: dict[str, Mapping[str, type[Description]]] = {
    "data": DATA,
    "model": {"": Network},
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


@dataclass(frozen=True)
class Experiment(Description):
    """One run's complete description; what is left out is as in the tutorial.

    >>> tutorial = Experiment()
    >>> tutorial.updates_per_epoch
    16
    >>> tutorial.replace({"optimizer.learning_rate": 0.1}).optimizer.learning_rate
    0.1
    >>> Experiment.from_json(tutorial.to_json()) == tutorial
    True
    """

    data: Data = field(default_factory=Blobs)
    model: Network = field(default_factory=Network)
    optimizer: Optimizer = field(default_factory=Sgd)
    schedule: Schedule = field(default_factory=Constant)
    epochs: int = integer(200, low=1, high=EPOCHS_MAX)
    batch_size: int = integer(32, low=1, high=BATCH_SIZE_MAX)
    seed: int = integer(0, low=0, high=SEED_MAX)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._refuse("epochs", UPDATES_MAX, "updates", self.epochs * self.updates_per_epoch)
        parameters = self.model.parameters(self.data.features, self.data.classes)
        self._refuse("model.hidden", PARAMETERS_MAX, "parameters", parameters)

    def _refuse(self, path: str, limit: int, what: str, got: int) -> None:
        if got > limit:
            raise FieldError("Experiment", path, f"small enough for {limit} {what} in all", got)

    @property
    def updates_per_epoch(self) -> int:
        """Batches an epoch, the smaller last one included."""
        return -(-self.data.train_rows // self.batch_size)

    @cached_property
    def key(self) -> str:
        """A hash of the canonical JSON: equal experiments, equal keys."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:KEY_LENGTH]

    def to_dict(self) -> dict[str, Any]:
        parts = {name: getattr(self, name).to_dict() for name in PARTS}
        return {**parts, **super().to_dict()}

    def to_json(self) -> str:
        """Canonical JSON: every field, in order, no spaces."""
        return json.dumps(self.to_dict(), separators=(",", ":"))

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """From nested mappings. Raises `FieldError` that names the field by its full path."""
        known = (*PARTS, *rules(cls))
        if not isinstance(given, Mapping):
            raise FieldError("Experiment", "fields", "an object of named fields", given)
        for name in given:
            if name not in known:
                raise FieldError("Experiment", str(name), "one of " + ", ".join(known), name)
        values: dict[str, Any] = {k: part(k, v) if k in PARTS else v for k, v in given.items()}
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From JSON text. Raises `FieldError`, also for text that is no JSON."""
        if len(text) > JSON_CHARACTERS_MAX:
            expected = f"JSON of at most {JSON_CHARACTERS_MAX} characters"
            raise FieldError("Experiment", "text", expected, f"{len(text)} characters")
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            raise FieldError("Experiment", "text", "valid JSON", text) from None
        return cls.from_dict(given)

    def get(self, path: str) -> Any:
        """The value at a path such as "optimizer.learning_rate".

        Raises `FieldError` where this experiment has no such field.
        """
        value: Any = self.to_dict()
        for name in path.split("."):
            if not isinstance(value, dict) or name not in value:
                raise FieldError("Experiment", path, "a field of this experiment", path)
            value = value[name]
        return value

    def replace(self, changes: Mapping[str, Any]) -> Self:
        """The same experiment with other values at some paths.

        A change of a part's `kind` starts that part from the kind's defaults; other changes to the
        part are made after it. Raises `FieldError`.
        """
        given = self.to_dict()
        for path, value in sorted(changes.items(), key=lambda item: not item[0].endswith(".kind")):
            part_name, _, name = path.partition(".")
            if not name:
                given[path] = value
            elif part_name not in PARTS:
                raise FieldError("Experiment", path, "a field of this experiment", path)
            elif name == "kind" and value != given[part_name].get("kind"):
                given[part_name] = {"kind": value}
            else:
                given[part_name] = {**given[part_name], name: value}
        return type(self).from_dict(given)


def part(name: str, given: Any) -> Description:
    """One part of an experiment from its mapping; what it refuses is told by its full path."""
    if isinstance(given, Description):
        return given
    if not isinstance(given, Mapping):
        raise FieldError("Experiment", name, "an object of named fields", given)
    kinds = PARTS[name]
    default = next(iter(kinds)) if name != "schedule" else Constant.kind
    kind = given.get("kind", default)
    if not isinstance(kind, str) or kind not in kinds:
        raise FieldError("Experiment", f"{name}.kind", "one of " + ", ".join(kinds), kind)
    try:
        return kinds[kind].from_dict(given)
    except FieldError as error:
        raise error.under(name, "Experiment") from None
