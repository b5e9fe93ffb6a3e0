"""The tutorial at a glance: a small chart for each study, all its values in it."""

from __future__ import annotations

from dashboard.claims.job import Whole
from dashboard.lines.curves import hues_of
from dashboard.lines.figures import LiveFigure
from dashboard.lines.names import cell_name
from dashboard.lines.panel_grid import TITLE, Arrangement, PanelGrid
from dashboard.lines.study_curves import scales
from dashboard.lines.traces import Drawn, Style, line, split
from dashboard.text import Words

FIELD = "val_accuracy"


def glance(whole: Whole, words: Words) -> LiveFigure:
    """The test accuracy of every study, mean over the seeds, a hue a value; a row a version."""
    names = list(whole.studies)
    versions = list(dict.fromkeys(version for version, _ in names))
    titles = [title(*name, several=len(versions) > 1, words=words) for name in names]
    across = len(names) // len(versions)
    grid = PanelGrid(
        stacks=len(names),
        scales=scales(whole.studies[names[0]], words),
        versions=len(versions),
        wide=Arrangement(titles, across, 150, TITLE, 56, ticks=3, lead=0),
        narrow=Arrangement(titles, 2, 96, TITLE, 46, gap=0.08, ticks=3, lead=0),
    )
    drawn = [
        one
        for stack, name in enumerate(names)
        for one in lines(whole, name, grid.axes(stack, 0), words)
    ]
    traces, binds = split(drawn)
    epochs = whole.experiments[0].length
    layout = {**grid.layout(words, epochs), "showlegend": False, "uirevision": "claims"}
    narrow = grid.placed(grid.narrow, words, epochs)
    return LiveFigure({"data": traces, "layout": layout, "narrow": narrow}, binds, [])


def title(version: str, name: str, *, several: bool, words: Words) -> str:
    bold = f"<b>{words(f'studies.study_{name}')}</b>"
    return f"{bold} · {words(f'studies.version_{version}')}" if several else bold


def lines(whole: Whole, name: tuple[str, str], axes: tuple[str, str], words: Words) -> list[Drawn]:
    cells = whole.studies[name].cells
    return [
        line(FIELD, runs, axes, Style(hue, cell_name(cell, words)))
        for cell, runs, hue in zip(cells, whole.runs[name], hues_of(cells), strict=False)
    ]
