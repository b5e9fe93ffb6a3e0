"""The one laboratory of this process, and what its pages ask of it at the start."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.analysis.studies.tutorial import OPTIMIZERS
from core.experiment import Experiment
from core.service import Laboratory
from core.service.backends import backend
from core.service.store import Store, open_store

_lock = threading.Lock()
_open: list[Laboratory] = []
_stores: list[Store] = []


def laboratory() -> Laboratory:
    """The laboratory of this process, opened on first use."""
    with _lock:
        if not _open:
            _open.append(open_laboratory())
        return _open[0]


def open_laboratory() -> Laboratory:
    """A laboratory whose workers have been told to prepare the programs of the tutorial.

    The first page's comes first; the others follow while there is nothing else to do.
    """
    store = open_store()
    lab = Laboratory(store=store, backend=backend())
    _stores.extend([store] if store else [])
    lab.start()
    for kind in OPTIMIZERS:
        lab.warm(Experiment().replace({"optimizer.kind": kind}))
    atexit.register(close)
    return lab


def use(lab: Laboratory) -> None:
    """Let the pages of this process use a laboratory that was opened elsewhere, as tests do."""
    close()
    with _lock:
        _open.append(lab)


@contextmanager
def using(lab: Laboratory) -> Iterator[Laboratory]:
    """The pages use this one meanwhile; what they used before goes on afterwards."""
    with _lock:
        _open.insert(0, lab)
    try:
        yield lab
    finally:
        with _lock:
            _open.remove(lab)


def close() -> None:
    """End the workers, then close the store; the next use opens a new laboratory."""
    with _lock:
        while _open:
            _open.pop().close()
        while _stores:
            _stores.pop().close()
