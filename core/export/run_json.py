"""A run as one line of JSON: what was trained, how it ended, what it came to and what is said."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.analysis.attainable import Benchmarks
from core.analysis.sentences import sentence
from core.analysis.verdict import Verdict, judge
from core.experiment.records import Run
from core.export.parquet import COUNTS


def run_json(run: Run, benchmarks: Benchmarks) -> str:
    """The line, without its end; docs/files.md says what stands in it.

    What is unknown, and what is no finite number, is null.
    """
    fields = run_fields(run, benchmarks, judge(run, benchmarks))
    return json.dumps(plain(fields), ensure_ascii=False, allow_nan=False)


def run_fields(run: Run, benchmarks: Benchmarks | None, verdict: Verdict | None) -> dict[str, Any]:
    """What stands in it, by name; without benchmarks, and without a verdict, null."""
    said = verdict and {"cause": verdict.cause, "sentence": sentence(verdict), **verdict.to_dict()}
    return {
        "experiment": json.loads(run.experiment.to_json()),
        "outcome": run.outcome.to_dict(),
        "final": final(run),
        **(known(benchmarks) if benchmarks else dict.fromkeys(("attainable", "guessing"))),
        "verdict": said,
    }


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
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
