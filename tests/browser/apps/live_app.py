"""The live page over a laboratory that a test steers by `POST /fake/<verb>` with JSON."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.live.routes import routes
from tests.live.fake import FakeLaboratory

LABORATORY = FakeLaboratory()
VERBS = ("begin", "state", "records", "outcome", "finish", "train")


async def steer(request: Request) -> Response:
    verb = request.path_params["verb"]
    if verb not in VERBS:
        return Response(status_code=404)
    getattr(LABORATORY, verb)(**await request.json())
    return Response(status_code=204)


app = st.App(
    "live_page.py",
    routes=[
        *routes(lambda: LABORATORY, LABORATORY.summarise),
        Route("/fake/{verb}", steer, methods=["POST"]),
    ],
)
