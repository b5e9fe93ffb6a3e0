"""Learning Rate Lab as a web application: `streamlit run app.py`."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st

from dashboard import laboratory
from dashboard.live.routes import routes
from dashboard.summary import summarise


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The workers start with the server and end with it."""
    laboratory.laboratory()
    gc.freeze()  # what is loaded by now stays; later collections need not look at it
    try:
        yield
    finally:
        laboratory.close()


def summarised(job: str, language: str) -> dict[str, Any]:
    return summarise(laboratory.laboratory(), job, language)


app = st.App(
    "dashboard/main.py",
    lifespan=lifespan,
    routes=routes(laboratory.laboratory, summarised),
)
