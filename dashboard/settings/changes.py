"""The changes of an experiment as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.experiment import PARTS
from dashboard.settings.experiment import name_of
from dashboard.text import Words
from dashboard.text.numbers import exact
from dashboard.text.phrases import lower_first

SAID_MAX = 5  # changes in a sentence; a link holds all


def changes_text(changes: Sequence[Mapping[str, Any]], words: Words) -> str:
    """What becomes another setting, and from which epoch on.

    >>> changes_text([{"epoch": 100, "optimizer.learning_rate": 0.001}], Words("en"))
    'From epoch 100 on: learning rate 0.001.'
    """
    said = [change_text(change, words) for change in changes[:SAID_MAX]]
    if more := len(changes) - len(said):
        said.append(words("changes.more", count=more))
    return words("changes.between").join(said)


def change_text(change: Mapping[str, Any], words: Words) -> str:
    pieces = [piece(path, value, words) for path, value in change.items() if path != "epoch"]
    what = words("changes.comma").join(pieces) or words("changes.nothing")
    return words("changes.from", epoch=change["epoch"], what=what)


def piece(path: str, value: Any, words: Words) -> str:
    """A field and what it becomes; of a schedule its name, and what is not as is usual with it."""
    label = words(f"fields.{name_of(path)}")
    label = lower_first(label)
    if path != "schedule":
        return words("changes.piece", field=label, value=exact(value))
    kind, usual = value["kind"], PARTS[path][value["kind"]]().to_dict()
    unusual = [piece(f"{path}.{n}", v, words) for n, v in value.items() if v != usual[n]]
    name = words("changes.piece", field=label, value=words(f"fields.schedule_{kind}"))
    return words("changes.comma").join([name, *unusual])
