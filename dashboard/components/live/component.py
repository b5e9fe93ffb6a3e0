"""A component of our own: its script comes from an asset, its data arrive as they were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.components.live.assets import loader


def component(name: str, script: str, html: str = "<div></div>") -> Callable[..., Any]:
    """The component `name`, whose `<script>.js` is an asset.

    Calling it mounts one; `data` is a mapping that JSON can hold. It travels in a list: among the
    values of a mapping Streamlit 1.67 looks for data frames, and loads pandas and PyArrow for that,
    which cost the page's process 80 MB and its first visitor a third of a second. The loader takes
    it out again.
    """
    mount = st.components.v2.component(name, html=html, js=loader(script), isolate_styles=False)

    def mounted(*, data: Mapping[str, Any], **more: Any) -> Any:
        return mount(data=[dict(data)], **more)

    return mounted
