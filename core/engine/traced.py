"""Functions that TensorFlow traces, once for each shape of what they are given."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from core.engine.device import tf


class Traced:
    """A function of nested tensors; `options` are those of `tf.function`.

    Every network has traces of its own, all of the same lines of code. Called as it is, a
    `tf.function` counts by those lines and warns of so many traces as of a mistake; its concrete
    functions are what is called here.
    """

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        self._function, self._options = function, options
        self._concrete: dict[Any, Any] = {}  # by the shapes and types of all tensors
        self._lock = Lock()

    def __call__(self, *arguments: Any) -> Any:
        flat = [tf.convert_to_tensor(one) for one in tf.nest.flatten(arguments)]
        shapes = tuple((tuple(one.shape), one.dtype) for one in flat)
        with self._lock:
            if shapes not in self._concrete:
                self._concrete[shapes] = self._trace(arguments, flat)
        return self._concrete[shapes](*flat)

    def _trace(self, arguments: Any, flat: list[Any]) -> Any:
        @tf.function(autograph=False, **self._options)  # type: ignore[untyped-decorator]
        def run(*flat: Any) -> Any:
            return self._function(*tf.nest.pack_sequence_as(arguments, flat))

        return run.get_concrete_function(*(tf.TensorSpec(one.shape, one.dtype) for one in flat))
