"""Numbers as people write them: what each text is in a field of each kind.

`numbers.json` has a row a text; of each field the value that it is read as, or the code by which it
is refused. The rate is a number, the momentum a share, and epochs are counted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIELDS = {"learning_rate": "optimizer.learning_rate", "momentum": "optimizer.momentum"}
FIELDS["epochs"] = "epochs"
TABLE: list[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
TEXTS = [row["text"] for row in TABLE]


def meant(field: str) -> dict[str, Any]:
    """What each text is in a field: a value, or a code as text."""
    return {row["text"]: row[field] for row in TABLE}
