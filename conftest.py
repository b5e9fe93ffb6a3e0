"""What pytest leaves alone, and the option for the long way round."""

from __future__ import annotations

import pytest

# Scripts that Streamlit runs, which do things when they are imported.
collect_ignore = ["app.py", "dashboard/main.py", "tests/browser/apps"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full",
        action="store_true",
        help="try every combination where otherwise every pair of values is tried",
    )
