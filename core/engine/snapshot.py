"""Everything that a run needs to go on from an epoch; no TensorFlow."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Snapshot:
    """A run after so many epochs: 0 is before the first update.

    `arrays` holds "weight.N", all weights in the order of Keras's `get_weights`; "generator.N", the
    state of each dropout's random numbers; "memory.N.NAME", the optimizer's memory of the Nth of
    the weights that are learned; and "watched", the plateau's memory.

    >>> one = Snapshot(3, {"weight.0": np.eye(2)})
    >>> bool((Snapshot.from_bytes(one.to_bytes()).arrays["weight.0"] == np.eye(2)).all())
    True
    """

    epoch: int
    arrays: dict[str, Array]

    @property
    def weights(self) -> list[Array]:
        """All weights in the order of Keras's `get_weights`."""
        return list(in_order(self.arrays, "weight"))

    def to_bytes(self) -> bytes:
        """As a file of NumPy's, `.npz`."""
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **self.arrays, epoch=np.array(self.epoch))
        return file.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Raises `ValueError` for bytes that hold no snapshot."""
        try:
            arrays = dict(np.load(io.BytesIO(packed), allow_pickle=False))
            return cls(int(arrays.pop("epoch")), arrays)
        except (BadZipFile, EOFError, KeyError, TypeError, ValueError):
            expected, got = "what `to_bytes` gave", f"{len(packed)} other bytes"
            raise ValueError(f"Snapshot: packed must be {expected}, got {got}.") from None


def in_order(arrays: dict[str, Array], name: str) -> list[Array]:
    """The arrays "NAME.0", "NAME.1", …"""
    found: list[Array] = []
    while (one := arrays.get(f"{name}.{len(found)}")) is not None:
        found.append(one)
    return found
