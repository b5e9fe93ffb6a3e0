"""Loading a large package without another one that it takes along wherever it finds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(module: str) -> Iterator[None]:
    """Imports in here do not find `module`, unless it is loaded already; later ones do.

    >>> with without("wave"):
    ...     import wave
    Traceback (most recent call last):
        ...
    ModuleNotFoundError: import of wave halted; None in sys.modules
    >>> import wave
    """
    absent = sys.modules.setdefault(module, None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]
