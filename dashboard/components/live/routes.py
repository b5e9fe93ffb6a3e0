"""The routes by which the live pages hear of the laboratory: `routes(laboratory, …)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.routing import Route, WebSocketRoute
from streamlit import config
from streamlit.web.server.server_util import allowlisted_origins

from dashboard.components.live import points, socket
from dashboard.components.live.address import SOCKET, base_path
from dashboard.components.live.points import Draw, points_route
from dashboard.components.live.socket import LiveSocket, Summarise


class Laboratory(socket.Laboratory, points.Laboratory, Protocol):
    """What the routes need of `core.service.Laboratory`."""


def routes(
    laboratory: Callable[[], Laboratory], summarise: Summarise, draw: Draw
) -> list[Route | WebSocketRoute]:
    """The live socket and the points of data sets, below the path of the whole app.

    `laboratory` gives the one of this process, asked for with each request; `summarise(job,
    language, None)` the sentence and figures above the chart, or with another job what is said of
    both; `draw(rows, language)` the figure of a data set.
    """
    base = base_path()
    live = LiveSocket(laboratory, summarise, allows_origin)
    return [
        WebSocketRoute(f"{base}/{SOCKET}", live.serve),
        points_route(laboratory, draw, base),
    ]


def allows_origin(origin: str) -> bool:
    """Whether the configuration lets pages of another origin in, as Streamlit's own socket does.

    Streamlit also asks a server on the internet for this machine's public address; we do not.
    """
    return not config.get_option("server.enableCORS") or origin in allowlisted_origins()
