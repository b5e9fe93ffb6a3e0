"""What two versions of Keras have not in common, and what of it a study shows."""

from __future__ import annotations

from typing import Any

from core.analysis.studies import Study, differences
from core.experiment.optimizers import PRESETS
from dashboard.lines.groups import by_version, key_without_version
from dashboard.text import Words
from dashboard.text.numbers import rate

# Of which no experiment is made.
CALLS = ("decay_argument", "lr_argument", "integers", "plateau", "cross_entropy")
NOWHERE = "decay"  # the study that the first of them changes


def rows(study: Study, words: Words) -> list[list[str]]:
    """Every difference, what both versions do, and whether it changes this study."""
    changed = changing(study)
    found = []
    for kind, name, keras_2, keras_3 in differences():
        item = words(
            "compare.cell_name",
            pin=words(f"fields.optimizer_{kind}"),
            cell=words(f"fields.{name}"),
        )
        here = (kind, name) in changed
        mark = words("studies.changes_here" if here else "studies.changes_nothing")
        found.append([item, version_value(keras_2, words), version_value(keras_3, words), mark])
    for call in CALLS:
        here = study.name == NOWHERE and call == CALLS[0]
        mark = words("studies.changes_here" if here else "studies.changes_nothing")
        texts = [words(f"studies.{call}{part}") for part in ("", "_2", "_3")]
        found.append([*texts, mark])
    return found


def headings(words: Words) -> list[str]:
    names = [words(f"studies.version_{name}") for name in PRESETS]
    return [words("studies.difference"), *names, words("studies.in_this_study")]


def changing(study: Study) -> set[tuple[str, str]]:
    """The optimizers and their fields that differ between the versions that a study shows."""
    first, second = by_version(study).values()
    pairs = [
        (study.cells[a].experiment.optimizer, study.cells[b].experiment.optimizer)
        for a, b in zip(first, second, strict=True)
    ]
    return {
        (kind, name)
        for kind, name, _, _ in differences()
        for a, b in pairs
        if a.kind == kind and getattr(a, name) != getattr(b, name)
    }


def same_everywhere(study: Study) -> bool:
    """Whether both versions train the very same experiments."""
    first, second = by_version(study).values()
    return all(
        study.cells[a].experiment == study.cells[b].experiment
        and key_without_version(study.cells[a]) == key_without_version(study.cells[b])
        for a, b in zip(first, second, strict=True)
    )


def version_value(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words("studies.yes" if value else "studies.no")
    return rate(value) if isinstance(value, float) else str(value)
