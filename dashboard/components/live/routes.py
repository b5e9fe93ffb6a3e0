"""The routes that the live pages need, for `st.App(…, routes=routes(laboratory, …))`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.routing import Route, WebSocketRoute
from streamlit import config
from streamlit.web.server.server_util import allowlisted_origins

from dashboard.components.live import points, socket
from dashboard.components.live.assets import asset_routes
from dashboard.components.live.points import Draw, points_route
from dashboard.components.live.socket import LiveSocket, Summarise

SOCKET = "live"  # relative to the page, like the addresses of the assets


class Laboratory(socket.Laboratory, points.Laboratory, Protocol):
    """What the routes need of `core.service.Laboratory`."""


def routes(
    laboratory: Callable[[], Laboratory], summarise: Summarise, draw: Draw
) -> list[Route | WebSocketRoute]:
    """The live socket, the points of data sets and the assets, below the path of the whole app.

    `laboratory` gives the one of this process, asked for with each request; `summarise(job,
    language, None)` the sentence and figures above the chart, or with another job what is said of
    both; `draw(rows, language)` the figure of a data set.
    """
    base = base_path()
    live = LiveSocket(laboratory, summarise, allows_origin)
    return [
        WebSocketRoute(f"{base}/{SOCKET}", live.serve),
        points_route(laboratory, draw, base),
        *asset_routes(base),
    ]


def base_path() -> str:
    """The path that the whole app lives under: "/lab", or "" for none."""
    path = str(config.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""


def allows_origin(origin: str) -> bool:
    """Whether the configuration lets pages of another origin in, as Streamlit's own socket does.

    Streamlit also asks a server on the internet for this machine's public address; we do not.
    """
    return not config.get_option("server.enableCORS") or origin in allowlisted_origins()
