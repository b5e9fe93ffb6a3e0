"""A run as one line of JSON: what was trained, how it ended, what it came to and what is said."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

import numpy as np

from core.experiment.records import Run
from core.export.parquet import COUNTS


class Benchmarks(Protocol):
    """What an accuracy on the test rows is measured against; shares from 0 to 1."""

    @property
    def attainable(self) -> float | None: ...
    @property
    def reference(self) -> float | None: ...
    @property
    def guessing(self) -> float: ...


class Verdict(Protocol):
    """What is said of a run: a cause, its sentence, the figures behind it, and what to try next."""

    @property
    def cause(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def evidence(self) -> Sequence[Any]: ...
    @property
    def next(self) -> Mapping[str, Any] | None: ...


def run_json(run: Run, benchmarks: Benchmarks, verdict: Verdict | None) -> str:
    """The line, without its end; docs/files.md says what stands in it.

    What is unknown, and what is no finite number, is null.
    """
    said = {
        "experiment": json.loads(run.experiment.to_json()),
        "outcome": run.outcome.to_dict(),
        "final": final(run),
        **known(benchmarks),
        "verdict": verdict
        and {name: getattr(verdict, name) for name in ("cause", "sentence", "evidence", "next")},
    }
    return json.dumps(plain(said), ensure_ascii=False, allow_nan=False)


def final(run: Run) -> dict[str, float | None]:
    """Every figure of the last record, of whatever epoch that is; null without records."""
    if not len(run.records):
        return dict.fromkeys(run.columns)
    figures = dict(zip(run.columns, run.records[-1].tolist(), strict=True))
    return figures | {name: int(figures[name]) for name in COUNTS}


def known(benchmarks: Benchmarks) -> dict[str, float | None]:
    """Guessing, and the attainable accuracy or, where that is not known, the reference."""
    if benchmarks.attainable is None and benchmarks.reference is not None:
        return {"reference": benchmarks.reference, "guessing": benchmarks.guessing}
    return {"attainable": benchmarks.attainable, "guessing": benchmarks.guessing}


def plain(value: Any) -> Any:
    """A value as JSON has it, which knows no infinity.

    >>> plain({"column": "loss", "value": (0.1, float("inf"))})
    {'column': 'loss', 'value': [0.1, None]}
    """
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        # `from` is a word of Python, so that a field of this name is called `from_`.
        return {f.name.rstrip("_"): plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
