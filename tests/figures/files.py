"""The accepted pictures as files: Plotly JSON, numbers rounded, a trace a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dashboard.lines.figures import Json

ACCEPTED = Path(__file__).parent / "accepted"
DIGITS = 4  # of every number: more, no eye sees


def text_of(figure: Json) -> str:
    """A picture as it is kept.

    >>> print(text_of({"data": [{"y": [0.123456, 2]}], "layout": {"height": 300}}), end="")
    {"data": [
    {"y":[0.1235,2]}
    ],
    "layout": {
    "height":300
    }}
    """
    traces = ",\n".join(dumped(trace) for trace in figure["data"])
    layout = ",\n".join(f"{dumped(name)}:{dumped(of)}" for name, of in figure["layout"].items())
    return f'{{"data": [\n{traces}\n],\n"layout": {{\n{layout}\n}}}}\n'


def dumped(value: Any) -> str:
    return json.dumps(rounded(value), ensure_ascii=False, separators=(",", ":"))


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def file_of(name: str) -> Path:
    return ACCEPTED / f"{name}.json"


def accept(name: str, text: str) -> None:
    ACCEPTED.mkdir(exist_ok=True)
    file_of(name).write_text(text, "utf-8")
