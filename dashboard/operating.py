"""What somebody who runs the server asks it: `/health` and `/metrics`."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.service import Laboratory
from core.service.events import Status
from dashboard.components.live.address import base_path

STARTING = "The training process is starting."


def operating_routes(laboratory: Callable[[], Laboratory]) -> list[Route]:
    """Both routes, below the path of the whole app; `laboratory` gives the one of this process."""

    async def health(request: Request) -> Response:
        status = await run_in_threadpool(lambda: laboratory().status())
        told = {"store": status.store.trouble, "cluster": cluster_sentence(status)}
        told = {name: sentence for name, sentence in told.items() if sentence}
        if status.ready:  # also where nothing can be kept: what is asked for is trained
            return JSONResponse({"ready": True, **told})
        why = status.trouble or cluster_sentence(status) or STARTING
        return JSONResponse({"ready": False, "why": why, **told}, 503)

    async def metrics(request: Request) -> Response:
        from dashboard.metrics import CONTENT_TYPE, exposition  # no page waits for its library

        return Response(exposition(laboratory()), media_type=CONTENT_TYPE)

    base = base_path()
    return [
        Route(f"{base}/health", health, methods=["GET"]),
        Route(f"{base}/metrics", metrics, methods=["GET"]),
    ]


def cluster_sentence(status: Status) -> str:
    why = status.backend_trouble
    return f"The cluster does not answer: {why}" if why else ""
