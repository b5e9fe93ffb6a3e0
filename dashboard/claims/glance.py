"""The tutorial at a glance: a small chart for each study, all its values in it."""

from __future__ import annotations

from itertools import chain

from dashboard.claims.job import Whole
from dashboard.lines.curves import hues_of
from dashboard.lines.figures import LiveFigure
from dashboard.lines.names import BETWEEN, cell_name
from dashboard.lines.options import reading, with_options
from dashboard.lines.panel_grid import TITLE, Arrangement, PanelGrid
from dashboard.lines.references import measured
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
    drawn = [lines(whole, name, grid.axes(n, 0), words) for n, name in enumerate(names)]
    traces, binds = split(chain.from_iterable(drawn))
    epochs = whole.experiments[0].length
    layout = {**grid.layout(words, epochs), "showlegend": False, "uirevision": "claims"}
    narrow = grid.placed(grid.narrow, words, epochs)
    figure = {
        "data": traces,
        "layout": layout,
        "narrow": narrow,
        "reading": reading([*chain.from_iterable(drawn)]),
    }
    roles = grid.roles(["accuracy"])
    runs = (chain.from_iterable(whole.runs[name]) for name in names)
    figure |= measured(
        dict(zip(roles["accuracy"], runs, strict=True)), whole.experiments, within=True
    )
    return with_options(LiveFigure(figure, binds, []), roles, whole.experiments, words)


def title(version: str, name: str, *, several: bool, words: Words) -> str:
    bold = f"<b>{words(f'studies.study_{name}')}</b>"
    return BETWEEN.join((bold, words(f"studies.version_{version}"))) if several else bold


def lines(whole: Whole, name: tuple[str, str], axes: tuple[str, str], words: Words) -> list[Drawn]:
    """The lines of one study, which are read out together."""
    cells, versions = whole.studies[name].cells, {version for version, _ in whole.studies}
    of = BETWEEN.join((words(f"studies.study_{name[1]}"), words(f"studies.version_{name[0]}")))
    panel = of if len(versions) > 1 else words(f"studies.study_{name[1]}")
    drawn = [
        (line(FIELD, runs, axes, Style(hue, cell_name(cell, words))), cell_name(cell, words))
        for cell, runs, hue in zip(cells, whole.runs[name], hues_of(cells), strict=False)
    ]
    return [one._replace(column=BETWEEN.join((panel, value)), panel=panel) for one, value in drawn]
