"""The live socket: a browser names a job, and is sent what happens to it as it happens.

The browser sends `{"watch": job, "since": seq, "language": "en"}`, and may name another job at any
time; with `"against": job` the summary is about both. What it is sent is described in
`dashboard/components/live/frames.py`; nothing polls.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.websockets import (
    WebSocket,
    WebSocketDisconnect,
    WebSocketDisconnected,
    WebSocketState,
)

from core.service.events import Event, Progress, Status
from dashboard.components.live.frames import messages, text_message
from dashboard.components.live.replays import Account, Replays, in_pieces, size
from dashboard.guard.limits import REPLAY_BYTES
from dashboard.text import Words
from dashboard.text.device import device_name

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.1  # records are gathered this long; a quicker eye sees no difference
SUMMARY_SECONDS = 0.5  # between two summaries of a job that goes on
SUMMARIES_MAX = 120  # of a job that is done, until all of it can be said
REQUEST_CHARACTERS_MAX = 1_000
REFUSED = 1008  # the WebSocket code for a message that breaks the rules (RFC 6455, 7.4.1)


class Laboratory(Protocol):
    """What the socket needs of `core.service.Laboratory`; an unknown job is a `LookupError`."""

    def events(self, job: str, since: int) -> Sequence[Event]: ...
    def progress(self, job: str) -> Progress: ...
    def status(self) -> Status: ...
    def subscribe(self, job: str, callback: Callable[..., None]) -> Callable[[], None]: ...


# (job, language, the job that it is compared with) -> what is said of it
Summarise = Callable[[str, str, str | None], Mapping[str, Any]]


@dataclass(frozen=True)
class Watch:
    """What a browser asks for: the events of a job after a number, summarised in a language."""

    job: str | None
    since: int
    language: str
    against: str | None = None

    @classmethod
    def read(cls, text: str) -> Watch:
        """Raises `ValueError` for anything that is not such a request."""
        if len(text) > REQUEST_CHARACTERS_MAX:
            raise ValueError(f"Watch: request must be short, got {len(text)} characters.")
        try:
            asked = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("Watch: request must be valid JSON.") from None
        if not isinstance(asked, dict):
            raise ValueError("Watch: request must be an object.")
        since, language = asked.get("since", 0), asked.get("language", "")
        job, against = (job_of(asked, name) for name in ("watch", "against"))
        if not isinstance(since, int) or since < 0:
            raise ValueError("Watch: `since` must be a whole number of at least 0.")
        if not isinstance(language, str) or not language.isprintable():
            raise ValueError("Watch: `language` must be a word.")
        return cls(job, since, language, against)


def job_of(asked: Mapping[str, Any], name: str) -> str | None:
    """A job that a request names, or none. Raises `ValueError`."""
    job = asked.get(name)
    if not isinstance(job, str | None) or not (job or "").isprintable():
        raise ValueError(f"Watch: `{name}` must be a job or null.")
    return job


@dataclass(frozen=True)
class LiveSocket:
    """Serves one browser's socket after another; holds nothing between them."""

    laboratory: Callable[[], Laboratory]
    summarise: Summarise
    allowed: Callable[[str], bool]  # whether pages of this other origin may listen too
    replays: Replays = field(default_factory=Replays)

    async def serve(self, websocket: WebSocket) -> None:
        """Answer a browser until it leaves."""
        if not self.welcome(websocket):
            await websocket.close(REFUSED)
            return
        await websocket.accept()
        watching: asyncio.Task[None] | None = None
        account = self.replays.of(websocket.client)
        try:
            async for text in requests(websocket):
                watch = Watch.read(text)
                await account.turn(REPLAY_BYTES)
                if watching is not None:
                    watching.cancel()
                watching = self.watch(websocket, watch, account)
        except ValueError as refusal:
            await websocket.close(REFUSED, str(refusal)[:100])
        finally:
            if watching is not None:
                watching.cancel()

    def watch(
        self, websocket: WebSocket, watch: Watch, account: Account
    ) -> asyncio.Task[None] | None:
        """Begin to tell the browser what it asks for."""
        if watch.job is None:
            return None
        watching = asyncio.create_task(Watching(self, websocket, watch.job, watch, account).run())
        watching.add_done_callback(tell_failure)
        return watching

    def welcome(self, websocket: WebSocket) -> bool:
        """Whether a page of our own, or of an allowed origin, asks; browsers always say which."""
        origin = websocket.headers.get("origin")
        if origin is None:
            return True
        same = urlsplit(origin).netloc == websocket.headers.get("host")
        return same or self.allowed(origin)


async def requests(websocket: WebSocket) -> AsyncIterator[str]:
    """What a browser says until it leaves. Raises `ValueError` for what is no text."""
    while (message := await websocket.receive())["type"] == "websocket.receive":
        if websocket.application_state is WebSocketState.DISCONNECTED:
            return  # an answer has found that nobody is there; what was asked before is left
        text = message.get("text")
        if text is None:
            raise ValueError("Watch: request must be text.")
        yield text


def tell_failure(watching: asyncio.Task[None]) -> None:
    """Log what ended a watch against all expectation; the browser keeps what it has."""
    if not watching.cancelled() and (error := watching.exception()):
        log.error("A watch over the live socket failed.", exc_info=error)


class Watching:
    """One browser watching one job, to the end of either."""

    def __init__(
        self,
        socket: LiveSocket,
        websocket: WebSocket,
        job: str,
        watch: Watch,
        account: Account,
    ) -> None:
        self.laboratory = socket.laboratory()
        self.summarise = socket.summarise
        self.websocket, self.account = websocket, account
        self.job, self.since = job, watch.since
        self.language, self.against = watch.language, watch.against
        self.loop = asyncio.get_running_loop()
        self.news = asyncio.Event()
        self.state: Mapping[str, Any] = {}
        self.flushed = self.summed = -math.inf  # when, by the loop's clock
        self.untold = False  # something has happened that no summary tells
        self.waits = False  # the last summary could not say all that there is to say

    async def run(self) -> None:
        """Send all that has happened since, then what happens, until the job is done."""
        # The reader of the same socket notices, and ends us.
        with suppress(WebSocketDisconnect, WebSocketDisconnected):
            try:
                leave = self.laboratory.subscribe(self.job, self.tell)
                try:
                    await self.follow()
                finally:
                    leave()
            except LookupError:
                await self.say({"say": "state", "state": "unknown"})

    def tell(self, *_: object) -> None:
        """There is something new; said by any thread."""
        self.loop.call_soon_threadsafe(self.news.set)

    async def follow(self) -> None:
        # The state may lie before what the browser asks for, so look at all of it once.
        everything = self.laboratory.events(self.job, 0)
        self.remember(everything)
        wanted = [event for event in everything if event.seq >= self.since]
        await self.flush(wanted, self.account)
        while self.state.get("state") != "done":
            events = await self.gathered()
            self.remember(events)
            await self.flush(events)
        for _ in range(SUMMARIES_MAX):
            if not self.waits:
                break
            await asyncio.sleep(SUMMARY_SECONDS)
            self.untold = True
            await self.summary()

    async def gathered(self) -> Sequence[Event]:
        """The next events: records of some time together, anything else at once."""
        while True:
            await self.news.wait()
            self.news.clear()
            await self.summary()
            events = self.laboratory.events(self.job, self.since)
            wait = self.flushed + FLUSH_SECONDS - self.loop.time()
            if events and (wait <= 0 or any(event.say == "state" for event in events)):
                return events
            if events:
                self.loop.call_later(wait, self.news.set)

    def remember(self, events: Sequence[Event]) -> None:
        states = [event.header for event in events if event.say == "state"]
        self.state = states[-1] if states else self.state
        self.untold = self.untold or len(states) < len(events)

    async def flush(self, events: Sequence[Event], account: Account | None = None) -> None:
        """Send these events, and the state after them; an account has to allow for each piece."""
        progress = self.laboratory.progress(self.job)
        for piece in in_pieces(events):
            if account is not None:
                await account.turn(sum(map(size, piece)))
            for message in messages(self.job, piece, self.since, time.time()):
                self.flushed = self.loop.time()
                if isinstance(message, bytes):
                    await self.websocket.send_bytes(message)
                else:
                    await self.websocket.send_text(message)
            await asyncio.sleep(0)  # others have their turn
        self.since = max((event.seq + 1 for event in events), default=self.since)
        device = device_name(self.laboratory.status().device, Words(self.language))
        await self.say({"say": "state", "device": device, **vars(progress), **self.state})
        await self.summary()

    async def summary(self) -> None:
        """Sum up what has happened: at once when the job is done, else from time to time."""
        if not self.untold:
            return
        wait = self.summed + SUMMARY_SECONDS - self.loop.time()
        if wait > 0 and self.state.get("state") != "done":
            self.loop.call_later(wait, self.news.set)
            return
        self.summed, self.untold = self.loop.time(), False
        said = await asyncio.to_thread(self.summarise, self.job, self.language, self.against)
        self.waits = bool(said.get("waits"))
        await self.say({"say": "summary", **said})

    async def say(self, said: Mapping[str, Any]) -> None:
        await self.websocket.send_text(text_message({"job": self.job, "seq": self.since}, said))
