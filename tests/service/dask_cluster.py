"""A Dask cluster of this machine, started by the commands that the documents name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from distributed import Client

from tests.browser.server import ROOT, free_port
from tests.service.waiting import PATIENCE

HOST = "127.0.0.1"
QUIET = ("--no-dashboard", "--dashboard-address", f"{HOST}:0")


@dataclass
class DaskCluster:
    """A scheduler and its workers; `log` has what they say."""

    log: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://{HOST}:{self.port}"

    def start(self, workers: int) -> None:
        """Both, and wait until the workers are there."""
        self._dask("scheduler", "--host", HOST, "--port", str(self.port), *QUIET)
        self.add_workers(workers)
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    def add_workers(self, count: int) -> None:
        given = ("--host", HOST, "--nworkers", str(count), "--nthreads", "1", *QUIET)
        self._dask("worker", self.address, *given)

    @property
    def trainers(self) -> list[psutil.Process]:
        """Processes of workers, which Dask's workers have started here."""
        return [one for one in self._descendants() if "worker.py" in " ".join(one.cmdline())]

    def kill_workers(self) -> None:
        """Dask's workers that hold one, and nothing else: their nannies start others."""
        for pid in {trainer.ppid() for trainer in self.trainers}:
            os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """All of it, at once."""
        descendants = self._descendants()
        for process in [*self.processes, *descendants]:
            if process.pid in psutil.pids():
                os.kill(process.pid, signal.SIGKILL)
        for process in self.processes:
            process.wait()
        psutil.wait_procs(descendants, timeout=PATIENCE)
        self.processes.clear()

    def _descendants(self) -> list[psutil.Process]:
        return [
            one
            for process in self.processes
            for one in psutil.Process(process.pid).children(recursive=True)
        ]

    def _dask(self, *command: str) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command], cwd=ROOT, stdout=log, stderr=log
            )
        self.processes.append(process)


@contextmanager
def running(log: Path, workers: int) -> Iterator[DaskCluster]:
    cluster = DaskCluster(log)
    try:
        cluster.start(workers)
        yield cluster
    finally:
        cluster.end()
