"""The points of a data set as a figure, at an address of their own: `points?data=…&language=en`.

The browser fetches them when the data change and keeps them; a slider that moves sends no points.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.experiment import Experiment
from core.experiment.data import Data, Split
from core.experiment.refusals import FieldError
from core.service.events import Status
from dashboard.text import Words
from dashboard.text.device import device_name

PATH = "points"
DEVICE = "X-Device"  # what trains here, which is known by now, percent-encoded
WAIT_SECONDS = 20.0  # for a worker that starts; then the browser asks again
KEPT_SECONDS = 600
CHARACTERS_MAX = 2_000  # of the description of a data set

Figure = Mapping[str, Any]
Draw = Callable[[Split, str], Figure]  # (rows, language)


class Laboratory(Protocol):
    """What this needs of `core.service.Laboratory`."""

    def rows(self, data: Data) -> Future[Split]: ...
    def status(self) -> Status: ...


def points_url(data: Data, language: str) -> str:
    """Where the picture of a data set is, relative to the page."""
    described = json.dumps(data.to_dict(), separators=(",", ":"))
    return f"{PATH}?{urlencode({'data': described, 'language': language})}"


def read(query: Mapping[str, str]) -> Data:
    """The data set of an address. Raises `FieldError`."""
    text = query.get("data", "{}")
    if len(text) > CHARACTERS_MAX:
        expected = f"of at most {CHARACTERS_MAX} characters"
        raise FieldError("Points", "data", expected, f"{len(text)} characters")
    try:
        described = json.loads(text)
    except (ValueError, RecursionError):
        raise FieldError("Points", "data", "valid JSON", text) from None
    return Experiment.from_dict({"data": described}).data


def points_route(laboratory: Callable[[], Laboratory], draw: Draw, base: str = "") -> Route:
    """The route; `base` is a path the whole app lives under, such as "/lab"."""

    async def serve(request: Request) -> Response:
        try:
            data = read(request.query_params)
        except FieldError as refusal:
            return PlainTextResponse(str(refusal), status_code=400)
        try:
            rows = asyncio.wrap_future(laboratory().rows(data))
            split = await asyncio.wait_for(asyncio.shield(rows), WAIT_SECONDS)
        except (TimeoutError, RuntimeError):  # no worker yet, none that can, or the end
            return PlainTextResponse("The points are not there yet.", status_code=503)
        language = request.query_params.get("language", "")
        figure = draw(split, language)
        headers = {
            "Cache-Control": f"private, max-age={KEPT_SECONDS}",
            DEVICE: quote(device_name(laboratory().status().device, Words(language))),
        }
        return JSONResponse(figure, headers=headers)

    return Route(f"{base}/{PATH}", serve, methods=["GET"])
