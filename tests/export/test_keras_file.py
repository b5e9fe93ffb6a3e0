"""A trained network as a file, opened by Keras alone."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import train
from core.engine.with_keras import keras
from core.experiment import Experiment
from core.export.keras_file import write_keras

SMALL = {"epochs": 3, "data.samples": 60}


@pytest.mark.parametrize("model", [{}, {"model.batch_norm": True, "model.dropout": 0.2}])
def test_the_file_predicts_as_the_run_did_at_its_end(tmp_path, model):
    experiment = Experiment().replace({**SMALL, **model})
    assert write_keras(experiment, tmp_path / "net.keras")
    split = experiment.data.load()
    predicted = keras.saving.load_model(tmp_path / "net.keras")(split.x_test).numpy()
    [run] = train([experiment])
    share = float((predicted.argmax(1) == split.y_test).mean())
    assert share == pytest.approx(run.column("val_accuracy")[-1])
    assert np.allclose(predicted.sum(1), 1)


def test_a_run_that_diverges_leaves_no_file(tmp_path):
    wild = Experiment().replace({**SMALL, "optimizer.learning_rate": 10.0, "data.noise": 10.0})
    wild = wild.replace({"optimizer.momentum": 0.999, "epochs": 200})
    assert train([wild])[0].outcome.kind == "diverged"
    assert not write_keras(wild, tmp_path / "net.keras")
    assert not (tmp_path / "net.keras").exists()
