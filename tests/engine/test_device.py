"""The device that trains has a name."""

from __future__ import annotations

import re

from core.engine.device import device_name, on_gpu
from core.engine.program import lanes_of_programs


def test_the_device_is_named_with_its_cores_or_its_model():
    pattern = r"GPU · .+" if on_gpu() else r"CPU · \d+ cores?"
    assert re.fullmatch(pattern, device_name())


def test_a_processor_trains_each_run_by_itself():
    assert (lanes_of_programs() == 1) == (not on_gpu())
