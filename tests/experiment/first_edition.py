"""Experiments that the first edition wrote: each with its key, its link, a hash of its weights.

Made by the first edition itself (commit c7fbf2f), of values drawn for every kind of part.
"""

from __future__ import annotations

import json
from pathlib import Path

ROWS = json.loads((Path(__file__).parent / "data" / "first_edition.json").read_text("utf-8"))
