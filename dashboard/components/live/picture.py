"""A finished Plotly figure, drawn by the same script and in the same theme as the live chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.components.live.assets import PLOTLY, asset_url
from dashboard.components.live.component import component

show = component("picture", "live/picture")


def picture(figure: Mapping[str, Any], *, label: str, key: str, height: int) -> None:
    """Show a figure (Plotly JSON); `label` says to a screen reader what it shows."""
    show(key=key, data={"figure": figure, **looks(label, height)})


def fetched_picture(url: str, *, label: str, waiting: str, key: str, height: int) -> None:
    """Show the figure that an address of this server gives; until then, `waiting` says so.

    Another address is fetched behind the figure that is there.
    """
    show(key=key, data={"url": url, "waiting": waiting, **looks(label, height)})


def looks(label: str, height: int) -> dict[str, Any]:
    return {"label": label, "height": height, "plotly": asset_url(PLOTLY)}
