"""Which engine a run comes from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from core.engine.fingerprint import fingerprint
from core.service.version import version_of

SEVERAL = 4


def test_the_engine_is_read_once_for_all_who_ask_meanwhile() -> None:
    fingerprint.cache_clear()
    with ThreadPoolExecutor(SEVERAL) as threads:
        versions = list(threads.map(lambda _: version_of(device="gpu"), range(SEVERAL)))
    assert fingerprint.cache_info().misses == 1
    assert len(set(versions)) == 1
