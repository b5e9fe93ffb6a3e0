"""An experiment as a stand-alone Keras 3 program, as a reader would write it.

Only numbers and names from a validated description get into the text. The program draws its own
weights and batches, so its curve is one of those that other seeds would give.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.experiment import Experiment
from core.experiment.data import Blobs, Circles, Data, Digits, Moons, Spirals
from core.experiment.network import Network
from core.experiment.optimizers import Adagrad, Adam, Optimizer, RmsProp, Sgd
from core.experiment.schedules import (
    Constant,
    Cosine,
    Exponential,
    Plateau,
    Schedule,
    Step,
    TimeDecay,
)
from core.export.keras_classes import (
    CONSTANT_SCHEDULE,
    OLD_ADAGRAD,
    OLD_RMSPROP,
    WARM_UP_CALLBACK,
    WARM_UP_SCHEDULE,
)

HEADER = '''"""An experiment of Learning Rate Lab for Keras 3.

    pip install keras tensorflow scikit-learn
"""
'''
REPORT = """print("test accuracy:", history.history["val_accuracy"][-1])
"""


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
        data(experiment.data),
        batches(experiment),
        model(experiment),
        training(experiment),
        REPORT,
    )
    return "\n".join(section for section in sections if section)


def imports(data: Data) -> str:
    numpy = "import numpy as np\n" if isinstance(data, Spirals | Digits) else ""
    points = "" if isinstance(data, Spirals) else "import sklearn.datasets\n"
    return f"import keras\n{numpy}{points}import tensorflow as tf\n"


def classes(experiment: Experiment) -> str:
    """The definitions that Keras 3 does not bring along."""
    optimizer, schedule = experiment.optimizer, experiment.schedule
    text = ""
    if isinstance(optimizer, RmsProp) and not optimizer.epsilon_inside_root:
        text += OLD_RMSPROP
    if isinstance(optimizer, Adagrad) and not optimizer.epsilon_inside_root:
        text += OLD_ADAGRAD
    if schedule.warmup_epochs and isinstance(schedule, Constant):
        text += CONSTANT_SCHEDULE
    if schedule.warmup_epochs:
        text += WARM_UP_CALLBACK if isinstance(schedule, Plateau) else WARM_UP_SCHEDULE
    return text


def batches(experiment: Experiment) -> str:
    """Batches in a new order every epoch; `fit` by itself repeats one after `set_random_seed`."""
    rows, seed = experiment.data.train_rows, experiment.seed
    return (
        "# In batches, in another order every epoch.\n"
        "batches = tf.data.Dataset.from_tensor_slices((x_train, y_train))\n"
        f"batches = batches.shuffle({rows}, seed={seed}).batch({experiment.batch_size})\n"
    )


def data(data: Data) -> str:
    rows, count = data.train_rows, data.classes
    return (
        f"# The data: the first {rows} rows train, the others test.\n"
        f"{POINTS[type(data)](data)}"
        f"y = keras.utils.to_categorical(y, {count})\n"
        f"x_train, x_test = x[:{rows}], x[{rows}:]\n"
        f"y_train, y_test = y[:{rows}], y[{rows}:]\n"
    )


def blobs(data: Blobs) -> str:
    return (
        "x, y = sklearn.datasets.make_blobs(\n"
        f"    n_samples={data.samples}, centers={data.centers}, n_features=2,"
        f" cluster_std={data.noise}, random_state={data.seed}\n"
        ")\n"
    )


def moons(data: Moons) -> str:
    return (
        "x, y = sklearn.datasets.make_moons("
        f"n_samples={data.samples}, noise={data.noise}, random_state={data.seed})\n"
    )


def circles(data: Circles) -> str:
    return (
        "x, y = sklearn.datasets.make_circles(\n"
        f"    n_samples={data.samples}, noise={data.noise}, factor=0.5,"
        f" random_state={data.seed}\n"
        ")\n"
    )


def spirals(data: Spirals) -> str:
    return (
        f"random = np.random.default_rng({data.seed})\n"
        f"y = np.arange({data.samples}) % {data.arms}\n"
        f"radius = np.sqrt(random.uniform(0.02, 1.0, {data.samples}))\n"
        f"angle = 3 * np.pi * radius + 2 * np.pi * y / {data.arms}\n"
        "x = 3 * radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])\n"
        f"x += random.normal(0.0, {data.noise}, x.shape)\n"
        f"order = random.permutation({data.samples})\n"
        "x, y = x[order], y[order]\n"
    )


def digits(data: Digits) -> str:
    return (
        "x, y = sklearn.datasets.load_digits(return_X_y=True)\n"
        f"order = np.random.default_rng({data.seed}).permutation(len(x))\n"
        "x, y = x[order] / 16.0, y[order]\n"
    )


POINTS: dict[type[Data], Callable[[Any], str]] = {
    Blobs: blobs,
    Moons: moons,
    Circles: circles,
    Spirals: spirals,
    Digits: digits,
}


def model(experiment: Experiment) -> str:
    network, data = experiment.model, experiment.data
    layers = [f"    keras.Input(({data.features},)),\n"]
    layers += [f"    {hidden_layer(network, units)},\n" for units in network.hidden]
    layers += [f'    keras.layers.Dense({data.classes}, activation="softmax"),\n']
    return f"model = keras.Sequential([\n{''.join(layers)}])\n"


def hidden_layer(network: Network, units: int) -> str:
    start = ', kernel_initializer="he_uniform"' if network.activation == "relu" else ""
    return f'keras.layers.Dense({units}, activation="{network.activation}"{start})'


def training(experiment: Experiment) -> str:
    optimizer, schedule = experiment.optimizer, experiment.schedule
    rate = f"{optimizer.learning_rate}"
    text = ""
    if not isinstance(schedule, Plateau) and (law := schedule_text(experiment)):
        text, rate = f"learning_rate = {law}\n", "learning_rate"
    return (
        f"{text}optimizer = {optimizer_text(optimizer, rate)}\n"
        'model.compile(loss="categorical_crossentropy", optimizer=optimizer,'
        ' metrics=["accuracy"])\n' + fits(experiment)
    )


def optimizer_text(optimizer: Optimizer, rate: str) -> str:
    """The optimizer with every number of its update rule."""
    name, fields = {
        Sgd: ("SGD", ("momentum", "nesterov")),
        RmsProp: ("RMSprop", ("rho", "epsilon")),
        Adagrad: ("Adagrad", ("initial_accumulator_value", "epsilon")),
        Adam: ("Adam", ("beta_1", "beta_2", "epsilon")),
    }[type(optimizer)]
    old = not getattr(optimizer, "epsilon_inside_root", True)
    numbers = "".join(f", {field}={getattr(optimizer, field)}" for field in fields)
    return f"{'' if old else 'keras.optimizers.'}{name}({rate}{numbers})"


def schedule_text(experiment: Experiment) -> str:
    """The law of the rate; empty where it is constant."""
    schedule, rate = experiment.schedule, experiment.optimizer.learning_rate
    warm = schedule.warmup_epochs * experiment.updates_per_epoch
    if not warm:
        return law(experiment, schedule)
    after = law(experiment, schedule) or f"Constant({rate})"
    return f"WarmUp({rate}, {warm}, {after})"


def law(experiment: Experiment, schedule: Schedule) -> str:
    rate, updates = experiment.optimizer.learning_rate, experiment.updates_per_epoch
    match schedule:
        case TimeDecay():
            call = f"InverseTimeDecay({rate}, decay_steps=1, decay_rate={schedule.decay})"
        case Step():
            steps = f"{schedule.every_epochs * updates}, {schedule.factor}, staircase=True"
            call = f"ExponentialDecay({rate}, {steps})"
        case Exponential():
            steps = f"{schedule.every_epochs * updates}, {schedule.decay_rate}"
            call = f"ExponentialDecay({rate}, {steps})"
        case Cosine():
            left = max(experiment.epochs - schedule.warmup_epochs, 1)
            call = f"CosineDecay({rate}, {left * updates}, alpha={schedule.final_fraction})"
        case _:
            return ""
    return f"keras.optimizers.schedules.{call}"


def fits(experiment: Experiment) -> str:
    """One call of `fit`; where a plateau follows a warm-up, two."""
    schedule, epochs = experiment.schedule, experiment.epochs
    if not isinstance(schedule, Plateau):
        return fit(experiment, epochs)
    warm = min(schedule.warmup_epochs, epochs)
    text = ""
    if warm:
        updates = schedule.warmup_epochs * experiment.updates_per_epoch
        text = fit(experiment, warm, f"WarmUp({experiment.optimizer.learning_rate}, {updates})")
    if warm == epochs:
        return text
    return text + watched(schedule) + fit(experiment, epochs, "plateau", first=warm)


def watched(schedule: Plateau) -> str:
    return (
        "plateau = keras.callbacks.ReduceLROnPlateau(\n"
        f'    monitor="{schedule.monitor}", factor={schedule.factor},'
        f" patience={schedule.patience},\n"
        f"    min_delta={schedule.min_delta}, cooldown={schedule.cooldown},"
        f" min_lr={schedule.min_learning_rate},\n"
        ")\n"
    )


def fit(experiment: Experiment, epochs: int, callback: str = "", first: int = 0) -> str:
    start = f"initial_epoch={first}, " if first else ""
    callbacks = f"    callbacks=[{callback}],\n" if callback else ""
    return (
        "history = model.fit(\n"
        f"    batches, validation_data=(x_test, y_test), {start}epochs={epochs}, verbose=2,\n"
        f"{callbacks})\n"
    )
