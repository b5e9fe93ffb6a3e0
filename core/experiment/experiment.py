"""An experiment: what is trained, on what, how; an immutable description with a key of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from core.experiment.data import DATA, Blobs, Data
from core.experiment.fields import (
    Description,
    FieldError,
    Integer,
    integer,
    refuse_unknown,
    rules,
    with_numbers,
)
from core.experiment.limits import (
    BATCH_SIZE_MAX,
    EPOCHS_MAX,
    JSON_CHARACTERS_MAX,
    PARAMETERS_MAX,
    SEED_MAX,
    UPDATES_MAX,
    WEIGHTS_PER_EPOCH_MAX,
)
from core.experiment.network import Network
from core.experiment.optimizers import OPTIMIZERS, Optimizer, Sgd
from core.experiment.refusals import because
from core.experiment.schedules import SCHEDULES, Constant, Schedule

BYTE_ORDER_MARK = "\ufeff"  # that some editors put before a text
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
        for name, kinds in PARTS.items():
            if type(getattr(self, name)) not in kinds.values():
                names = tuple(cls.__name__ for cls in kinds.values())
                reason = because("choice", options=names)
                raise FieldError("Experiment", name, reason, getattr(self, name))
        super().__post_init__()
        self._bound_parameters()
        self._bound_epoch()
        self._bound_updates()

    def _bound_updates(self) -> None:
        most = Integer(1, UPDATES_MAX // self.updates_per_epoch)
        if self.epochs > most.high:
            of = {**most.reason.parameters, "updates": self.updates_per_epoch}
            reason = because("whole_for_updates", **of)
            raise FieldError("Experiment", "epochs", reason, self.epochs, most)

    def _bound_epoch(self) -> None:
        updates = WEIGHTS_PER_EPOCH_MAX // max(self.parameters, 1)
        least = Integer(-(-self.data.train_rows // updates), BATCH_SIZE_MAX)
        if self.batch_size < least.low:
            of = {**least.reason.parameters, "parameters": self.parameters}
            reason = because("whole_for_parameters", **of)
            raise FieldError("Experiment", "batch_size", reason, self.batch_size, least)

    def _bound_parameters(self) -> None:
        if self.parameters > PARAMETERS_MAX:
            of = {"most": PARAMETERS_MAX, "parameters": self.parameters}
            reason = because("too_many_parameters", **of)
            raise FieldError("Experiment", "model.hidden", reason, self.model.hidden)

    @property
    def parameters(self) -> int:
        """How many numbers the network learns on this data."""
        return self.model.parameters(self.data.features, self.data.classes)

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
        refuse_unknown("Experiment", given, (*PARTS, *rules(cls)))
        values: dict[str, Any] = {k: part(k, v) if k in PARTS else v for k, v in given.items()}
        return cls(**with_numbers(cls, values))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From JSON text. Raises `FieldError`, also for text that is no JSON."""
        if len(text) > JSON_CHARACTERS_MAX:
            reason = because("long_json", most=JSON_CHARACTERS_MAX)
            raise FieldError("Experiment", "text", reason, f"{len(text)} characters")
        try:
            given = json.loads(text.removeprefix(BYTE_ORDER_MARK), object_pairs_hook=named_once)
        except FieldError:
            raise
        except (ValueError, RecursionError):
            raise FieldError("Experiment", "text", because("no_json"), text) from None
        return cls.from_dict(given)

    def get(self, path: str) -> Any:
        """The value at a path such as "optimizer.learning_rate".

        Raises `FieldError` where this experiment has no such field.
        """
        value: Any = self.to_dict()
        for name in path.split("."):
            if not isinstance(value, dict) or name not in value:
                raise FieldError("Experiment", path, because("no_such_field"), path)
            value = value[name]
        return value

    def replace(self, changes: Mapping[str, Any]) -> Self:
        """The same experiment with other values at some paths.

        Whole parts are changed first, then kinds, each of which starts its part from the kind's
        defaults, then single fields. Raises `FieldError`.
        """
        given = self.to_dict()
        for path in sorted(changes, key=lambda path: ("." in path, not path.endswith(".kind"))):
            part_name, _, name = path.partition(".")
            if not name:
                whole = changes[path]
                given[path] = whole.to_dict() if isinstance(whole, Description) else whole
                continue
            if part_name not in PARTS or not isinstance(given[part_name], dict):
                raise FieldError("Experiment", path, because("no_such_field"), path)
            kind_changes = name == "kind" and changes[path] != given[part_name].get("kind")
            given[part_name] = {**({} if kind_changes else given[part_name]), name: changes[path]}
        return type(self).from_dict(given)


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a JSON object. Raises `FieldError` for one that is given twice."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise FieldError("Experiment", name, because("given_twice"), [fields[name], value])
        fields[name] = value
    return fields


def part(name: str, given: Any) -> Description:
    """One part of an experiment from its mapping; what it refuses is told by its full path."""
    if isinstance(given, Description):
        return given
    if not isinstance(given, Mapping):
        raise FieldError("Experiment", name, because("no_object"), given)
    kinds = PARTS[name]
    default = next(iter(kinds))
    kind = given.get("kind", default) if default else default  # networks are of one kind only
    if not isinstance(kind, str) or kind not in kinds:
        reason = because("choice", options=tuple(kinds))
        raise FieldError("Experiment", f"{name}.kind", reason, kind)
    try:
        return kinds[kind].from_dict(given)
    except FieldError as error:
        raise error.under(name, "Experiment") from None
