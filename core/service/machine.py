"""How many workers suit this machine, and the surroundings that they start in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from core.engine.machine import cores, gpus
from core.experiment.limits import WORKERS_MAX, WORKERS_PER_GPU
from core.experiment.refusals import FieldError, Typed, because

WORKERS_VARIABLE = "LEARNING_RATE_LAB_WORKERS"
COMMAND = (sys.executable, "-m", "core.service.worker")
HOME = Path(__file__).parents[2]  # holds the package `core`

# One worker, one core: two workers that use all cores each would wait for each other.
# https://www.tensorflow.org/api_docs/python/tf/config/threading
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def workers(
    environment: Mapping[str, str] = os.environ, root: Path = Path("/"), fewest: int = 1
) -> int:
    """How many workers to start: what the environment says, else what suits the machine.

    Raises `FieldError` when the environment says no whole number from `fewest` to `WORKERS_MAX`.
    """
    said = environment.get(WORKERS_VARIABLE, "").strip()
    if not said:
        return min(cores(root), WORKERS_MAX, gpus(root) * WORKERS_PER_GPU or WORKERS_MAX)
    if not said.isascii() or not said.isdigit() or not fewest <= int(said[:9]) <= WORKERS_MAX:
        reason = because("whole", low=fewest, high=WORKERS_MAX)
        raise FieldError("Laboratory", WORKERS_VARIABLE, reason, Typed(said))
    return int(said)


def surroundings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a worker. What the user has set stays, save for the threads."""
    paths = [str(HOME), *filter(None, [environment.get("PYTHONPATH")])]
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",  # errors only
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",  # several workers share a GPU
        **environment,
        **dict.fromkeys(THREADS, "1"),
        "KERAS_BACKEND": "tensorflow",
        "PYTHONPATH": os.pathsep.join(paths),
    }
