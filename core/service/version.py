"""Which engine a run comes from; without SQLAlchemy, which is for those that open a store."""

from __future__ import annotations

import threading
from typing import NamedTuple

from core.engine.fingerprint import device_class, fingerprint

_reading = threading.Lock()  # to read the engine takes 0.2 s: once will do

FIRST_VERSION = "1"  # the fingerprint of whatever the first edition wrote


class Version(NamedTuple):
    """Which engine, and which edition of it, a row's numbers come from."""

    engine: str
    fingerprint: str


def version_of(engine: str = "compiled", device: str | None = None) -> Version:
    """Of an engine as it is now, on a class of device; left out, on what is in sight here."""
    with _reading:
        return Version(engine, fingerprint(device or device_class()))
