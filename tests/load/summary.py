"""What a scene comes to, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.load.scenes import Scene

SHARES = {"p50": 50, "p95": 95, "most": 100}
DIGITS = 3
MEGABYTE = 2**20


def sum_up(scene: Scene, seconds: float, cores: float, memory: Sequence[float]) -> dict[str, Any]:
    """Waits as shares of all, errors by their words, and what the page's process took.

    >>> sum_up(Scene({"served": [1.0, 2.0, 3.0]}), 10.0, 0.5, [])["waits"]["served"]
    {'count': 3, 'p50': 2.0, 'p95': 2.9, 'most': 3.0}
    """
    return {
        "seconds": round(seconds, 1),
        "waits": {what: shares(waits) for what, waits in sorted(scene.waits.items())},
        "errors": dict(Counter(scene.errors).most_common()),
        "page process": {
            "cores": round(cores, DIGITS),
            "megabytes": [round(memory[0] / MEGABYTE), round(max(memory) / MEGABYTE)]
            if memory
            else [],
        },
    }


def shares(waits: Sequence[float]) -> dict[str, float]:
    """How many, and what so many per cent of them are below."""
    points = {name: round(float(np.percentile(waits, at)), DIGITS) for name, at in SHARES.items()}
    return {"count": len(waits), **points}
