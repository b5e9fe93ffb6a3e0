"""From the query of a page to its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from starlette.datastructures import QueryParams

from core.experiment.field_types import Choice, read
from core.experiment.refusals import FieldError
from core.service import Laboratory
from dashboard.numbers.pages import PAGES
from dashboard.numbers.refusals import Refusals
from dashboard.numbers.wanted import Found
from dashboard.settings.page import texts_of
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
    page = PAGES[name]
    query = texts_of(page.settings, given.keys(), given.getlist)
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
