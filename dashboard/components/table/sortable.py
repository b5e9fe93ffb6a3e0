"""A table of texts that sorts by the numbers behind them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard.components.live.component import component
from dashboard.lines.table import Column, TableRow

show = component("sortable_table", "table/sortable")


def sortable(
    columns: Sequence[Column],
    lines: Sequence[TableRow],
    *,
    label: str,
    order: str,
    sort_by: str,
    key: str,
    on_order: Callable[[str], None],
    on_open: Callable[[int], None],
) -> None:
    """Show a table in the order of a column's name, "-" in front for falling.

    `on_order` is told the order that a visitor chooses, `on_open` the place of the line opened.
    `label` says to a screen reader what the table holds, `sort_by` stands before the names of the
    columns on a phone.
    """
    show(
        key=key,
        data={
            "columns": [dataclasses.asdict(column) for column in columns],
            "lines": [plain(line) for line in lines],
            "label": label,
            "order": order,
            "sortBy": sort_by,
        },
        on_order_change=lambda: on_order(str(event_of(key, "order"))),
        on_open_change=lambda: on_open(int(event_of(key, "open"))),
    )


def plain(line: TableRow) -> dict[str, Any]:
    """A line as JSON, which has no NaN."""
    entries = [
        {**vars(entry), "number": None if math.isnan(entry.number) else entry.number}
        for entry in line.entries
    ]
    return {"entries": entries, "opens": line.opens}


def event_of(key: str, name: str) -> Any:
    return st.session_state[key][name]
