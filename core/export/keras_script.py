"""An experiment as a stand-alone Keras 3 program, as a reader would write it.

Only numbers and names from a validated description get into the text. The program draws its own
weights and batches, so its curve is one of those that other seeds would give.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from core.experiment import Experiment
from core.experiment.data import Data, Digits, Spirals
from core.experiment.network import Layer
from core.experiment.optimizers import (
    KERAS_CLASSES,
    VANISHING,
    Adagrad,
    AdamW,
    Muon,
    Optimizer,
    RmsProp,
)
from core.experiment.schedules import Plateau
from core.export.keras_classes import (
    OLD_ADAGRAD,
    OLD_RMSPROP,
    STAGES,
    WARM_UP_CALLBACK,
    WARM_UP_SCHEDULE,
)
from core.export.keras_points import data_text
from core.export.keras_rates import distinct_stages, rate_text, training_text

LINE = 88  # characters, as formatters have it
HEADER = '''"""An experiment of Learning Rate Lab for Keras 3.

The same settings, other random draws.

    pip install keras tensorflow scikit-learn
"""
'''
REPORT = """print("epoch  learning rate of its last update")
for epoch, rate in enumerate(rates, start=1):
    print(f"{epoch:5}  {rate:.6g}")
print("test accuracy:", history.history["val_accuracy"][-1])
"""
LOSSES = {"cross_entropy": "categorical_crossentropy", "squared_error": "mean_squared_error"}
NEVER_NONE = (AdamW, Muon)  # whose weight decay Keras wants as a number, be it 0
POSITIONAL = ("units", "filters", "kernel_size", "pool_size", "target_shape", "rate")


def keras_script(experiment: Experiment) -> str:
    """The program's text.

    >>> [line for line in keras_script(Experiment()).splitlines() if line.startswith("optimizer")]
    ['optimizer = keras.optimizers.SGD(0.01, momentum=0.0, nesterov=False)']
    """
    sections = (
        HEADER,
        imports(experiment.data),
        classes(experiment),
        f"keras.utils.set_random_seed({experiment.seed})\n",
        data_text(experiment.data),
        batches(experiment),
        model(experiment),
        compilation(experiment),
        training_text(experiment),
        REPORT,
    )
    return "\n".join(section for section in sections if section)


def imports(data: Data) -> str:
    numpy = "import numpy as np\n" if isinstance(data, Spirals | Digits) else ""
    points = "" if isinstance(data, Spirals) else "import sklearn.datasets\n"
    return f"import keras\n{numpy}{points}import tensorflow as tf\n"


def classes(experiment: Experiment) -> str:
    """The definitions that Keras 3 does not bring along."""
    stages, optimizer = distinct_stages(experiment), experiment.optimizer
    warm = [stage.schedule for stage in stages if stage.schedule.warmup_epochs]
    text = ""
    if isinstance(optimizer, RmsProp) and not optimizer.epsilon_inside_root:
        text += OLD_RMSPROP
    if isinstance(optimizer, Adagrad) and not optimizer.epsilon_inside_root:
        text += OLD_ADAGRAD
    if warm:
        by_hand = len(stages) == 1 and isinstance(warm[0], Plateau)
        text += WARM_UP_CALLBACK if by_hand else WARM_UP_SCHEDULE
    return text + (STAGES if len(stages) > 1 else "")


def batches(experiment: Experiment) -> str:
    """Batches in a new order every epoch; `fit` by itself repeats one after `set_random_seed`."""
    rows, seed = experiment.data.train_rows, experiment.seed
    return (
        "# In batches, in another order every epoch.\n"
        "batches = tf.data.Dataset.from_tensor_slices((x_train, y_train))\n"
        f"batches = batches.shuffle({rows}, seed={seed}).batch({experiment.batch_size})\n"
    )


def model(experiment: Experiment) -> str:
    data = experiment.data
    layers = experiment.model.layers(data.features, data.classes)
    pieces = [f"keras.Input(({data.features},))", *map(layer_text, layers)]
    return f"model = keras.Sequential([\n{lines(pieces)}])\n"


def layer_text(layer: Layer) -> str:
    """The call that makes a layer.

    >>> layer_text(Layer("Dense", {"units": 3, "kernel_regularizer": {"l2": 0.1}}))
    'keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.1))'
    """
    arguments = [
        value_text(value) if name in POSITIONAL else f"{name}={value_text(value)}"
        for name, value in layer.arguments.items()
    ]
    return f"keras.layers.{layer.kind}({', '.join(arguments)})"


def value_text(value: Any) -> str:
    if isinstance(value, dict):
        return f"keras.regularizers.L2({value['l2']})"
    return str(tuple(value)) if isinstance(value, list) else json.dumps(value)


def compilation(experiment: Experiment) -> str:
    stages = distinct_stages(experiment)
    stage = stages[0]
    text, rate = "", f"{stage.optimizer.learning_rate}"
    if len(stages) == 1 and not isinstance(stage.schedule, Plateau):
        law = rate_text(stage, experiment.updates_per_epoch)
        text, rate = (f"learning_rate = {law}\n", "learning_rate") if law else ("", rate)
    if any(getattr(one.optimizer, "momentum", 1) == VANISHING for one in stages):
        text = f"# With {VANISHING} for no momentum Keras keeps the last step for later.\n"
    return (
        f"{text}optimizer = {optimizer_text(stage.optimizer, rate)}\n"
        f'model.compile(\n    loss="{LOSSES[experiment.loss]}", optimizer=optimizer,'
        ' metrics=["accuracy"]\n)\n'
    )


def optimizer_text(optimizer: Optimizer, rate: str) -> str:
    """The optimizer with every number of its update rule."""
    old = not getattr(optimizer, "epsilon_inside_root", True)
    name = f"{'' if old else 'keras.optimizers.'}{KERAS_CLASSES[optimizer.kind]}"
    numbers = optimizer.to_dict()
    for field in ("kind", "learning_rate", "epsilon_inside_root"):
        numbers.pop(field, None)
    off = {"clipnorm"} if isinstance(optimizer, NEVER_NONE) else {"clipnorm", "weight_decay"}
    arguments = [f"{n}={v}" for n, v in numbers.items() if v or n not in off]
    line = f"{name}({', '.join([rate, *arguments])})"
    if len(line) <= LINE:
        return line
    return f"{name}(\n{lines([rate, *arguments])})"


def lines(pieces: Iterable[str]) -> str:
    """A piece a line."""
    return "".join(f"    {piece},\n" for piece in pieces)
