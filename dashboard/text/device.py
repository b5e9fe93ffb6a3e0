"""What trains, as the page says it."""

from __future__ import annotations

import re

from dashboard.text import Words

CORES = re.compile(r"CPU · (\d+) cores?")


def device_name(device: str, words: Words) -> str:
    """A worker's word for its device in the visitor's language; a GPU has its own name.

    >>> device_name("CPU · 2 cores", Words("zh")), device_name("GPU · NVIDIA H200", Words("zh"))
    ('CPU · 2 核', 'GPU · NVIDIA H200')
    """
    found = CORES.fullmatch(device)
    if not found:
        return device
    return words("common.one_core" if found[1] == "1" else "common.cores", count=found[1])
