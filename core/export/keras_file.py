"""A trained network as a `.keras` file, that any Keras 3 opens without this program."""

from __future__ import annotations

import warnings
from pathlib import Path

from core.engine.looking import Look, look
from core.experiment import Experiment

SUFFIX = ".keras"


def write_keras(experiment: Experiment, file: Path) -> bool:
    """Train the experiment and write its network; False where it diverges, and nothing is written.

    The network is not compiled: `model.compile` takes the optimizer of whoever goes on with it.
    Raises `OSError` where the file cannot be written. Loads TensorFlow.
    """
    from core.engine.keras_models import keras_model

    sights = list(look(experiment, Look("weights", [experiment.length])))
    if not sights:
        return False
    model = keras_model(experiment)
    model.set_weights(list(sights[0].arrays.values()))
    with warnings.catch_warnings():  # NumPy 2 minds how Keras 3.15 reads TensorFlow's variables
        warnings.simplefilter("ignore", DeprecationWarning)
        model.save(file)
    return True
