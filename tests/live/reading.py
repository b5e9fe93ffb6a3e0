"""How a client takes the binary messages of the live socket apart."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]


def unpacked(message: bytes) -> tuple[dict[str, Any], list[tuple[int, int, Rows]], int]:
    """The header, (run, first epoch, rows) of each stretch, and where in the message rows start."""
    (length,) = struct.unpack_from("<I", message)
    start = 4 + length
    header = json.loads(message[4:start])
    rows = np.frombuffer(message, "<f4", offset=start).reshape(-1, len(header["columns"]))
    ends = np.cumsum([count for _, _, count in header["stretches"]])
    parts = np.split(rows, ends[:-1])
    whose = zip(header["stretches"], parts, strict=True)
    return header, [(run, first, part) for (run, first, _), part in whose], start
