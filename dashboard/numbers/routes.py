"""`/PAGE.json` and `/PAGE.csv` with the query of the page: what is trained or stored of it.

200 where all is there, 202 while some is not, 400 for what the page refuses. Nothing is trained for
it: whoever wants it trained opens the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from core.experiment.refusals import FieldError
from core.service import Laboratory
from dashboard.components.live.address import base_path
from dashboard.navigation import PAGES
from dashboard.numbers.refusals import Refusals, line

if TYPE_CHECKING:
    from dashboard.numbers.answer import Answer

RETRY_SECONDS = 2
AT_ONCE = 2  # answers that are made at a time: pages go first
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
RUNS = "X-Runs"  # how many of how many have ended
STORE = "X-Store"  # what troubles the store, by the names of `Kind`; left out where nothing does


def numbers_routes(laboratory: Callable[[], Laboratory]) -> list[Route]:
    """The routes of all pages, below the path of the whole app."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def serve(request: Request) -> Response:
        page, form = request.url.path.rpartition("/")[2].split(".")
        async with at_once:
            of = await run_in_threadpool(answer, page, form, request.query_params, laboratory())
        if isinstance(of, Refusals):
            return refuse(of.errors, form)
        trouble = laboratory().status().store.kind
        return respond(of, form, request.method, at_once, {STORE: trouble} if trouble else {})

    base = base_path()
    return [
        Route(f"{base}/{page}.{form}", serve, methods=["GET"]) for page in PAGES for form in TYPES
    ]


def answer(page: str, form: str, query: QueryParams, laboratory: Laboratory) -> Answer | Refusals:
    """What a page's numbers are now; what makes them is loaded when it is first asked for."""
    from dashboard.numbers.answer import answer

    return answer(page, form, query, laboratory)


def respond(
    of: Answer, form: str, method: str, at_once: asyncio.Semaphore, said: dict[str, str]
) -> Response:
    headers = {
        **said,
        "Cache-Control": "no-store",
        RUNS: f"{of.found.counts['ended']}/{of.found.counts['runs']}",
        **({} if of.is_whole else {"Retry-After": str(RETRY_SECONDS)}),
    }
    status = 200 if of.is_whole else 202
    if method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=TYPES[form])
    body = in_turns(of.body, at_once)
    return StreamingResponse(body, status, headers, media_type=TYPES[form])


async def in_turns(parts: Iterator[str], at_once: asyncio.Semaphore) -> AsyncIterator[str]:
    """Make a part at a time, few of all answers at once; who reads slowly holds up nobody."""
    while True:
        async with at_once:
            part = await run_in_threadpool(next, parts, None)
        if part is None:
            return
        yield part


def refuse(errors: Sequence[FieldError], form: str) -> Response:
    """A line each: which field, what it must be, and what it got."""
    if form == "csv":
        lines = "".join(f"{line(error)}\n" for error in errors)
        return PlainTextResponse(lines, status_code=400)
    listed = [{"field": error.path, "refusal": line(error)} for error in errors]
    return JSONResponse({"refusals": listed}, status_code=400)
