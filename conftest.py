"""What pytest leaves alone, the option for the long way round, and who runs which tests."""

from __future__ import annotations

from typing import Any

import pytest

# Scripts that Streamlit runs, which do things when they are imported.
collect_ignore = ["app.py", "dashboard/main.py", "tests/browser/apps"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full",
        action="store_true",
        help="try every combination where otherwise every pair of values is tried",
    )
    parser.addoption(
        "--accept-figures",
        action="store_true",
        help="keep the pictures of tests/figures as they are now",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes run the tests (`-n 2`)."""
    from tests.distribution import ByScope

    return ByScope(config, log)
