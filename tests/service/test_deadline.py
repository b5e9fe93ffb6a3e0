"""Calls with a deadline, made by few threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.service.deadline import DeadlineThreads, Late
from tests.service.waiting import PATIENCE, time_taken


def test_what_a_call_gives_or_raises_comes_back() -> None:
    threads = DeadlineThreads(2, "test")
    assert threads.call(lambda: 7, PATIENCE) == 7
    with pytest.raises(ZeroDivisionError):
        threads.call(lambda: 1 / 0, PATIENCE)
    with pytest.raises(TimeoutError, match="of the call itself"):
        threads.call(raise_timeout, PATIENCE)
    threads.close()


def raise_timeout() -> None:
    raise TimeoutError("of the call itself")


def test_a_call_that_hangs_is_left_and_those_behind_it_are_never_made() -> None:
    threads, go, made = DeadlineThreads(1, "test"), threading.Event(), []
    for act in (lambda: go.wait(PATIENCE), lambda: made.append(1)):
        with pytest.raises(Late):
            threads.call(act, 0.05)
    go.set()
    assert threads.call(lambda: made, PATIENCE) == []
    threads.close()


def test_to_wait_behind_others_is_no_silence() -> None:
    threads, deadline, work = DeadlineThreads(1, "test"), 2.0, 0.3

    def rush() -> None:
        with ThreadPoolExecutor(8) as visitors:
            asked = [visitors.submit(threads.call, does, deadline) for _ in range(8)]
        assert [one.result() for one in asked] == [False] * 8

    def does() -> bool:
        return threading.Event().wait(work)

    assert time_taken(rush) > deadline
    threads.close()
