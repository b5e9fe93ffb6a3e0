"""The rows of data sets and what is known of them, which a worker makes for those who ask.

What makes them, scikit-learn, takes pandas and SciPy's statistics along: a second and 120 MB that
the page's process is spared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from core.analysis.attainable import Benchmarks, benchmarks
from core.experiment.data import Data, Split, from_bytes, to_bytes
from core.service.encoding import MessageError
from core.service.messages import LoadRows

KEPT = 32  # data sets; at most half a megabyte each
BENCHMARKS, BENCHMARK = tuple(field.name for field in fields(Benchmarks)), np.dtype("<f8")
HEAD_BYTES = len(BENCHMARKS) * BENCHMARK.itemsize
ROW_ITEM_BYTES = 4  # of a feature, of a label

Send = Callable[[LoadRows], None]


class Asked(NamedTuple):
    """What comes of a data set, all at once."""

    rows: Future[Split]
    benchmarks: Future[Benchmarks]

    def fail(self, error: Exception) -> None:
        for future in self:
            future.set_exception(error)


class Rows:
    """What was asked for and what has come, by data set. Its laboratory's lock guards it."""

    def __init__(self) -> None:
        self._asked: dict[Data, Asked] = {}

    def ask(self, data: Data, send: Send | None) -> Asked:
        """The rows and benchmarks, now or later; `send` reaches a worker where one is ready."""
        known = self._asked.pop(data, None)
        asked = self._asked[data] = known or Asked(Future(), Future())
        if known is None and send:
            send(LoadRows(data))
        self._forget()
        return asked

    def known(self, data: Data) -> Split | None:
        """Rows that have come; of others nothing is asked."""
        asked = self._asked.get(data)
        return asked.rows.result() if asked and asked.rows.done() else None

    def ask_again(self, send: Send) -> None:
        """All that has not come, of a worker that is ready; the one asked before may be lost."""
        for data, asked in self._asked.items():
            if not asked.rows.done():
                send(LoadRows(data))

    def hear(self, data: Data, packed: bytes, why: str) -> None:
        """A worker has made them, or says why it cannot: then the next who asks tries again.

        Raises `MessageError` for what are no rows of this data set.
        """
        asked = self._asked.get(data)
        if asked is None or asked.rows.done():
            return
        if why:
            del self._asked[data]
            asked.fail(RuntimeError(why))
        else:
            split, known = unpack(data, packed)
            asked.benchmarks.set_result(known)
            asked.rows.set_result(split)

    def close(self, error: Exception) -> None:
        """Nobody will answer any more."""
        for asked in self._asked.values():
            if not asked.rows.done():
                asked.fail(error)

    def _forget(self) -> None:
        for data, asked in list(self._asked.items())[:-KEPT]:
            if asked.rows.done():
                del self._asked[data]


def pack(data: Data) -> bytes:
    """What a worker sends of a data set: its benchmarks as float64, NaN for none, then its rows.

    >>> from core.experiment.data import Blobs
    >>> blobs = Blobs(samples=20)
    >>> split, known = unpack(blobs, pack(blobs))
    >>> len(split.x_test), known == benchmarks(blobs)
    (10, True)
    """
    known = benchmarks(data)
    figures = [getattr(known, name) for name in BENCHMARKS]
    return np.array(figures, BENCHMARK).tobytes() + to_bytes(data.load())


def unpack(data: Data, packed: bytes) -> tuple[Split, Benchmarks]:
    """What `pack` packed. Raises `MessageError` for what it did not."""
    expected = HEAD_BYTES + data.rows * (data.features + 1) * ROW_ITEM_BYTES
    if len(packed) != expected:
        raise MessageError(f"Rows: payload must be of {expected} bytes, got {len(packed)}.")
    figures = np.frombuffer(packed, BENCHMARK, len(BENCHMARKS)).tolist()
    known: dict[str, Any] = {
        name: None if math.isnan(figure) else figure
        for name, figure in zip(BENCHMARKS, figures, strict=True)
    }
    return from_bytes(data, packed[HEAD_BYTES:]), Benchmarks(**known)
