"""From the query of a page to its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from core.experiment.field_types import Choice, read
from core.experiment.refusals import FieldError
from core.service import Laboratory
from dashboard.numbers.pages import PAGES
from dashboard.numbers.refusals import Refusals
from dashboard.numbers.wanted import Found
from dashboard.text import DEFAULT

PRESENT = "present"
FILE = "file"  # the parameter that says which of a page's files is wanted; no page has such


class Answer(NamedTuple):
    """What is there, and whether that is all."""

    body: Iterator[str]
    found: Found
    is_whole: bool


def answer(name: str, form: str, given: QueryParams, laboratory: Laboratory) -> Answer | Refusals:
    """What a page's numbers are now, or what of its link cannot be."""
    page, query = PAGES[name], dict[str, Any](given)
    query |= {one: given.getlist(one) for one in page.repeated if one in query}
    query.pop(PRESENT, None)  # how a page is shown, which no page of its own holds
    file = query.pop(FILE, None) if form == "csv" else None
    settings, errors = page.settings.from_query(query, DEFAULT)
    if errors:
        return Refusals(errors)
    try:
        wanted = page.want(settings, laboratory)
        kinds = tuple(wanted.tables)
        kind = kinds[0] if file is None else read("Link", FILE, Choice(kinds), file)
    except FieldError as error:
        return Refusals([error])
    found = Found.of(wanted.experiments, laboratory.known(wanted.experiments, wanted.engine))
    body = wanted.json(found) if form == "json" else iter([wanted.tables[kind](found)])
    return Answer(body, found, found.is_whole and wanted.whole)
