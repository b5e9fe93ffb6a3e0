"""Streamlit apps served on this machine alone, each in a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

ROOT = Path(__file__).parents[2]
START_SECONDS = 60  # a first start compiles Python's byte code
STOP_SECONDS = 10
LOOK_SECONDS = 0.02  # what a start is measured to


@dataclass
class Server:
    """A Streamlit app that runs in a process of its own."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def post(self, path: str, **body: Any) -> None:
        """Call one of the app's own routes, for apps that a test steers."""
        request = urllib.request.Request(
            urljoin(self.url, path),  # below no base path: such routes are only the test's
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def children_of(server: int) -> list[int]:
    """The processes that a server started: its workers."""
    tasks = Path(f"/proc/{server}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def start(app: Path, base: str = "", *options: str, **environment: str) -> Server:
    """Serve an app and return once it answers; `base` is a path that it lives under."""
    port = free_port()
    url = f"http://127.0.0.1:{port}{base}"
    log = Path(tempfile.mkstemp(prefix="streamlit-", suffix=".log")[1])
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(app)),
        *("--server.port", str(port), "--server.address", "127.0.0.1"),
        *("--server.headless", "true", "--server.fileWatcherType", "none"),
        *("--browser.gatherUsageStats", "false", "--server.baseUrlPath", base),
        *options,
    ]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Server(url, process, log)
    pause, late = threading.Event(), threading.Timer(START_SECONDS, process.kill)
    late.start()
    try:
        while not healthy(url):
            if process.poll() is not None:
                raise RuntimeError(f"Server: app must start, got\n{log.read_text()}")
            pause.wait(LOOK_SECONDS)
    finally:
        late.cancel()
    return server
