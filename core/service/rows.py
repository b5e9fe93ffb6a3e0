"""The rows of data sets, which a worker makes for those who draw them.

What makes them, scikit-learn, takes pandas and SciPy's statistics along: a second and 120 MB that
the page's process is spared.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from core.experiment.data import Data, Split, from_bytes
from core.service.messages import LoadRows

KEPT = 32  # data sets; at most half a megabyte each

Send = Callable[[LoadRows], None]


class Rows:
    """What was asked for and what has come, by data set. Its laboratory's lock guards it."""

    def __init__(self) -> None:
        self._asked: dict[Data, Future[Split]] = {}

    def ask(self, data: Data, send: Send | None) -> Future[Split]:
        """The rows, now or later; `send` reaches a worker where one is ready."""
        known = self._asked.pop(data, None)
        future = self._asked[data] = known or Future()
        if known is None and send:
            send(LoadRows(data))
        self._forget()
        return future

    def ask_again(self, send: Send) -> None:
        """All that has not come, of a worker that is ready; the one asked before may be lost."""
        for data, future in self._asked.items():
            if not future.done():
                send(LoadRows(data))

    def hear(self, data: Data, packed: bytes, why: str) -> None:
        """A worker has made the rows, or says why it cannot: then the next who asks tries again."""
        future = self._asked.get(data)
        if future is None or future.done():
            return
        if why:
            del self._asked[data]
            future.set_exception(RuntimeError(why))
        else:
            future.set_result(from_bytes(data, packed))

    def close(self, error: Exception) -> None:
        """Nobody will answer any more."""
        for future in self._asked.values():
            if not future.done():
                future.set_exception(error)

    def _forget(self) -> None:
        for data, future in list(self._asked.items())[:-KEPT]:
            if future.done():
                del self._asked[data]
