"""What answers at the addresses that `late.py` knows, all of which need the laboratory."""

from __future__ import annotations

from typing import Any

from starlette.routing import Router

from core.experiment.data import Split
from dashboard.components.live.routes import routes
from dashboard.laboratory import laboratory
from dashboard.lines.agreement import agreement_summary
from dashboard.lines.figures import data_figure
from dashboard.lines.summary import summarise
from dashboard.numbers.routes import numbers_routes
from dashboard.operating import operating_routes
from dashboard.text import Words


def summarised(job: str, language: str, against: str | None) -> dict[str, Any]:
    if against is not None:
        return agreement_summary(laboratory(), job, against, Words(language))
    return summarise(laboratory(), job, language)


def drawn(rows: Split, language: str) -> dict[str, Any]:
    return data_figure(rows, Words(language))


ROUTER = Router(
    [
        *routes(laboratory, summarised, drawn),
        *numbers_routes(laboratory),
        *operating_routes(laboratory),
    ]
)
