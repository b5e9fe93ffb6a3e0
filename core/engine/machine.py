"""What this machine offers to those who train: cores and GPUs; loads no TensorFlow."""

from __future__ import annotations

import os
from pathlib import Path


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
