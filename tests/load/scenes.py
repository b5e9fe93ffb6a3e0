"""What visitors do: all at once, each for himself, a lesson long, and one who means ill."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.load.visitor import Visitor, at, visiting

PAUSE_SECONDS = (2.0, 12.0)  # of somebody who looks at a curve before the next
ROOM_SECONDS = 20.0  # over which the first of a class come in
RATES = (1.0, 0.1, 0.03, 0.01, 0.003, 0.001)
EIGHT_RATES = "optimizer.learning_rate:log:0.0000001:1:8"
IDLE_SOCKETS = 30
REPLAY_SECONDS = 0.01

Seconds = list[float]


@dataclass
class Scene:
    """What was measured, in seconds, by what it is; `errors` are told and counted."""

    waits: dict[str, Seconds] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, what: str, seconds: float) -> None:
        self.waits.setdefault(what, []).append(seconds)


Act = Callable[[Scene, str, int], Coroutine[Any, Any, None]]


async def guarded(scene: Scene, act: Coroutine[Any, Any, None]) -> None:
    """What goes wrong for one visitor is counted, and the others go on."""
    try:
        await act
    except (OSError, WebSocketException) as error:
        scene.errors.append(f"{type(error).__name__}: {error}")


async def rush(scene: Scene, url: str, visitors: int) -> None:
    """All ask for one link: eight rates over ten seeds."""
    await together(scene, url, visitors, lambda _: {"seeds": 10})


async def own(scene: Scene, url: str, visitors: int) -> None:
    """Each asks for eight rates of his own."""
    study = {"study": "own", "vary": EIGHT_RATES, "seeds": 1}
    await together(scene, url, visitors, lambda number: {**study, "data.seed": 1000 + number})


async def together(
    scene: Scene, url: str, visitors: int, query: Callable[[int], dict[str, Any]]
) -> None:
    """All are there, then ask at once; waits count from when the last has asked."""
    last_asked = 0.0
    here = asyncio.Barrier(visitors)

    async def one(number: int) -> None:
        nonlocal last_asked
        async with visiting(url) as visitor:
            await here.wait()
            last_asked = max(last_asked, monotonic())
            page = await visitor.ask("studies", urlencode(query(number)))
            scene.add("script", page.seconds)
            wait = await visitor.follow(page.job, last_asked)
            scene.add("served", wait.done - last_asked)

    await asyncio.gather(*(guarded(scene, one(number)) for number in range(visitors)))


async def lesson(scene: Scene, url: str, visitors: int, seconds: float, seed: int) -> None:
    """A class that moves its sliders for so long, each at a pace of its own."""
    end = monotonic() + seconds

    async def one(number: int) -> None:
        draw = random.Random(f"{seed} {number}")
        await asyncio.sleep(draw.uniform(0, min(ROOM_SECONDS, seconds / 4)))
        async with visiting(url) as visitor:
            while monotonic() < end:
                await move(scene, visitor, draw)
                await asyncio.sleep(draw.uniform(*PAUSE_SECONDS))

    await asyncio.gather(*(guarded(scene, one(number)) for number in range(visitors)))


async def move(scene: Scene, visitor: Visitor, draw: random.Random) -> None:
    """One run, of a rate and a momentum that somebody might try."""
    asked = monotonic()
    rate, momentum = draw.choice(RATES), round(draw.uniform(0, 0.95), 2)
    query = {"optimizer.learning_rate": rate, "optimizer.momentum": momentum}
    page = await visitor.ask("", urlencode({**query, "seed": draw.randrange(50)}))
    scene.add("script", page.seconds)
    wait = await visitor.follow(page.job, asked)
    scene.add("first point", wait.first - asked)
    scene.add("whole curve", wait.done - asked)


async def newcomer(scene: Scene, url: str, every: float) -> None:
    """Somebody new again and again, with one run of his own; ended from outside."""
    for seed in range(100_000, 200_000):
        await guarded(scene, newcomers_run(scene, url, seed))
        await asyncio.sleep(every)


async def newcomers_run(scene: Scene, url: str, seed: int) -> None:
    async with visiting(url) as visitor:
        asked = monotonic()
        page = await visitor.ask("", urlencode({"seed": seed}))
        wait = await visitor.follow(page.job, asked)
        scene.add("newcomer's first point", wait.first - asked)


async def abuse(scene: Scene, url: str, seconds: float) -> None:
    """One client that reads nothing, and asks for all of a large job again and again."""
    async with visiting(url) as visitor:
        page = await visitor.ask("studies", urlencode({"seeds": 10}))
        await visitor.follow(page.job, monotonic())
        wish = f'{{"watch": "{page.job}", "since": 0, "language": "en"}}'
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                idle = (deaf(url, wish) for _ in range(IDLE_SOCKETS))
                await asyncio.gather(*idle, replay(url, wish))


async def deaf(url: str, wish: str) -> None:
    """A socket that asks and never reads."""
    with suppress(OSError, WebSocketException):
        async with connect(f"{at(url)}/live", origin=url, max_queue=1) as line:
            while True:
                await line.send(wish)
                await asyncio.sleep(REPLAY_SECONDS)


async def replay(url: str, wish: str) -> None:
    """A socket that reads, and asks for everything as often as it is let."""
    while True:
        with suppress(OSError, WebSocketException):
            async with connect(f"{at(url)}/live", origin=url, max_size=None) as line:
                while True:
                    await line.send(wish)
                    await line.recv()
                    await asyncio.sleep(REPLAY_SECONDS)
        await asyncio.sleep(REPLAY_SECONDS)
