"""The live page over a laboratory that a test steers by `POST /fake/<verb>` with JSON."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.experiment.records import COLUMNS
from dashboard.components.live.address import base_path
from dashboard.components.live.assets import asset_routes
from dashboard.components.live.routes import routes
from tests.browser.apps.gates import GATES
from tests.live.fake import FakeLaboratory, made_up

LABORATORY = FakeLaboratory()
ZERO = {"rate": "learning_rate", "loss": "loss"}
VERBS = ("begin", "state", "records", "outcome", "finish", "train", "open_gate")


async def steer(request: Request) -> Response:
    verb = request.path_params["verb"]
    if verb not in VERBS:
        return Response(status_code=404)
    asked = await request.json()
    if verb == "open_gate":
        GATES[asked["job"]].set()
        return Response(status_code=204)
    for column in ("rate", "loss"):
        if asked.pop(f"{column}_is_zero", False):
            of = LABORATORY.jobs[asked["job"]]
            asked["table"] = made_up(0, of.reached.get(0, 0) + 1, asked["count"]).copy()
            asked["table"][:, COLUMNS.index(ZERO[column])] = 0.0
    getattr(LABORATORY, verb)(**asked)
    return Response(status_code=204)


app = st.App(
    "live_page.py",
    routes=[
        *routes(lambda: LABORATORY, LABORATORY.summarise, LABORATORY.draw),
        *asset_routes(base_path()),
        Route("/fake/{verb}", steer, methods=["POST"]),
    ],
)
