"""Every wait of every scene as a dot, on a logarithmic axis: an SVG that any browser opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from math import log10

from tests.load.scenes import Scene

WIDTH, ROW, LEFT, TOP = 900, 34, 260, 40
LOW, HIGH = 0.01, 1000.0  # seconds
INK, DOT = "#31333F", "#1B7AC2"


def picture(scenes: Mapping[str, Scene]) -> str:
    """One row for what was waited for in each scene, its median marked."""
    rows = [
        (f"{name}: {what}", sorted(waits))
        for name, scene in scenes.items()
        for what, waits in sorted(scene.waits.items())
    ]
    height = TOP + ROW * len(rows) + 30
    drawn = "\n".join(
        [*axis(height), *(line for n, row in enumerate(rows) for line in dots(n, *row))]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' font-family="sans-serif" font-size="13" fill="{INK}">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{drawn}\n</svg>\n'
    )


def across(seconds: float) -> float:
    """Where a wait stands, in px.

    >>> across(LOW) == LEFT, across(HIGH) == WIDTH - 30
    (True, True)
    """
    share = log10(min(max(seconds, LOW), HIGH) / LOW) / log10(HIGH / LOW)
    return LEFT + share * (WIDTH - 30 - LEFT)


def axis(height: int) -> Iterator[str]:
    yield f'<text x="{LEFT}" y="18">seconds</text>'
    for power in range(-2, 4):
        at = across(10.0**power)
        yield f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 8}" y2="{height - 20}" stroke="#ddd"/>'
        yield f'<text x="{at:.1f}" y="{height - 4}" text-anchor="middle">{10.0**power:g}</text>'


def dots(row: int, name: str, waits: list[float]) -> Iterator[str]:
    y = TOP + ROW * row + ROW / 2
    middle = waits[len(waits) // 2]
    yield f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>'
    for wait in waits:
        yield f'<circle cx="{across(wait):.1f}" cy="{y:.1f}" r="3" fill="{DOT}" opacity="0.35"/>'
    at = across(middle)
    yield f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y - 11:.1f}" y2="{y + 11:.1f}" stroke="{INK}"/>'
    yield f'<text x="{at + 5:.1f}" y="{y - 8:.1f}" font-size="11">{middle:.2f}</text>'
