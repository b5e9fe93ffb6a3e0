"""A study on a cluster of two local Dask workers against two processes: `scripts/bench --cluster`.

Both are warm and take turns; a seed is never asked for twice. JSON on standard output.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from core.analysis.studies.tutorial import study
from core.service import Bounds, Laboratory
from core.service.backend import Here
from core.service.cluster import Cluster
from core.service.machine import COMMAND
from tests.service.dask_cluster import running

TIMES = 5
SEEDS = 10  # of eight rates
WORKERS = 2
SLOWER_MAX = 1.15
BOUNDS = Bounds(visitor_seconds=float("inf"))


def trained(laboratory: Laboratory, first_seed: int) -> float:
    """Seconds that the tutorial's eight rates take, over ten seeds from `first_seed` on."""
    seeds = range(first_seed, first_seed + SEEDS)
    rates = [cell.experiment for cell in study("learning-rate").cells]
    begun = perf_counter()
    job = laboratory.submit([rate.replace({"seed": seed}) for rate in rates for seed in seeds])
    for _ in laboratory.follow(job):
        pass
    return perf_counter() - begun


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench --cluster", description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    times = parser.parse_args(arguments).times
    seconds: dict[str, list[float]] = {"processes": [], "cluster": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "log", WORKERS) as dask,
        Laboratory(backend=Here(WORKERS, COMMAND), bounds=BOUNDS) as here,
        Laboratory(
            backend=Cluster(dask.address, COMMAND[1:], Here(0, COMMAND)), bounds=BOUNDS
        ) as there,
    ):
        for turn in range(-1, times):  # the first compiles
            for name, laboratory in (("processes", here), ("cluster", there)):
                took = trained(laboratory, (turn + 1) * SEEDS)
                print(f"{name}: {took:.2f} s", file=sys.stderr, flush=True)
                if turn >= 0:
                    seconds[name].append(took)
    ratios = [b / a for a, b in zip(*seconds.values(), strict=True)]
    print(json.dumps({**seconds, "ratio": statistics.median(ratios), "most": SLOWER_MAX}, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
