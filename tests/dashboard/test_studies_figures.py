"""The figures of studies, checked on their data: which records each line and band is made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from scipy import stats

from core.analysis.studies import Study
from core.experiment import Experiment
from dashboard.claims.glance import glance
from dashboard.claims.job import whole
from dashboard.lines import palette
from dashboard.lines.ends import Drawing as EndDrawing
from dashboard.lines.ends import ending
from dashboard.lines.figures import Json, LiveFigure
from dashboard.lines.groups import MOST, groups
from dashboard.lines.layout import layout
from dashboard.lines.paper import on_paper, paper_figure
from dashboard.lines.study_curves import Drawing, overlay, panels
from dashboard.lines.study_lines import names_of, study_lines, versions_of
from dashboard.settings.axis import VariedField
from dashboard.settings.studies import BANDS, BOTH, INTERVAL, OWN, SPREAD, Paper, StudiesSettings
from dashboard.settings.study_plan import plan
from dashboard.text import LANGUAGES, Words
from tests.dashboard.bands import band as band_of

ROOT = Path(__file__).parents[2]
EN = Words("en")
SEEDS = 3
TRAINED = ("learning-rate", "momentum", "decay", "patience", "optimizer")
Draw = Callable[[Study, Drawing], LiveFigure]


def ends(study: Study, drawing: Drawing) -> LiveFigure:
    """The results of a study, as its page draws them."""
    of = study_lines(study, drawing.seeds)
    words = drawing.words
    stands = layout(of.lines, names_of(study, words), versions_of(study, words))
    return ending(stands, EndDrawing(words, drawing.band, of.lines))


def drawn(draw: Draw, study: Study, seeds: int = SEEDS, band: str = SPREAD) -> LiveFigure:
    return draw(study, Drawing(seeds, band, EN))


def traces(live: LiveFigure) -> list[tuple[Json, Json]]:
    """The traces that records fill, with their binds."""
    pairs = zip(live.figure["data"], live.binds, strict=True)
    return [(trace, bind) for trace, bind in pairs if bind]


def lines(live: LiveFigure) -> list[tuple[Json, Json]]:
    return [(trace, bind) for trace, bind in traces(live) if "factors" not in bind]


def bands(live: LiveFigure) -> list[tuple[Json, Json]]:
    """The upper edge of each band, which carries its area."""
    return [
        (trace, bind) for trace, bind in traces(live) if "factors" in bind and bind["factor"] > 0
    ]


def grid_of(*axes: str, preset: str = "keras-2.3") -> Study:
    asked = tuple(VariedField.from_text(axis, Experiment()) for axis in axes)
    return plan(StudiesSettings(study=OWN, axes=asked, preset=preset))


@pytest.mark.parametrize("draw", [panels, overlay, ends])
@pytest.mark.parametrize("preset", ["keras-2.3", BOTH])
@pytest.mark.parametrize("name", TRAINED)
def test_plotly_accepts_every_figure_in_both_languages(name: str, preset: str, draw: Draw) -> None:
    for language in LANGUAGES:
        live = draw(
            plan(StudiesSettings(study=name, preset=preset)), Drawing(2, SPREAD, Words(language))
        )
        figure = json.loads(json.dumps(live.figure))
        narrow = figure.pop("narrow")
        go.Figure(figure)
        go.Figure({"data": figure["data"], "layout": {**figure["layout"], **narrow}})


@pytest.mark.parametrize("draw", [panels, overlay])
@pytest.mark.parametrize("preset", ["keras-2.3", BOTH])
@pytest.mark.parametrize("name", TRAINED)
def test_each_figure_of_a_cell_is_one_line_over_each_of_its_seeds_once(
    name: str, preset: str, draw: Draw
) -> None:
    study = plan(StudiesSettings(study=name, preset=preset))
    found = sorted((bind["field"], tuple(bind["runs"])) for _, bind in lines(drawn(draw, study)))
    cells = [tuple(range(n * SEEDS, (n + 1) * SEEDS)) for n in range(len(study.cells))]
    fields = [field for figure in study.figures for field in figure]
    assert found == sorted((field, runs) for field in fields for runs in cells)


@pytest.mark.parametrize("runs", [2, 3, 10, 50])
def test_bands_are_one_deviation_or_the_interval_of_the_mean(runs: int) -> None:
    study = plan(StudiesSettings(study="momentum"))
    interval = stats.t.ppf(0.975, runs - 1) / np.sqrt(runs)
    for kind, width in zip(BANDS, (1.0, interval), strict=True):
        factors = {bind["factor"] for _, bind in traces(drawn(panels, study, runs, kind))}
        assert sorted(factors) == pytest.approx([-width, 0.0, width])


def test_the_interval_that_the_browser_draws_is_that_of_the_table() -> None:
    values = np.random.default_rng(7).normal(0.8, 0.02, (10, 4))
    live = drawn(overlay, plan(StudiesSettings(study="momentum")), seeds=10, band=INTERVAL)
    [width] = {bind["factor"] for _, bind in bands(live)}
    high = values.mean(axis=0) + width * values.std(axis=0, ddof=1)
    np.testing.assert_allclose(high, band_of(values).high)


@pytest.mark.parametrize("draw", [panels, overlay, ends])
def test_where_runs_have_diverged_the_interval_is_that_of_the_others(draw: Draw) -> None:
    live = drawn(draw, plan(StudiesSettings(study="momentum")), seeds=10, band=INTERVAL)
    found = [bind["factors"] for _, bind in traces(live) if bind.get("factors", [0])[-1] > 0]
    assert found
    for widths in found:
        assert widths[:2] == [0, 0]
        expected = [stats.t.ppf(0.975, left - 1) / np.sqrt(left) for left in range(2, 11)]
        assert widths[2:] == pytest.approx(expected)


def test_one_seed_has_no_band() -> None:
    for draw in (panels, overlay):
        assert {bind["factor"] for _, bind in traces(drawn(draw, plan(StudiesSettings()), 1))} == {
            0.0
        }


def test_a_band_fills_down_to_its_own_lower_edge() -> None:
    live = drawn(panels, plan(StudiesSettings(study="patience")))
    for place, (trace, bind) in enumerate(zip(live.figure["data"], live.binds, strict=True)):
        if trace.get("fill") != "tonexty":
            continue
        lower = live.binds[place - 1]
        below = [-width for width in bind["factors"]]
        assert lower == {**bind, "factor": -bind["factor"], "factors": below}
        assert live.figure["data"][place - 1]["yaxis"] == trace["yaxis"]


def test_small_multiples_are_train_and_test_in_a_panel_a_value() -> None:
    live = drawn(panels, plan(StudiesSettings(study="learning-rate")))
    found = [(t["yaxis"], t["line"]["color"], b["field"]) for t, b in lines(live)]
    axes = ["y", *(f"y{n}" for n in range(2, 9))]
    kinds = ((palette.TRAIN, "accuracy"), (palette.TEST, "val_accuracy"))
    assert found == [(axis, *kind) for axis in axes for kind in kinds]


def test_patience_shows_rate_training_loss_and_training_accuracy_for_each_value() -> None:
    live = drawn(panels, plan(StudiesSettings(study="patience")))
    fields = [bind["field"] for _, bind in lines(live)]
    assert fields == ["learning_rate", "loss", "accuracy"] * 4
    names = [live.figure["layout"][axis]["title"]["text"] for axis in ("yaxis", "yaxis2", "yaxis3")]
    assert names == ["learning rate", "training loss", "training accuracy"]
    assert all(
        "type" not in axis for name, axis in live.figure["layout"].items() if "yaxis" in name
    )


def test_an_overlay_has_a_hue_a_value_test_solid_and_train_dashed() -> None:
    live = drawn(overlay, plan(StudiesSettings(study="learning-rate")))
    hues = [
        trace["line"]["color"] for trace, bind in lines(live) if bind["field"] == "val_accuracy"
    ]
    assert len(set(hues)) == 8
    for trace, bind in lines(live):
        assert (trace["line"]["dash"] != "solid") == (bind["field"] == "accuracy")
    assert {bind["field"] for _, bind in bands(live)} == {"val_accuracy"}


@pytest.mark.parametrize("draw", [panels, overlay])
def test_every_series_is_in_the_legend_once(draw: Draw) -> None:
    for name in TRAINED:
        live = drawn(draw, plan(StudiesSettings(study=name, preset=BOTH)))
        shown = [t["name"] for t in live.figure["data"] if t.get("showlegend", True)]
        assert len(shown) == len(set(shown))
        assert all(shown)


@pytest.mark.parametrize("draw", [panels, overlay])
@pytest.mark.parametrize("preset", ["keras-2.3", BOTH])
@pytest.mark.parametrize("name", TRAINED)
def test_panels_share_their_axes(name: str, preset: str, draw: Draw) -> None:
    study = plan(StudiesSettings(study=name, preset=preset))
    layout = drawn(draw, study).figure["layout"]
    figures = len(study.figures)
    for letter, each in (("x", 1), ("y", figures)):
        axes = [layout[key] for key in layout if key.startswith(f"{letter}axis")]
        firsts = [letter, *(f"{letter}{n}" for n in range(2, each + 1))]
        assert [axis.get("matches") for axis in axes[:each]] == [None] * each
        for place, axis in enumerate(axes[each:]):
            assert axis["matches"] == firsts[place % each]


@pytest.mark.parametrize("draw", [panels, overlay])
@pytest.mark.parametrize("preset", ["keras-2.3", BOTH])
@pytest.mark.parametrize("name", TRAINED)
def test_panels_never_overlap_on_a_laptop_nor_on_a_phone(
    name: str, preset: str, draw: Draw
) -> None:
    live = drawn(draw, plan(StudiesSettings(study=name, preset=preset)))
    used = {(trace["xaxis"], trace["yaxis"]) for trace, _ in traces(live)}
    check_panels(live.figure["layout"], used)
    check_panels(live.figure["narrow"], used)


def check_panels(layout: Json, panels_used: set[tuple[str, str]]) -> None:
    boxes = []
    for x, y in panels_used:
        across = layout["xaxis" + x[1:]]["domain"]
        down = layout["yaxis" + y[1:]]["domain"]
        for low, high in (across, down):
            assert 0 <= low < high <= 1
        boxes.append((*across, *down))
    for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2):
        assert b <= e or f <= a or d <= g or h <= c


def test_more_than_eight_values_are_drawn_in_eight_bands_of_neighbours() -> None:
    study = grid_of("learning_rate:log:0.0001:1:30")
    found = groups(study, SEEDS, EN)
    assert len(found) == MOST
    assert [run for group in found for run in group.runs] == list(range(30 * SEEDS))
    assert found[0].name == "1e-4 – 2.59e-4"


def test_a_grid_is_drawn_by_the_values_of_its_first_field() -> None:
    found = groups(grid_of("momentum:list:0,0.5,0.9", "learning_rate:log:0.001:1:7"), 1, EN)
    assert [group.name for group in found] == ["0", "0.5", "0.9"]
    assert [len(group.runs) for group in found] == [7, 7, 7]


def test_decay_on_paper_is_the_law_itself() -> None:
    paper = Paper(0.5, 300, (0.0, 0.01, 0.1, 1.0))
    figure = paper_figure(on_paper(paper), EN).figure
    go.Figure({"data": figure["data"], "layout": figure["layout"]})
    for trace, decay in zip(figure["data"], paper.decays, strict=True):
        np.testing.assert_allclose(trace["y"], 0.5 / (1 + decay * np.arange(300)))


def test_a_long_paper_is_drawn_with_as_many_points_as_can_be_seen() -> None:
    lines_of = on_paper(Paper(updates=10_000))
    assert all(len(trace["x"]) <= 1000 for trace in paper_figure(lines_of, EN).figure["data"])


def test_the_glance_shows_each_cell_of_each_study_over_its_seeds() -> None:
    of = whole(2, "keras-2.3")
    live = glance(of, EN)
    go.Figure({"data": live.figure["data"], "layout": live.figure["layout"]})
    shown = [[of.experiments[run] for run in bind["runs"]] for bind in live.binds if bind]
    assert shown == [cell.seeded(2) for study in of.studies.values() for cell in study.cells]
