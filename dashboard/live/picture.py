"""A finished Plotly figure, drawn by the same script and in the same theme as the live chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.live.assets import PLOTLY, asset_url, loader

component = st.components.v2.component(
    "picture",
    html="<div></div>",
    js=loader("live/picture"),
    isolate_styles=False,
)


def picture(figure: Mapping[str, Any], *, label: str, key: str, height: int) -> None:
    """Show a figure (Plotly JSON); `label` says to a screen reader what it shows."""
    plotly = asset_url(PLOTLY)
    data = {"figure": figure, "label": label, "height": height, "plotly": plotly}
    component(key=key, data=data)
