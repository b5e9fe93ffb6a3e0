"""The figures of a study that is trained: small multiples, or all values in one chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.analysis.studies import Study
from dashboard.lines import palette
from dashboard.lines.curves import hues_of
from dashboard.lines.figures import TRAIN_DASH, Json, LiveFigure
from dashboard.lines.formats import PERCENT
from dashboard.lines.groups import Group, groups
from dashboard.lines.names import BETWEEN, varied_name
from dashboard.lines.options import read, reading, with_options
from dashboard.lines.panel_grid import Arrangement, PanelGrid, Scale
from dashboard.lines.references import measured
from dashboard.lines.traces import (
    NEUTRAL,
    THIN,
    WIDTH,
    Drawn,
    Style,
    band,
    band_sample,
    line,
    named_once,
    sample,
    split,
)
from dashboard.settings.study_plan import experiments
from dashboard.text import Words

TEST_PREFIX = "val_"
LEFT, NARROW_LEFT = 56, 46  # px for the ticks and names of the y axes
LEGEND, VALUES_LEGEND = 30, 96  # px; on a phone eight values take three lines
NARROW_GAP = 0.08


class Drawing(NamedTuple):
    """What a figure is drawn of, besides the study."""

    seeds: int
    band: str  # spread or interval
    words: Words


def panels(study: Study, drawing: Drawing) -> LiveFigure:
    """Small multiples as the tutorial draws them: a panel a value, train and test, shared axes."""
    found, words = groups(study, drawing.seeds, drawing.words), drawing.words
    grid = panel_grid(study, found, words)
    drawn: list[Drawn] = []
    for stack, group in enumerate(found):
        for number, fields in enumerate(study.figures):
            axes = grid.axes(stack, number)
            drawn += panel(group, full_name(group, study, words), fields, axes, drawing)
    drawn += bands_said(found, drawing)
    runs = [group.runs for group in found]
    return assemble(drawn, grid, study, drawing, f"panels {study.name}", runs)


def panel(
    group: Group, name: str, fields: Sequence[str], axes: tuple[str, str], drawing: Drawing
) -> Iterable[Drawn]:
    """Train in blue and test in orange, each a line on its band."""
    styles = {field: style(field, drawing.words) for field in fields}
    for field, look in styles.items():
        yield from band(
            field, group.runs, axes, look._replace(name="", group=look.name), drawing.band
        )
    for field, look in styles.items():
        yield read(line(field, group.runs, axes, look), name, drawing.words, panel=name)


def full_name(group: Group, study: Study, words: Words) -> str:
    """What a table calls a group: a value of one field with that field."""
    value = group.name
    if len(plain(study)) == 1:
        field = varied_name(study.varied, words)
        value = words("studies.spoken_one", field=field, value=value)
    return BETWEEN.join(filter(None, (value, group.version)))


def style(field: str, words: Words) -> Style:
    """The colour and the name of a field where colour tells train from test."""
    if field == "learning_rate":
        return Style(palette.RATE, words("studies.rate_line"))
    if field.startswith(TEST_PREFIX):
        return Style(palette.TEST, words("studies.test"))
    return Style(palette.TRAIN, words("studies.train"))


def overlay(study: Study, drawing: Drawing) -> LiveFigure:
    """All values in one chart, a hue each: test solid on its band, train dashed."""
    found, words = groups(study, drawing.seeds, drawing.words), drawing.words
    grid = overlay_grid(study, found, words)
    drawn: list[Drawn] = []
    versions = list(dict.fromkeys(group.version for group in found))
    hues = hues_of(study.cells[: len(found) // len(versions)])
    for group in found:
        stack = versions.index(group.version)
        for number, fields in enumerate(study.figures):
            axes = grid.axes(stack, number)
            name = full_name(group, study, words)
            drawn += hue(group, name, hues[group.place], fields, axes, drawing)
    drawn += [sample(one) for one in kinds_of_line(study, words)] + bands_said(found, drawing)
    runs = [[run for of in found if of.version == one for run in of.runs] for one in versions]
    live = assemble(drawn, grid, study, drawing, f"overlay {study.name}", runs)
    title = {"text": varied_name(study.varied, words), "font": {"size": 13}}
    live.figure["layout"]["legend"]["title"] = title
    return live


def hue(
    group: Group,
    full: str,
    colour: str,
    fields: Sequence[str],
    axes: tuple[str, str],
    drawing: Drawing,
) -> Iterable[Drawn]:
    """One value: the field that counts on its band, and beside it the one of training, dashed."""
    main = fields[-1]
    yield from band(main, group.runs, axes, Style(colour, group=group.name), drawing.band)
    for field in fields:
        name = group.name if field == main else ""
        width = THIN if is_training(field) else WIDTH
        drawn = line(field, group.runs, axes, Style(colour, name, group.name, width))
        yield read(drawn, full, drawing.words)


def bands_said(found: Sequence[Group], drawing: Drawing) -> list[Drawn]:
    """The legend's entry for the bands, where there are any."""
    if all(len(group.runs) < 2 for group in found):
        return []
    return [band_sample(drawing.words(f"studies.legend_{drawing.band}"))]


def is_training(field: str) -> bool:
    return field in ("loss", "accuracy")


def kinds_of_line(study: Study, words: Words) -> list[Style]:
    """Legend entries for solid and dashed, where both are there."""
    fields = {field for figure in study.figures for field in figure}
    if not any(field.startswith(TEST_PREFIX) for field in fields):
        return []
    test, train = words("studies.test"), words("studies.train")
    return [Style(NEUTRAL, test), Style(NEUTRAL, train, dash=TRAIN_DASH)]


def panel_grid(study: Study, found: Sequence[Group], words: Words) -> PanelGrid:
    versions = len({group.version for group in found})
    values, one = len(found) // versions, len(study.figures) == 1
    most = 4 if not one or versions > 1 or values > 6 else 3 if values > 4 else 2
    field = varied_name(study.varied, words) if len(plain(study)) == 1 else ""
    titles = [panel_title(group) for group in found]
    if versions == 1:
        titles = [f"<b>{field} {title}</b>" for title in titles]
    return PanelGrid(
        stacks=len(found),
        scales=scales(study, words),
        versions=versions,
        wide=Arrangement(titles, min(values, most), 178 if one else 138, LEGEND, LEFT),
        narrow=Arrangement(titles, min(len(found), 2), 118, LEGEND, NARROW_LEFT, NARROW_GAP, 3),
    )


def overlay_grid(study: Study, found: Sequence[Group], words: Words) -> PanelGrid:
    versions = list(dict.fromkeys(group.version for group in found))
    one, names = len(study.figures) == 1, [version and f"<b>{version}</b>" for version in versions]
    return PanelGrid(
        stacks=len(versions),
        scales=scales(study, words),
        versions=len(versions),
        wide=Arrangement(names, len(versions), 430 if one else 138, LEGEND, LEFT),
        narrow=Arrangement(names, 1, 280 if one else 150, VALUES_LEGEND, NARROW_LEFT),
    )


def plain(study: Study) -> list[str]:
    """What is varied, the version of Keras left out."""
    return [path for path in study.varied if path != "preset"]


def panel_title(group: Group) -> str:
    """What stands above a panel: "0.9", and the version of Keras where two are shown."""
    return f"<b>{group.name}</b> · {group.version}" if group.version else group.name


def scales(study: Study, words: Words) -> list[Scale]:
    """The y axis of each figure, linear as in the tutorial."""
    return [scale(field, study, words) for field in merits(study)]


def merits(study: Study) -> list[str]:
    """What each figure is about: "accuracy" of training and test alike."""
    return [fields[-1].removeprefix(TEST_PREFIX) for fields in study.figures]


def scale(field: str, study: Study, words: Words) -> Scale:
    axes: dict[str, Json] = {
        "accuracy": {"range": [0, 1.02], "tickformat": PERCENT, "dtick": 0.25},
        "loss": {"rangemode": "tozero", "nticks": 5},
        "learning_rate": {"range": [0, 1.06 * highest_rate(study)], "nticks": 5},
    }
    only_training = (field,) in study.figures and field != "learning_rate"
    return Scale(words(f"studies.{'training_' * only_training}{field}"), axes[field])


def highest_rate(study: Study) -> float:
    return max(cell.experiment.optimizer.learning_rate for cell in study.cells)


def assemble(
    drawn: Sequence[Drawn],
    grid: PanelGrid,
    study: Study,
    drawing: Drawing,
    revision: str,
    runs: Sequence[Sequence[int]],
) -> LiveFigure:
    """The figure with its options, and with its other form on a phone; each stack has its runs."""
    words, trained = drawing.words, experiments(study, drawing.seeds)
    traces, binds = split(named_once(drawn))
    epochs = max(cell.experiment.length for cell in study.cells)
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yref": "container"}
    legend["yanchor"] = "top"
    layout = {**grid.layout(words, epochs), "legend": legend, "uirevision": revision}
    narrow = {**grid.placed(grid.narrow, words, epochs), "legend": {**legend}}
    figure = {"data": traces, "layout": layout, "narrow": narrow, "reading": reading(drawn)}
    roles = grid.roles(merits(study))
    roles.pop("learning_rate", None)  # linear, as in the tutorial
    accuracies = dict(zip(roles.get("accuracy", ()), runs, strict=False))
    figure |= measured(accuracies, trained, within=True)
    return with_options(LiveFigure(figure, binds, []), roles, trained, words)
