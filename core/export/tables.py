"""Rows under a header, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from core.experiment.cells import for_spreadsheet


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([for_spreadsheet(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
