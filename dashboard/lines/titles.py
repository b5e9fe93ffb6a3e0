"""An experiment in a line of words, for the top of a picture."""

from __future__ import annotations

from typing import Any

from core.experiment import Experiment
from core.experiment.records import flat, varying
from dashboard.settings.changes import changes_text
from dashboard.settings.experiment import name_of
from dashboard.text import Words
from dashboard.text.numbers import rate
from dashboard.text.phrases import lower_first

DIGITS = 6  # of a number
ALWAYS = ("optimizer.kind", "optimizer.learning_rate", "data.kind", "epochs", "seed")


def title(experiment: Experiment, words: Words) -> str:
    """Optimizer, rate, data, epochs and seed, and all that is not as in the tutorial.

    >>> title(Experiment().replace({"optimizer.momentum": 0.9}), Words("en"))
    'SGD, learning rate 0.01, momentum 0.9, blobs, 200 epochs, seed 0'
    """
    values = flat(experiment.to_dict())
    unusual = [path for path in varying([Experiment(), experiment]) if path in values]
    order = sorted(unusual, key=lambda path: path.partition(".")[0] != "optimizer")
    told = [path for path in order if path not in ALWAYS and path != "changes"]
    own = [path for path in told if path.startswith("optimizer.")]
    others = [path for path in told if path not in own]
    paths = [*ALWAYS[:2], *own, ALWAYS[2], *others, *ALWAYS[3:]]
    parts = [part(path, values[path], words) for path in paths]
    said = words("chart.title_between").join(parts)
    if not experiment.changes:
        return said
    return words("chart.title_changes", said=said, changes=changes_text(values["changes"], words))


def part(path: str, value: Any, words: Words) -> str:
    """One setting: "SGD", "learning rate 0.01", "200 epochs", "blobs"."""
    if path in ("epochs", "seed"):
        return words(f"chart.title_{path}", value=value)
    if path.endswith("kind"):
        name = words(f"fields.{name_of(path)}_{value}")
        return name if path == "optimizer.kind" else lower_first(name)
    return words(
        "chart.title_part",
        field=lower_first(words(f"fields.{name_of(path)}")),
        value=title_value(value),
    )


def title_value(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, list | tuple):
        return "–".join(map(str, value))
    return rate(value, DIGITS) if isinstance(value, int | float) else str(value)
