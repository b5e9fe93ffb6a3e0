"""How examples are drawn in every test: generated ones the same each time, products by pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.pairwise import pairwise

Rows = list[tuple[Any, ...]]

settings.register_profile(
    "house",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def tried(config: pytest.Config, rows: Iterable[tuple[Any, ...]], strength: int = 2) -> Rows:
    """All rows of a product with `--full`, otherwise few in which every pair of values occurs."""
    return list(rows) if config.getoption("full") else pairwise(rows, strength)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`@pytest.mark.combinations("name", rows)`: one test for each row that is tried.

    With `strength=1` so few rows are that each value occurs; where a row is dear, and its values
    have little to do with each other.
    """
    for mark in metafunc.definition.iter_markers("combinations"):
        name, rows = mark.args
        metafunc.parametrize(name, tried(metafunc.config, rows, **mark.kwargs), ids=id_of)


def id_of(row: tuple[Any, ...]) -> str:
    return ":".join(map(str, row))


@pytest.fixture(scope="session")
def rows_tried(pytestconfig: pytest.Config) -> Callable[[Iterable[tuple[Any, ...]]], Rows]:
    """Of a product's rows those that `combinations` tries, for a fixture that needs them all."""
    return lambda rows: tried(pytestconfig, rows)
