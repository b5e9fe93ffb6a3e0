"""Keras on the engine's TensorFlow; about a second to load, and only plain `fit` needs it."""

from __future__ import annotations

from core.engine.device import tf  # isort: skip  # its settings precede Keras
import keras

__all__ = ["keras", "tf"]
