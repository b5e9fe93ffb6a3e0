"""A page whose runs are timed, in the thread that runs it."""

from __future__ import annotations

import cProfile
import importlib
import time

SECONDS: list[float] = []  # of processor time, of each run
PROFILE = cProfile.Profile()


def run(page: str) -> None:
    """The page as the application runs it."""
    draw = importlib.import_module(f"dashboard.pages.{page}").page
    begun = time.thread_time()
    try:
        draw()
    finally:
        SECONDS.append(time.thread_time() - begun)


def run_profiled(page: str) -> None:
    PROFILE.runcall(importlib.import_module(f"dashboard.pages.{page}").page)
