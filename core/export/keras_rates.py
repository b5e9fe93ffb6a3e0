"""What moves the rate in the program that a reader takes home: schedules, plateaus and changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from core.experiment import Experiment
from core.experiment.changes import Stage
from core.experiment.optimizers import with_velocity
from core.experiment.schedules import Cosine, Exponential, Plateau, Step, TimeDecay

Names = Mapping[int, str]  # of plateaus, by the epoch at which each one's schedule began


def distinct_stages(experiment: Experiment) -> list[Stage]:
    """The stages that differ from the one before, of those that the run comes to."""
    first, *later = experiment.reached_stages
    kept = [first]
    for stage in later:
        if stage._replace(first=kept[-1].first) != kept[-1]:
            kept.append(stage)
    momenta = {getattr(stage.optimizer, "momentum", None) for stage in kept}
    if len(momenta) == 1:
        return kept
    return [stage._replace(optimizer=with_velocity(stage.optimizer)) for stage in kept]


def rate_text(stage: Stage, updates: int) -> str:
    """The rate by the updates since its schedule began, so many an epoch; empty if it stays."""
    rate, warm = stage.optimizer.learning_rate, stage.schedule.warmup_epochs * updates
    law = law_text(stage, updates)
    if not warm:
        return law
    return f"WarmUp({rate}, {warm}, {law or constant(rate)})"


def constant(rate: float) -> str:
    return f"lambda update: {rate}"


def law_text(stage: Stage, updates: int) -> str:
    """The same behind the warm-up."""
    rate, schedule = stage.optimizer.learning_rate, stage.schedule
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
            left = max(stage.epochs - stage.schedule_first - schedule.warmup_epochs, 1)
            call = f"CosineDecay({rate}, {left * updates}, alpha={schedule.final_fraction})"
        case _:
            return ""
    return f"keras.optimizers.schedules.{call}"


def plateau_text(schedule: Plateau, name: str = "plateau") -> str:
    return (
        f"{name} = keras.callbacks.ReduceLROnPlateau(\n"
        f'    monitor="{schedule.monitor}", factor={schedule.factor},'
        f" patience={schedule.patience},\n"
        f"    min_delta={schedule.min_delta}, cooldown={schedule.cooldown},"
        f" min_lr={schedule.min_learning_rate},\n"
        ")\n"
    )


def training_text(experiment: Experiment) -> str:
    """The calls of `fit`, and the rate of each epoch's last update as a list."""
    stages, updates, epochs = (
        distinct_stages(experiment),
        experiment.updates_per_epoch,
        experiment.length,
    )
    if len(stages) > 1:
        return changing_text(stages, updates, epochs)
    stage = stages[0]
    if isinstance(stage.schedule, Plateau):
        return watched_text(stage, updates, epochs)
    if rate_text(stage, updates):
        last = f"range({updates - 1}, {epochs * updates}, {updates})"
        rates = f"rates = [float(learning_rate(update)) for update in {last}]\n"
    else:
        rates = f"rates = [{stage.optimizer.learning_rate}] * {epochs}\n"
    return fit_text(epochs) + rates


def watched_text(stage: Stage, updates: int, epochs: int) -> str:
    """Of a plateau; where it follows a warm-up, `fit` is called twice."""
    assert isinstance(stage.schedule, Plateau)
    rate, length = stage.optimizer.learning_rate, stage.schedule.warmup_epochs
    warm, text, first = min(length, epochs), "", ""
    if warm:
        text = fit_text(warm, f"WarmUp({rate}, {length * updates})")
        first = f"[{rate} * epoch / {length} for epoch in range(1, {warm + 1})]"
    if warm < epochs:
        text += plateau_text(stage.schedule) + fit_text(epochs, "plateau", warm)
        first += f'{" + " if first else ""}history.history["learning_rate"]'
    return f"{text}rates = {first}\n"


class Entry(NamedTuple):
    """What the program does from an epoch on, counted from 0."""

    first: int
    stage: Stage
    watched: bool  # by a plateau, which cuts the rate


def entries_of(stages: list[Stage], length: int) -> Iterator[Entry]:
    """One a stage, or two where a plateau's warm-up ends within it."""
    ends = [*(stage.first for stage in stages[1:]), length]
    for stage, end in zip(stages, ends, strict=True):
        if not isinstance(stage.schedule, Plateau):
            yield Entry(stage.first, stage, False)
            continue
        warm = stage.schedule_first + stage.schedule.warmup_epochs
        if stage.first < warm:
            yield Entry(stage.first, stage, False)
        if warm < end:
            yield Entry(max(stage.first, warm), stage, True)


def changing_text(stages: list[Stage], updates: int, length: int) -> str:
    """Of a run with changes: one `fit`, with a callback that carries them out."""
    entries = list(entries_of(stages, length))
    watched = {one.stage.schedule_first: one.stage.schedule for one in entries if one.watched}
    names = {first: f"plateau_{number}" for number, first in enumerate(watched, 1)}
    plateaus = [
        plateau_text(schedule, names[first])
        for first, schedule in watched.items()
        if isinstance(schedule, Plateau)
    ]
    lines = [entry_text(*pair, updates, names) for pair in pairwise([None, *entries])]
    return (
        f"{''.join(plateaus)}"
        "# By its first epoch, from 0, what holds in each stage: the numbers that change,\n"
        "# the rate by the updates since its schedule began, the first of these updates, and\n"
        "# what cuts the rate.\n"
        f"stages = Stages({{\n{''.join(lines)}}})\n{fit_text(length, 'stages')}"
        "rates = stages.rates\n"
    )


def entry_text(before: Entry | None, entry: Entry | None, updates: int, names: Names) -> str:
    assert entry is not None
    stage = entry.stage
    numbers = changed_numbers(before.stage if before else stage, stage)
    rate = rate_text(stage, updates) or constant(stage.optimizer.learning_rate)
    if entry.watched:
        rate = "None"
        if before is None or sets_rate(before, entry):
            numbers["learning_rate"] = stage.optimizer.learning_rate
    values = ", ".join(f'"{name}": {value}' for name, value in numbers.items())
    plateau = names[stage.schedule_first] if entry.watched else "None"
    start = stage.schedule_first * updates
    return f"    {entry.first}: ({{{values}}}, {rate}, {start}, {plateau}),\n"


def changed_numbers(before: Stage, after: Stage) -> dict[str, float]:
    """The numbers of the update rule that become others."""
    old = before.rule
    return {name: value for name, value in after.rule.items() if value != old[name]}


def sets_rate(before: Entry, entry: Entry) -> bool:
    """Whether a plateau gets a rate; otherwise it goes on with what it has made of the last one."""
    if not before.watched or before.stage.schedule_first != entry.stage.schedule_first:
        return True
    return before.stage.optimizer.learning_rate != entry.stage.optimizer.learning_rate


def fit_text(epochs: int, callback: str = "", first: int = 0) -> str:
    start = f"initial_epoch={first}, " if first else ""
    callbacks = f"    callbacks=[{callback}],\n" if callback else ""
    return (
        "history = model.fit(\n"
        f"    batches, validation_data=(x_test, y_test), {start}epochs={epochs},\n"
        f"    shuffle=False,  # which `batches` does\n{callbacks}    verbose=2,\n)\n"
    )
