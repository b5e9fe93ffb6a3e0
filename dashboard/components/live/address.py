"""Where the live socket is, and all else: below the path that the whole app lives under."""

from __future__ import annotations

from streamlit import config

SOCKET = "live"  # relative to the page, like the addresses of the assets


def base_path() -> str:
    """The path that the whole app lives under: "/lab", or "" for none."""
    path = str(config.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""
