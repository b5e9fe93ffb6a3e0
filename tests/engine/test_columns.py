"""The row of epoch 0, and columns that are measured beside the usual ones, in both engines."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import train
from core.engine.columns import EXTRA
from core.engine.compiled import Session
from core.engine.evaluation import first_figures
from core.engine.keras_fit import fit
from core.engine.keras_models import keras_model
from core.engine.measures import MEASURES
from core.experiment.experiment import LOSSES
from core.experiment.records import COLUMNS
from tests.engine.problems import ALL_THREE, MODELS, SMALL, optimizer

SGD = SMALL.replace({"optimizer": optimizer("sgd"), "epochs": 3})
ALL = COLUMNS + EXTRA
ENGINES = ["compiled", "keras"]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("model", ["dense", "no hidden layer", "all three", "conv, all three"])
def test_the_figures_before_training_are_what_keras_evaluates(model, loss):
    one = SGD.replace(MODELS.get(model, {}) | {"loss": loss})
    split = one.data.load()
    model = keras_model(one)
    name = {"cross_entropy": "categorical_crossentropy", "squared_error": "mse"}[loss]
    model.compile(loss=name, metrics=["accuracy"])
    figures = []
    for x, y in ((split.x_train, split.y_train), (split.x_test, split.y_test)):
        targets = np.eye(split.classes, dtype=np.float32)[y]
        figures += model.evaluate(x, targets, batch_size=len(x), verbose=0)
    np.testing.assert_allclose(first_figures(one), figures, rtol=1e-5)


def test_the_row_of_epoch_0_holds_these_figures_and_the_first_updates_rate():
    one = SGD.replace({"schedule": {"kind": "cosine", "warmup_epochs": 2}})
    (chunk, *_) = Session([one]).advance(1e-9)
    rate = np.float32(one.optimizer.learning_rate / (2 * one.updates_per_epoch))
    assert chunk.records[0].tolist() == [0, 0, rate, *first_figures(one)]


def test_each_runs_first_chunk_begins_with_epoch_0_and_no_other_does():
    session = Session([SGD, SGD.replace({"seed": 1}), SGD.replace({"epochs": 1})])
    firsts: dict[int, list[float]] = {0: [], 1: [], 2: []}
    while not session.done:
        for chunk in session.advance(1e-9):
            firsts[chunk.run].append(chunk.records[0, 0])
    assert firsts == {0: [0, 2, 3], 1: [0, 2, 3], 2: [0]}


def test_what_is_measured_is_named_once():
    assert tuple(MEASURES) == EXTRA


def test_extra_columns_stand_behind_the_usual_ones_and_change_none_of_these():
    (plain,), (run,) = train([SGD]), train([SGD], columns=ALL)
    assert run.columns == ALL
    assert run.records.shape == (3, len(ALL))
    np.testing.assert_array_equal(run.records[:, : len(COLUMNS)], plain.records)
    np.testing.assert_array_equal(run.start[: len(COLUMNS)], plain.start)
    finite = [name for name in EXTRA if name != "preconditioned_sharpness"]
    for name in finite:
        assert np.isfinite(run.column(name)).all()


@pytest.mark.parametrize(
    "changes",
    [ALL_THREE, {"optimizer": optimizer("adam")}],
    ids=["all three", "adam"],
)
def test_both_engines_measure_the_same(changes):
    one = SGD.replace(changes)
    (ours,), reference = train([one], columns=ALL), fit(one, columns=ALL)
    np.testing.assert_allclose(ours.start, reference.start, rtol=1e-4)
    np.testing.assert_allclose(ours.records, reference.records, rtol=1e-4)
    adam = one.optimizer.kind == "adam"
    assert np.isfinite(ours.column("preconditioned_sharpness")).all() == adam
    assert np.isnan(ours.start[-1])


def test_measured_figures_are_those_that_keras_evaluates_after_the_epoch():
    """The running means of an epoch are something else: weights move under them, and dropout."""
    one = SGD.replace(ALL_THREE)
    (run,) = train([one], columns=(*COLUMNS, "measured_loss", "measured_accuracy"))
    assert run.start[-2] == run.start[COLUMNS.index("loss")]
    assert run.start[-1] == run.start[COLUMNS.index("accuracy")]
    apart = np.abs(run.column("measured_loss") - run.column("loss"))
    assert (apart > 1e-3).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ((*COLUMNS, "sharpnes"), "Session: columns must be among measured_loss, .*, got sharpnes"),
        (EXTRA, "Records: columns must begin with epoch, .*, got measured_loss"),
        ((*COLUMNS, "sharpness", "sharpness"), "Records: columns must be named .* each once"),
    ],
)
def test_a_column_that_nobody_measures_is_refused_by_name(engine, columns, sentence):
    with pytest.raises(ValueError, match=sentence):
        train([SGD], engine, columns=columns)
