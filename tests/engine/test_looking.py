"""Looking into a run: what is seen is what the run was, and nothing is seen that it was not."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import train
from core.engine.keras_models import keras_model
from core.engine.looking import WHATS, Look, look
from core.engine.measures import MEASURES
from core.experiment.randomness import batch_order, initial_weights
from core.experiment.records import COLUMNS
from core.experiment.refusals import FieldError
from tests.engine.problems import ALL_THREE, MODELS, SMALL, optimizer

SGD = SMALL.replace({"optimizer": optimizer("sgd")})
WILD = SMALL.replace({"optimizer.learning_rate": 10.0, "data.noise": 10.0})
GRID = np.random.default_rng(6).normal(0, 5, (30, 2)).astype(np.float32)


def seen(experiment, what, epochs, **options):
    return {sight.epoch: sight.arrays for sight in look(experiment, Look(what, epochs, **options))}


@pytest.mark.parametrize("changes", [{}, ALL_THREE], ids=["dense", "all three"])
def test_weights_by_epoch_are_those_of_the_snapshots_and_begin_with_the_initial_ones(changes):
    one = SGD.replace(changes)
    epochs = [0, 1, 7, 20]
    weights, snapshots = seen(one, "weights", epochs), seen(one, "snapshot", epochs)
    assert list(weights) == list(snapshots) == epochs
    for epoch in epochs:
        for name, array in weights[epoch].items():
            np.testing.assert_array_equal(array, snapshots[epoch][name])
    first = initial_weights(one)
    assert list(weights[0]) == [f"weight.{n}" for n in range(len(first))]
    for name, array in zip(weights[0], first, strict=True):
        np.testing.assert_array_equal(weights[0][name], array)
    assert all((weights[1][name] != weights[0][name]).any() for name in weights[0])


@pytest.mark.parametrize("changes", [{}, ALL_THREE], ids=["dense", "all three"])
def test_weights_are_those_that_the_records_come_from(changes):
    """A Keras model with them validates as the record of the epoch says."""
    one = SGD.replace(changes)
    (run,) = train([one])
    split = one.data.load()
    model = keras_model(one)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    for epoch, arrays in seen(one, "weights", [3, 20]).items():
        model.set_weights(list(arrays.values()))
        figures = model.evaluate(split.x_test, split.y_test, batch_size=50, verbose=0)
        expected = [run.column(name)[epoch - 1] for name in ("val_loss", "val_accuracy")]
        np.testing.assert_allclose(figures, expected, rtol=1e-5)


@pytest.mark.parametrize("name", [None, "no hidden layer", "all three"])
def test_predictions_are_those_of_a_keras_model_with_the_weights_of_the_epoch(name):
    one = SGD.replace(MODELS[name] if name else {})
    model = keras_model(one)
    weights = seen(one, "weights", [0, 4])
    for epoch, arrays in seen(one, "predictions", [0, 4], inputs=GRID).items():
        model.set_weights(list(weights[epoch].values()))
        np.testing.assert_allclose(
            arrays["probabilities"], model(GRID, training=False), rtol=1e-5, atol=1e-7
        )


@pytest.mark.parametrize("name", [None, "conv, all three"])
def test_the_losses_of_an_epochs_updates_make_up_the_loss_of_the_epoch(name):
    one = SGD.replace(MODELS[name] if name else {})
    sizes = np.full(one.updates_per_epoch, one.batch_size)
    sizes[-1] -= sizes.sum() - one.data.train_rows
    (run,) = train([one])
    for epoch, arrays in seen(one, "update_losses", [1, 2, one.length]).items():
        mean = (arrays["losses"] * sizes).sum() / sizes.sum()
        assert mean == pytest.approx(run.column("loss")[epoch - 1], rel=1e-6)
        assert len(set(arrays["losses"])) == len(sizes)


def test_an_updates_loss_is_that_of_its_batch_before_it():
    """Worked out for the first update of a softmax without hidden layers."""
    one = SGD.replace({"model.hidden": []})
    split, (kernel, bias) = one.data.load(), initial_weights(one)
    rows = batch_order(50, range(1), one.seed)[0][:16]
    odds = np.exp(split.x_train[rows].astype(np.float64) @ kernel + bias)
    right = odds[np.arange(16), split.y_train[rows]] / odds.sum(1)
    losses = seen(one, "update_losses", [1])[1]["losses"]
    assert losses[0] == pytest.approx(-np.log(right).mean(), rel=1e-6)


def test_before_the_first_update_there_is_no_updates_loss():
    assert seen(SGD, "update_losses", [0])[0]["losses"].shape == (0,)


def test_epochs_are_seen_in_order_and_each_once():
    assert list(seen(SGD, "weights", [5, 0, 5, 2])) == [0, 2, 5]


def test_a_look_ends_where_the_run_diverges():
    (run,) = train([WILD])
    assert run.outcome.kind == "diverged"
    last = run.outcome.epoch - 1
    epochs = [0, last, last + 1, last + 2, 20]
    assert list(seen(WILD, "weights", epochs)) == sorted({0, last})


def test_a_look_ends_when_it_is_told_to_stop():
    asked = iter([False, False, True])
    sights = look(SGD, Look("weights", range(21)), lambda: next(asked))
    assert [sight.epoch for sight in sights] == [0, 1, 2]  # none is asked about before epoch 0


def test_what_is_a_number_is_what_the_column_of_that_name_says():
    names = ("measured_loss", "gradient_norm")
    (run,) = train([SGD], columns=COLUMNS + names)
    for name in names:
        for epoch, arrays in seen(SGD, name, [1, 9]).items():
            assert float(arrays[name]) == run.column(name)[epoch - 1]


def test_whatever_is_measured_can_be_looked_at():
    assert set(MEASURES) < set(WHATS)


@pytest.mark.parametrize("epochs", [[], [-1], [21], [0, 5, 400]])
def test_epochs_that_the_run_does_not_have_are_refused(epochs):
    with pytest.raises(FieldError, match=r"^Look: `epochs` must be some from 0 to 20, got \["):
        look(SGD, Look("weights", epochs))


@pytest.mark.parametrize(
    ("what", "inputs", "sentence"),
    [
        ("curvature", None, 'Look: `what` must be one of weights, .*, got "curvature"'),
        (
            "predictions",
            None,
            "Look: `inputs` must be rows of 2 numbers, for predictions alone",
        ),
        ("weights", GRID, "Look: `inputs` must be rows of 2 numbers, for predictions alone"),
        ("predictions", np.ones((4, 3)), r"rows of 2 numbers, .*, got \[4, 3\]\."),
        ("predictions", [1.0, 2.0], r"rows of 2 numbers, .*, got \[2\]\."),
        ("predictions", [[1, 2], [3]], r"rows of 2 numbers, .*, got \[\[1, 2\], \[3\]\]\."),
        ("predictions", [["a", "b"]], r'rows of 2 numbers, .*, got \[\["a", "b"\]\]\.'),
        ("predictions", [[0, np.nan]], r"Look: `inputs` must be finite numbers, .*, got NaN\."),
        ("predictions", [[-np.inf, 0]], r"must be finite numbers, .*, got -Infinity\."),
        ("predictions", [[0, 1e300]], r"finite .* as single precision holds them, got 1e\+300\."),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_by_name_where_it_is_asked_for(what, inputs, sentence):
    with pytest.raises(FieldError, match=sentence):
        look(SGD, Look(what, [0], inputs))
