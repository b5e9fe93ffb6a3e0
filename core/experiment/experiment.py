"""An experiment: what is trained, on what, how; an immutable description with a key of its own."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from core.experiment.changes import Change, Changes, Stage, rates_of, read_changes, stages_of
from core.experiment.data import Blobs, Data, Digits
from core.experiment.field_types import Integer
from core.experiment.fields import (
    Description,
    choice,
    integer,
    newer,
    newer_defaults,
    plain_json,
    refuse_unknown,
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
from core.experiment.network import Conv, Dense, Network
from core.experiment.optimizers import Optimizer, Sgd
from core.experiment.parts import PARTS, part, read_json
from core.experiment.refusals import FieldError, Reason, because
from core.experiment.schedules import Constant, Rates, Schedule, Updates

BYTE_ORDER_MARK = "\ufeff"  # that some editors put before a text
KEY_LENGTH = 24  # hexadecimal digits: 96 bits, no clash to be expected in any store
ALL = "all"  # a batch size: as many rows as train
LOSSES = ("cross_entropy", "squared_error")


@dataclass(frozen=True)
class BatchSize(Integer):
    """A whole number, or "all"."""

    @property
    def reason(self) -> Reason:
        return because("whole_or_word", low=self.low, high=self.high, word=ALL)

    def accept(self, value: Any) -> Any:
        return ALL if value == ALL else super().accept(value)

    def read(self, text: str) -> Any:
        return ALL if text.strip().lower() == ALL else super().read(text)


def batch_size(default: int) -> Any:
    return dataclasses.field(default=default, metadata={"rule": BatchSize(1, BATCH_SIZE_MAX)})


def changes() -> Any:
    return newer(dataclasses.field(default=(), metadata={"rule": Changes()}))


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
    model: Network = field(default_factory=Dense)
    loss: str = newer(choice("cross_entropy", *LOSSES))
    optimizer: Optimizer = field(default_factory=Sgd)
    schedule: Schedule = field(default_factory=Constant)
    changes: tuple[Change, ...] = changes()
    epochs: int = integer(200, low=1, high=EPOCHS_MAX)
    batch_size: int = batch_size(32)
    seed: int = integer(0, low=0, high=SEED_MAX)

    def __post_init__(self) -> None:
        for name, kinds in PARTS.items():
            if type(getattr(self, name)) not in kinds.values():
                names = tuple(cls.__name__ for cls in kinds.values())
                reason = because("choice", options=names)
                raise FieldError("Experiment", name, reason, getattr(self, name))
        size: Any = self.batch_size
        object.__setattr__(self, "_whole", size == ALL)
        if self.whole_batch:
            object.__setattr__(self, "batch_size", self.data.train_rows)
        super().__post_init__()
        object.__setattr__(self, "changes", read_changes(self.changes, self.optimizer))
        self._bound_model()
        self._bound_epoch()
        self._bound_updates()

    def _bound_updates(self) -> None:
        most = Integer(1, UPDATES_MAX // self.updates_per_epoch)
        if self.length > most.high:
            of = {**most.reason.parameters, "updates": self.updates_per_epoch}
            reason = because("whole_for_updates", **of)
            raise FieldError("Experiment", self._length_path, reason, self.length, most)

    def _bound_epoch(self) -> None:
        updates = WEIGHTS_PER_EPOCH_MAX // max(self.operations, 1)
        least = Integer(-(-self.data.train_rows // updates), BATCH_SIZE_MAX)
        if self.batch_size < least.low:
            of = {**least.reason.parameters, "operations": self.operations}
            reason = because("whole_for_operations", **of)
            if self.operations == self.parameters:
                of = {**least.reason.parameters, "parameters": self.parameters}
                reason = because("whole_for_parameters", **of)
            raise FieldError("Experiment", "batch_size", reason, self.batch_size, least)

    def _bound_model(self) -> None:
        if isinstance(self.model, Conv):
            if not isinstance(self.data, Digits):
                raise FieldError("Experiment", "model.kind", because("dense_but_digits"), "conv")
            if self.operations > PARAMETERS_MAX:
                of = {"most": PARAMETERS_MAX, "operations": self.operations}
                reason = because("too_many_operations", **of)
                raise FieldError("Experiment", "model.filters", reason, self.model.filters)
        elif self.parameters > PARAMETERS_MAX:
            of = {"most": PARAMETERS_MAX, "parameters": self.parameters}
            reason = because("too_many_parameters", **of)
            raise FieldError("Experiment", "model.hidden", reason, self.model.hidden)

    @property
    def whole_batch(self) -> bool:
        """Whether the batch was given as "all": then it is all rows of other data too.

        An experiment without this, but with as many rows a batch, is the same experiment.
        """
        whole: bool = self.__dict__["_whole"]
        return whole

    @property
    def parameters(self) -> int:
        """How many numbers the network learns on this data."""
        return self.model.parameters(self.data.features, self.data.classes)

    @property
    def operations(self) -> int:
        """Multiply-adds that the network takes for one row of this data."""
        return self.model.operations(self.data.features, self.data.classes)

    @property
    def length(self) -> int:
        """Epochs of the whole run, after all changes."""
        return next((c.epochs for c in reversed(self.changes) if c.epochs), self.epochs)

    @property
    def _length_path(self) -> str:
        numbers = [number for number, change in enumerate(self.changes, 1) if change.epochs]
        return f"changes.{numbers[-1]}.epochs" if numbers else "epochs"

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The parts of the run between its changes, from the first epoch on.

        >>> fork = Experiment(changes=[{"epoch": 101, "optimizer.learning_rate": 0.001}])
        >>> [(stage.first, stage.optimizer.learning_rate) for stage in fork.stages]
        [(0, 0.01), (100, 0.001)]
        """
        return stages_of(Stage(0, 0, self.epochs, self.optimizer, self.schedule), self.changes)

    @property
    def reached_stages(self) -> tuple[Stage, ...]:
        """The stages that begin before the run ends."""
        return tuple(stage for stage in self.stages if stage.first < self.length)

    def rates(self, updates: Updates) -> Rates:
        """The rate of each update of the run, counted from 0, as long as no plateau has cut it.

        >>> import numpy as np
        >>> fork = Experiment(changes=[{"epoch": 2, "optimizer.learning_rate": 1}])
        >>> fork.rates(np.arange(14, 18))
        array([0.01, 0.01, 1.  , 1.  ])
        """
        return rates_of(self.stages, updates, self.updates_per_epoch)

    @property
    def updates_per_epoch(self) -> int:
        """Batches an epoch, the smaller last one included."""
        return -(-self.data.train_rows // self.batch_size)

    @cached_property
    def key(self) -> str:
        """A hash of the canonical JSON: equal experiments, equal keys."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:KEY_LENGTH]

    def to_dict(self) -> dict[str, Any]:
        return {f.name: plain_json(getattr(self, f.name)) for f in dataclasses.fields(self)}

    def canonical(self) -> dict[str, Any]:
        """What tells this experiment apart, its parts in their canonical form."""
        usual: Mapping[str, Any] = newer_defaults(type(self))
        values: dict[str, Any] = {}
        for field_ in dataclasses.fields(self):
            value = getattr(self, field_.name)
            plain = value.canonical() if field_.name in PARTS else plain_json(value)
            if field_.name not in usual or plain != usual[field_.name]:
                values[field_.name] = plain
        return values

    def to_json(self) -> str:
        """Canonical JSON: every field that tells this experiment apart, in order, no spaces."""
        return json.dumps(self.canonical(), separators=(",", ":"))

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """From nested mappings. Raises `FieldError` that names the field by its full path."""
        refuse_unknown("Experiment", given, [f.name for f in dataclasses.fields(cls)])
        values: dict[str, Any] = {k: part(k, v) if k in PARTS else v for k, v in given.items()}
        return cls(**with_numbers(cls, values))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From JSON text. Raises `FieldError`, also for text that is no JSON."""
        if len(text) > JSON_CHARACTERS_MAX:
            reason = because("long_json", most=JSON_CHARACTERS_MAX)
            raise FieldError("Experiment", "text", reason, f"{len(text)} characters")
        try:
            given = read_json(text.removeprefix(BYTE_ORDER_MARK))
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

    def replace(self, values: Mapping[str, Any]) -> Self:
        """The same experiment with other values at some paths.

        Whole parts are changed first, then kinds, each of which starts its part from the kind's
        defaults, then single fields. A batch of all rows stays one. Raises `FieldError`.

        >>> Experiment(batch_size="all").replace({"data.samples": 100}).batch_size
        50
        """
        given = self.to_dict() | ({"batch_size": ALL} if self.whole_batch else {})
        for path in sorted(values, key=lambda path: ("." in path, not path.endswith(".kind"))):
            part_name, _, name = path.partition(".")
            if not name:
                whole = values[path]
                given[path] = whole.to_dict() if isinstance(whole, Description) else whole
                continue
            if part_name not in PARTS or not isinstance(given[part_name], dict):
                raise FieldError("Experiment", path, because("no_such_field"), path)
            other_kind = name == "kind" and values[path] != given[part_name].get("kind")
            given[part_name] = {**({} if other_kind else given[part_name]), name: values[path]}
        return type(self).from_dict(given)
