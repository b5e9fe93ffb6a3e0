"""Calls those who watch a job, from a thread of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Watcher:
    """A callback that wants to know that there is something new."""

    callback: Callable[[], object]
    rung: bool = False  # and not called yet: one call answers any number of rings


class Watchers:
    """Rings watchers, one after the other, holding no lock and holding up no trainer.

    What a callback raises is logged and harms nobody else.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watchers")

    def ring(self, watchers: Iterable[Watcher]) -> None:
        for watcher in watchers:
            if not watcher.rung:
                watcher.rung = True
                with suppress(RuntimeError):  # this process is ending
                    self._thread.submit(self._call, watcher).add_done_callback(tell_failure)

    def close(self) -> None:
        """Those that were rung are still called."""
        self._thread.shutdown(wait=False)

    @staticmethod
    def _call(watcher: Watcher) -> None:
        watcher.rung = False
        watcher.callback()


def tell_failure(call: Future[None]) -> None:
    if error := call.exception():
        log.error("A watcher of a job failed.", exc_info=error)
