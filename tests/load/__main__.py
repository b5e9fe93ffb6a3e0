"""Virtual visitors of one server: `scripts/load`. JSON on standard output, progress beside it.

The server is one that this command starts, with a store of its own, or a running one of this
machine that `--url` names. Every scene ends by itself. Visitors and server share the machine, so
what is measured holds both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import psutil

from core.service.store import STORE_VARIABLE
from tests.browser.server import ROOT, start
from tests.load import scenes
from tests.load.picture import picture
from tests.load.scenes import Scene
from tests.load.summary import sum_up

VISITORS = 100
SECONDS = 600.0
NEWCOMER_SECONDS = 5.0  # between two newcomers
SAMPLE_SECONDS = 1.0
SCENES = ("rush", "own", "lesson", "abuse")


@dataclass(frozen=True)
class Server:
    """Where it is, and its process where that is ours."""

    url: str
    process: psutil.Process | None = None


def asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    parser.add_argument("scenes", nargs="*", default=list(SCENES), help=", ".join(SCENES))
    parser.add_argument("--visitors", type=int, default=VISITORS, help="from 1 to 1000")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of a lesson, to 3600")
    parser.add_argument("--seed", type=int, default=0, help="of what visitors choose")
    parser.add_argument("--url", default="", help="of a server of this machine that runs already")
    parser.add_argument("--picture", type=Path, help="a file for a picture, as SVG")
    given = parser.parse_args(arguments)
    if unknown := set(given.scenes) - set(SCENES):
        parser.error(f"scenes must be among {', '.join(SCENES)}, got {', '.join(sorted(unknown))}")
    if not 1 <= given.visitors <= 1000:
        parser.error(f"--visitors must be from 1 to 1000, got {given.visitors}")
    if not 0 < given.seconds <= 3600:
        parser.error(f"--seconds must be above 0 and at most 3600, got {given.seconds:g}")
    if given.url and not is_loopback(given.url):
        parser.error(f"--url must be of this machine, as http://127.0.0.1:8501, got {given.url}")
    return given


def is_loopback(url: str) -> bool:
    """Whether a server is on this machine, and nobody else is loaded.

    >>> is_loopback("http://127.0.0.1:8501"), is_loopback("http://10.0.0.1"), is_loopback("here")
    (True, False, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def serving(url: str) -> Iterator[Server]:
    """The server that was named, or one of our own."""
    if url:
        yield Server(url.rstrip("/"))
        return
    with tempfile.TemporaryDirectory() as folder:
        server = start(ROOT / "app.py", **{STORE_VARIABLE: str(Path(folder) / "runs.sqlite")})
        try:
            yield Server(server.url, psutil.Process(server.process.pid))
        finally:
            server.end()
            server.log.unlink()


async def play(name: str, server: Server, given: argparse.Namespace) -> tuple[Scene, list[float]]:
    """One scene, with newcomers all the while; the page process's memory in bytes, by second."""
    scene, memory = Scene(), list[float]()
    beside = [
        asyncio.create_task(scenes.newcomer(scene, server.url, NEWCOMER_SECONDS)),
        asyncio.create_task(sample(server, memory)),
    ]
    if name == "lesson":
        await scenes.lesson(scene, server.url, given.visitors, given.seconds, given.seed)
    elif name == "abuse":
        seconds = min(given.seconds, 60.0)
        await asyncio.gather(
            scenes.guarded(scene, scenes.abuse(scene, server.url, seconds)),
            scenes.lesson(scene, server.url, min(given.visitors, 20), seconds, given.seed),
        )
    else:
        await getattr(scenes, name)(scene, server.url, given.visitors)
    for task in beside:
        task.cancel()
    return scene, memory


async def sample(server: Server, memory: list[float]) -> None:
    while server.process:
        memory.append(float(server.process.memory_info().rss))
        await asyncio.sleep(SAMPLE_SECONDS)


async def warm(url: str) -> None:
    """One run before all others: what is measured is not a server's start."""
    scene = Scene()
    await scenes.guarded(scene, scenes.newcomers_run(scene, url, 99_999))
    if scene.errors:
        raise SystemExit(f"scripts/load: the server must train a run, got {scene.errors[0]}")


def main(arguments: list[str]) -> None:
    given = asked(arguments)
    report: dict[str, Any] = {"visitors": given.visitors, "scenes": {}}
    played: dict[str, Scene] = {}
    with serving(given.url) as server:
        asyncio.run(warm(server.url))
        for name in given.scenes:
            print(f"{name}: {given.visitors} visitors …", file=sys.stderr, flush=True)
            begun, used = monotonic(), processor_seconds(server)
            scene, memory = asyncio.run(play(name, server, given))
            seconds = monotonic() - begun
            cores = (processor_seconds(server) - used) / seconds
            played[name] = scene
            report["scenes"][name] = sum_up(scene, seconds, cores, memory)
    print(json.dumps(report, indent=2))
    if given.picture:
        given.picture.write_text(picture(played), "utf-8")


def processor_seconds(server: Server) -> float:
    """Of the page process alone, without those that train."""
    if not server.process:
        return 0.0
    times = server.process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main(sys.argv[1:])
