"""Every kind of every part of an experiment."""

from __future__ import annotations

from typing import Any

from core.experiment import PARTS

FORK: list[dict[str, Any]] = [
    {"epoch": 100, "optimizer.learning_rate": 0.001, "epochs": 300},
    {"epoch": 150, "schedule": {"kind": "cosine", "final_fraction": 0.1, "warmup_epochs": 0}},
]


def each_kind() -> list[dict[str, Any]]:
    """What to replace in the tutorial's run for each; a network's data are the digits."""
    digits = {"data.kind": "digits"}  # which every kind of network can learn
    return [
        {**(digits if part == "model" else {}), f"{part}.kind": kind}
        for part, kinds in PARTS.items()
        for kind in kinds
    ]
