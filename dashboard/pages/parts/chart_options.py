"""What a visitor chooses of a page's chart: the chart has done it already, the link keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard import session
from dashboard.settings.link import Link


def keep_options(link: Link[Any]) -> Callable[[Mapping[str, str]], None]:
    """What hears of the options of a page's chart."""
    return lambda told: link.change(
        lambda now: now.replaced(chart=now.chart.with_options(told)), session.language()
    )
