"""Grids of one's own: values, order, and the sentences that refuse them."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.studies import (
    Axis,
    axis_of,
    axis_of_list,
    grid,
    linear,
    logarithmic,
    seconds,
    size,
)
from core.experiment import Experiment
from core.experiment.limits import EPOCHS_PER_JOB_MAX, EXPERIMENTS_PER_JOB_MAX, STUDY_SECONDS_MAX
from core.experiment.refusals import FieldError

BASE = Experiment()
RATE, MOMENTUM, HIDDEN = "optimizer.learning_rate", "optimizer.momentum", "model.hidden"


@pytest.mark.parametrize(
    ("path", "text", "values"),
    [
        (RATE, "0.1, 0.01 1e-3", (0.1, 0.01, 0.001)),
        (RATE, "0.1,0.1", (0.1,)),
        ("optimizer.kind", "sgd adam", ("sgd", "adam")),
        (HIDDEN, "50; 64,32; none", ((50,), (64, 32), ())),
        (HIDDEN, "64,32", ((64, 32),)),
        ("optimizer.nesterov", "true false", (True, False)),
        ("epochs", "10,20", (10, 20)),
    ],
)
def test_lists_are_read_by_the_rule_of_the_field(path, text, values):
    assert axis_of_list(BASE, path, text).values == values


def test_ranges_end_where_they_say():
    assert linear(BASE, RATE, 0.1, 0.5, 5).values == (0.1, 0.2, 0.3, 0.4, 0.5)
    assert logarithmic(BASE, RATE, 1.0, 1e-7, 8).values == (
        1,
        0.1,
        0.01,
        1e-3,
        1e-4,
        1e-5,
        1e-6,
        1e-7,
    )
    assert linear(BASE, RATE, 0.1, 0.5, 1).values == (0.1,)


def test_a_range_of_whole_numbers_is_rounded_without_repeats():
    plateau = BASE.replace({"schedule.kind": "plateau"})
    assert linear(plateau, "schedule.patience", 1, 4, 7).values == (1, 2, 3, 4)
    assert all(isinstance(v, int) for v in linear(plateau, "schedule.patience", 1, 4, 7).values)


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        (f"{RATE}=0.1, 0.01", (0.1, 0.01)),
        (f"{RATE} = 1e-3:1:4", (0.001, 0.01, 0.1, 1.0)),
        (f"{RATE}=1:1e-3:4", (1.0, 0.1, 0.01, 0.001)),
        (f"{RATE}=1e-3：１：4", (0.001, 0.01, 0.1, 1.0)),
        (f"{RATE}=0.1:0.5:1", (0.1,)),
        (f"{MOMENTUM}=0:0.9:4", (0.0, 0.3, 0.6, 0.9)),
        ("epochs=10:1000:3", (10, 100, 1000)),
        (f"{HIDDEN}=50; 64,32; none", ((50,), (64, 32), ())),
        ("optimizer.kind=sgd,adam", ("sgd", "adam")),
    ],
)
def test_an_axis_is_read_as_a_list_or_as_a_range(setting, values):
    assert axis_of(BASE, setting) == Axis(setting.partition("=")[0].strip(), values)


@given(st.floats(1e-7, 10), st.floats(1e-7, 10), st.integers(2, 100))
def test_a_range_runs_from_end_to_end_in_equal_ratios(low, high, count):
    values = axis_of(BASE, f"{RATE}={low}:{high}:{count}").values
    assert (values[0], values[-1]) == (pytest.approx(low, 1e-5), pytest.approx(high, 1e-5))
    assert list(values) == sorted(values, reverse=low > high)
    if count > 2 and len(values) == count:
        ratio = (high / low) ** (1 / (count - 1))
        assert values[1] / values[0] == pytest.approx(ratio, 1e-4)


def test_two_fields_make_every_combination():
    study = grid(BASE, [Axis(RATE, (0.1, 0.01)), Axis(MOMENTUM, (0.0, 0.5, 0.9))])
    assert study.varied == (RATE, MOMENTUM)
    assert len(study.cells) == 6
    assert study.cell(0.01, 0.5).label == "learning_rate=0.01 momentum=0.5"
    assert study.cell(0.01, 0.5).experiment == BASE.replace({RATE: 0.01, MOMENTUM: 0.5})
    assert study.axis(MOMENTUM) == (0.0, 0.5, 0.9)


@pytest.mark.parametrize(
    ("varied", "batches"),
    [
        (Axis("data.samples", (100, 1000)), [50, 500]),
        (Axis("data.train_fraction", (0.1, 0.9)), [100, 900]),
        (Axis("data.kind", ("moons", "digits")), [500, 898]),
        (Axis(RATE, (0.1, 0.01)), [500, 500]),
    ],
)
def test_a_batch_of_all_rows_is_all_of_each_cell(varied, batches):
    base = Experiment.from_json('{"batch_size": "all"}').replace({"epochs": 20})
    study = grid(base, [varied])
    assert [one.batch_size for one in study.experiments(seeds=2)[::2]] == batches
    assert all(cell.experiment.updates_per_epoch == 1 for cell in study.cells)
    of = size(base, {varied.path: varied.values}, times=1)
    assert of.seconds == pytest.approx(sum(seconds(one, 1) for one in study.experiments()))


def test_a_batch_of_as_many_rows_as_there_are_stays_as_it_was_given():
    study = grid(BASE.replace({"batch_size": 500}), [Axis("data.samples", (100, 5000))])
    assert [cell.experiment.batch_size for cell in study.cells] == [500, 500]


def test_a_batch_that_is_varied_is_what_each_cell_says():
    base = BASE.replace({"batch_size": "all"})
    study = grid(base, [Axis("batch_size", (32, "all")), Axis("data.samples", (100, 1000))])
    assert [cell.experiment.batch_size for cell in study.cells] == [32, 32, 50, 500]


def test_a_kind_changes_its_part_before_its_fields_do():
    study = grid(BASE, [Axis(RATE, (0.1,)), Axis("optimizer.kind", ("adam",))])
    assert study.cells[0].experiment.optimizer.kind == "adam"
    assert study.cells[0].experiment.optimizer.learning_rate == 0.1


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: axis_of_list(BASE, "optimizer.speed", "1"),
            "`optimizer.speed` must be one of the fields",
        ),
        (
            lambda: axis_of_list(BASE, MOMENTUM, "0, 7"),
            "`optimizer.momentum` must be a number .* got 7",
        ),
        (lambda: axis_of_list(BASE, MOMENTUM, ""), '1 to 100 values, not 0, got ""'),
        (lambda: axis_of_list(BASE, MOMENTUM, "0 " * 101), '100 values, not 101, got "0 0 0'),
        (lambda: axis_of_list(BASE, "changes", "[]"), r'field that holds one value, got "\[\]"'),
        (lambda: axis_of(BASE, f"{RATE}=1：２"), 'or a range LOW:HIGH:N, got "1：２"'),
        (lambda: axis_of(BASE, f"{RATE}=1：ａ：2"), 'at most 10, got "ａ"'),
        (
            lambda: axis_of_list(BASE, "schedule.decay", "0.1"),
            "schedule.kind, schedule.warmup_epochs",
        ),
        (lambda: linear(BASE, RATE, 0.1, math.nan, 3), "`optimizer.learning_rate` .* got NaN"),
        (lambda: linear(BASE, "epochs", 1, math.inf, 3), "`epochs` .* got Infinity"),
        (lambda: linear(BASE, HIDDEN, 1, 2, 3), "must be a field that holds a number"),
        (lambda: logarithmic(BASE, MOMENTUM, 0, 0.9, 3), "above 0 at both ends"),
        (lambda: logarithmic(BASE, RATE, math.nan, 1, 3), "above 0 at both ends"),
        (lambda: linear(BASE, RATE, 0.1, 1, 0), "must be given 1 to 100 values, got 0"),
        (lambda: axis_of(BASE, RATE), "must be a path and a value, path=value, got"),
        (lambda: axis_of(BASE, "speed=1:2:3"), "`speed` must be one of the fields"),
        (lambda: axis_of(BASE, f"{RATE}=1:2"), 'must be values, or a range LOW:HIGH:N, got "1:2"'),
        (lambda: axis_of(BASE, f"{RATE}=1:2:3:4"), "or a range LOW:HIGH:N"),
        (lambda: axis_of(BASE, f"{RATE}=a:1:3"), '`optimizer.learning_rate` must be .* got "a"'),
        (lambda: axis_of(BASE, f"{RATE}=0.1:1:0"), "must be given 1 to 100 values, got 0"),
        (lambda: axis_of(BASE, f"{RATE}=0.1:1:9.5"), "must be given 1 to 100 values, got 9.5"),
        (lambda: axis_of(BASE, f"{HIDDEN}=8:64:4"), "`model.hidden` must be a list"),
        (lambda: axis_of(BASE, "batch_size=8:all:3"), "`batch_size` must be "),
        (lambda: grid(BASE, []), "must be one field, or two that differ"),
        (lambda: grid(BASE, [Axis(RATE, (0.1,))] * 2), "must be one field, or two that differ"),
        (lambda: grid(BASE, [Axis("seed", (1, 2))]), "must be other than the seed"),
        (
            lambda: grid(BASE, [Axis("optimizer.kind", ("adam",)), Axis(MOMENTUM, (0.9,))]),
            "momentum",
        ),
        (lambda: grid(BASE, [Axis(RATE, (0.1,))], seeds=0), "whole number from 1 to 50, got 0"),
    ],
)
def test_bad_grids_are_refused_in_a_sentence(make, sentence):
    with pytest.raises(FieldError, match=sentence):
        make()


def many(count):
    return tuple(0.001 * (n + 1) for n in range(count))


def test_too_many_cells_are_told_with_their_time_and_the_limit():
    with pytest.raises(FieldError) as refused:
        grid(BASE, [Axis(RATE, many(60)), Axis(MOMENTUM, many(60))], seeds=10)
    assert refused.value.path == "cells"
    assert "at most 200 at 10 seeds" in str(refused.value)
    assert "60 × 60 = 3600 cells, about 4 min" in str(refused.value)


@given(st.integers(1, 50), st.integers(1, 2000), st.sampled_from([(50,), (256, 256), ()]))
def test_the_most_cells_respect_every_limit(seeds, epochs, hidden):
    base = BASE.replace({"epochs": epochs, HIDDEN: list(hidden)})
    most = size(base, {}, seeds).cells_max
    for cells, fits in ((most, True), (most + 1, False)):
        within = (
            cells * seeds <= EXPERIMENTS_PER_JOB_MAX,
            cells * seeds * epochs <= EPOCHS_PER_JOB_MAX,
            seconds(base, cells * seeds) <= STUDY_SECONDS_MAX,
        )
        assert all(within) == fits


AXES = {
    "epochs": (10, 50, 200),
    "batch_size": (8, 32, 500),
    HIDDEN: ((), (50,), (64, 64)),
    "data.samples": (100, 1000),
    "data.train_fraction": (0.1, 0.5),
    "data.centers": (2, 7),
    RATE: (0.1, 0.01),
}


@pytest.mark.parametrize("paths", [*combinations(AXES, 2)])
def test_a_grid_costs_what_its_cells_cost(paths):
    varied = {path: AXES[path] for path in paths}
    experiments = grid(BASE, [Axis(*pair) for pair in varied.items()]).experiments(seeds=3)
    of = size(BASE, varied, times=3)
    assert of.runs == len(experiments)
    assert of.epochs == sum(one.epochs for one in experiments)
    assert of.seconds == pytest.approx(sum(seconds(one, 1) for one in experiments))


def test_the_epochs_that_are_varied_are_counted_and_not_those_of_the_base():
    dear = {"epochs": (2000,), RATE: many(100)}
    assert size(BASE.replace({"epochs": 1}), dear, times=10).epochs == 2_000_000
    with pytest.raises(FieldError, match="at most 25 at 10 seeds"):
        grid(BASE.replace({"epochs": 1}), [Axis(*pair) for pair in dear.items()], seeds=10)
    cheap = [Axis("epochs", (10, 100)), Axis(RATE, many(20))]
    assert len(grid(BASE.replace({"epochs": 2000}), cheap, seeds=10).cells) == 40


def test_of_more_cells_than_may_be_handed_in_the_cost_is_estimated():
    varied = {"epochs": tuple(range(1, 101)), "data.samples": tuple(range(100, 2100, 20))}
    of = size(BASE, varied, times=1)
    assert of.is_too_large
    assert of.epochs == pytest.approx(100 * sum(range(1, 101)), rel=0.05)
