"""What this machine offers to workers, and the surroundings that they start in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from core.limits import WORKERS_MAX, WORKERS_PER_GPU

WORKERS_VARIABLE = "LEARNING_RATE_LAB_WORKERS"
COMMAND = (sys.executable, "-m", "core.worker")
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


def workers(environment: Mapping[str, str] = os.environ, root: Path = Path("/")) -> int:
    """How many workers to start: what the environment says, else what suits the machine.

    Raises `ValueError` when the environment says no whole number from 1 to `WORKERS_MAX`.
    """
    said = environment.get(WORKERS_VARIABLE, "").strip()
    if not said:
        return min(cores(root), WORKERS_MAX, gpus(root) * WORKERS_PER_GPU or WORKERS_MAX)
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:9]) <= WORKERS_MAX:
        expected = f"a whole number from 1 to {WORKERS_MAX}"
        raise ValueError(f"Laboratory: {WORKERS_VARIABLE} must be {expected}, got {said[:20]!r}.")
    return int(said)


def cores(root: Path = Path("/")) -> int:
    """Cores that this process may use: its affinity, or less where its control group says so."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return max(1, int(min([len(allowed) or os.cpu_count() or 1, *quotas(root)])))


def quotas(root: Path) -> list[float]:
    """Cores granted by control groups: version 2's `cpu.max`, version 1's quota and period."""
    found = []
    for line in lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        inner = Path(path.lstrip("/"))
        for folder in (inner, *inner.parents):
            if not controllers:
                found += quota(lines(root / "sys/fs/cgroup" / folder / "cpu.max"))
            elif "cpu" in controllers.split(","):
                group = root / "sys/fs/cgroup/cpu" / folder
                names = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
                found += quota([" ".join("".join(lines(group / name)) for name in names)])
    return found


def quota(limit: list[str]) -> list[float]:
    """Cores from "quota period" in microseconds; none for no limit.

    >>> quota(["150000 100000"]), quota(["max 100000"]), quota(["-1 100000"]), quota([])
    ([1.5], [], [], [])
    """
    words = " ".join(limit).split()
    if len(words) != 2 or not all(word.isdigit() for word in words) or words[1] == "0":
        return []
    return [int(words[0]) / int(words[1])]


def gpus(root: Path = Path("/")) -> int:
    """NVIDIA devices in sight, found without TensorFlow."""
    return len(list(root.glob("dev/nvidia[0-9]*")))


def lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:  # no such controller, or not for us to read
        return []


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
