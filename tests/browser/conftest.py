"""Chromium, and Streamlit apps served to it on this machine alone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).parent / "apps"
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 30  # a first start compiles Python's byte code
STOP_SECONDS = 10


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
            pause.wait(0.1)
    finally:
        late.cancel()
    return server


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Server]]:
    """`serve(app, base="", *options, **environment)`; an app asked for twice is served once."""
    servers: dict[Any, Server] = {}

    def served(app: str | Path, base: str = "", *options: str, **environment: str) -> Server:
        asked = (app, base, options, tuple(environment.items()))
        if asked not in servers:
            servers[asked] = start(APPS / app, base, *options, **environment)
        return servers[asked]

    yield served
    for server in servers.values():
        server.end()
        server.log.unlink()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


def is_error(said: ConsoleMessage) -> bool:
    """Apart from Streamlit's looking for its server below a page before it looks above."""
    return said.type == "error" and "/_stcore/" not in said.location["url"]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visit(**options)` opens a fresh profile; an error on any console fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": LAPTOP, "locale": "en-US", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: is_error(said) and errors.append(said.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A laptop."""
    return visit()


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    return visit(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
