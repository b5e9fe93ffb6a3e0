"""The routes that the live pages need, for `st.App(…, routes=routes(laboratory, summarise))`."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import Route, WebSocketRoute
from streamlit import config
from streamlit.web.server.server_util import allowlisted_origins

from dashboard.live.assets import asset_routes
from dashboard.live.socket import Laboratory, LiveSocket, Summarise

SOCKET = "live"  # relative to the page, like the addresses of the assets


def routes(
    laboratory: Callable[[], Laboratory], summarise: Summarise
) -> list[Route | WebSocketRoute]:
    """The live socket and the assets, below the path that the whole app is configured to live at.

    `laboratory` gives the one of this process, asked for with each watch; `summarise(job,
    language)` the sentence and figures above the chart.
    """
    path = str(config.get_option("server.baseUrlPath")).strip("/")
    base = f"/{path}" if path else ""
    socket = LiveSocket(laboratory, summarise, allowed)
    return [WebSocketRoute(f"{base}/{SOCKET}", socket.serve), *asset_routes(base)]


def allowed(origin: str) -> bool:
    """Whether the configuration lets pages of another origin in, as Streamlit's own socket does.

    Streamlit also asks a server on the internet for this machine's public address; we do not.
    """
    return not config.get_option("server.enableCORS") or origin in allowlisted_origins()
