"""TensorFlow on one core of this machine, or on its GPU.

The engine's modules take `tf` from here, because some settings must precede it.
"""

from __future__ import annotations

import os

from core.engine.lean import without
from core.engine.machine import cores

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# A program is one thread's work: faster for small networks, and the same sums on any machine.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
os.environ["XLA_FLAGS"] = " ".join(
    [
        "--xla_cpu_multi_thread_eigen=false",
        # An epoch's loop over small batches becomes one function: a third less time.
        "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=262144",
        # LLVM's higher levels unroll what is too short to be worth it: a sixth more time.
        "--xla_backend_optimization_level=1",
        os.environ.get("XLA_FLAGS", ""),
    ]
)

# TensorFlow would take Keras along, and Keras pandas: see `core.engine.with_keras`.
with without("keras"):
    import tensorflow as tf

__all__ = ["device_name", "on_gpu", "tf"]


def on_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))


def device_name() -> str:
    """What trains here, such as "CPU · 2 cores" or "GPU · NVIDIA H200"."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return f"GPU · {details.get('device_name', 'unknown')}"
    count = cores()
    return f"CPU · {count} core{'s' if count > 1 else ''}"


if on_gpu():  # on a processor the same call would only make products slow
    tf.config.experimental.enable_tensor_float_32_execution(False)  # too coarse to match `fit`
