"""Keras on the engine's TensorFlow; about a second to load.

Keras takes pandas along wherever it finds it, for data that are none of ours: another half a
second, and 50 MB in each worker.
"""

from __future__ import annotations

import gc

from core.engine.device import tf  # isort: skip  # its settings precede Keras
from core.engine.lean import without

with without("pandas"):
    import keras

# What is loaded stays: else one program in a few is traced 0.2 s longer, while the collector goes
# through it all.
gc.freeze()

__all__ = ["keras", "tf"]
