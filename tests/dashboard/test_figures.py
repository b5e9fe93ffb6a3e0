"""Figures are checked on their data, without a browser."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from core.experiment.data import DATA
from dashboard.lines import palette
from dashboard.lines.figures import data_figure, explore_figure
from dashboard.text import LANGUAGES, Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_live_figure_has_a_bind_for_each_trace_and_plotly_accepts_it(language: str) -> None:
    live = explore_figure(Words(language), epochs=200)
    assert len(live.binds) == len(live.figure["data"])
    go.Figure(json.loads(json.dumps(live.figure)))


def test_train_is_blue_and_test_orange_and_the_ghost_is_fainter() -> None:
    live = explore_figure(Words("en"), epochs=200)
    for trace, bind in zip(live.figure["data"], live.binds, strict=True):
        field = bind["field"]
        colour = palette.TEST if field.startswith("val_") else palette.TRAIN
        colour = palette.RATE if field == "learning_rate" else colour
        assert trace["line"]["color"] == colour
        assert trace.get("opacity", 1.0) == (palette.GHOST_OPACITY if bind["ghost"] else 1.0)


def test_train_is_dashed_and_test_and_the_rate_are_solid() -> None:
    live = explore_figure(Words("en"), epochs=200)
    for trace, bind in zip(live.figure["data"], live.binds, strict=True):
        is_train = bind["field"] in ("loss", "accuracy")
        assert (trace["line"]["dash"] != "solid") == is_train


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_axis_has_a_name_whatever_stands_on_it(language: str) -> None:
    live = explore_figure(Words(language), epochs=200, updates=16, seconds=7e-5)
    layout, along = live.figure["layout"], live.figure["along"]
    axes = [axis for name, axis in layout.items() if name[1:].startswith("axis")]
    assert all(axis["title"]["text"] for axis in axes)
    assert all(one["title"] for one in along.values())
    assert set(along) | {"epochs"} == set(live.figure["options"]["x"])
    assert along["updates"]["per_epoch"] == 16


def test_every_option_has_its_words() -> None:
    live = explore_figure(Words("en"), epochs=200)
    for name, values in live.figure["options"].items():
        keys = [name] if "on" in values else [name, *(f"{name}_{value}" for value in values)]
        assert all(Words(language).has(f"chart.{key}") for key in keys for language in LANGUAGES)


def test_the_table_reads_every_column_of_the_lines() -> None:
    live = explore_figure(Words("en"), epochs=200)
    fields = {bind["field"] for bind in live.binds}
    read = [live.binds[column["trace"]] for column in live.figure["reading"]]
    assert {bind["field"] for bind in read} == fields
    assert not any(bind["ghost"] for bind in read)


def test_the_panels_share_one_epoch_axis_and_do_not_overlap() -> None:
    layout = explore_figure(Words("en"), epochs=200).figure["layout"]
    domains = sorted(layout[axis]["domain"] for axis in ("yaxis", "yaxis2", "yaxis3"))
    assert all(below[1] < above[0] for below, above in pairwise(domains))
    assert layout["hoversubplots"] == "axis"


@pytest.mark.parametrize("kind", [kind for kind in DATA if kind != "digits"])
def test_the_picture_of_the_data_shows_every_row_once_in_its_class(kind: str) -> None:
    split = DATA[kind]().load()
    figure = data_figure(split, Words("en"))
    assert len(figure["data"]) == split.classes
    assert sum(len(trace["x"]) for trace in figure["data"]) == 1000
    for look in ("symbol", "color"):
        assert len({trace["marker"][look] for trace in figure["data"]}) == split.classes


def test_digits_are_drawn_as_pictures() -> None:
    split = DATA["digits"]().load()
    sheet = np.array(data_figure(split, Words("en"))["data"][0]["z"])
    np.testing.assert_allclose(sheet[:8, :8], split.x_train[0].reshape(8, 8), atol=5e-4)
