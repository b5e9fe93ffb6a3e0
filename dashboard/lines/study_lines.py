"""A study as lines: one a value, over the seeds; every version of Keras has lines of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.analysis.studies import Cell, Study
from dashboard.lines.groups import by_version, key_without_version
from dashboard.lines.names import cell_name, name_in_sentence, telling_digits, value_name
from dashboard.lines.plan import Line, Plan
from dashboard.settings.study_plan import experiments
from dashboard.text import Words


@dataclass(frozen=True)
class StudyPlan(Plan):
    """The lines of a study; what is compared are its values, under each version by itself."""

    def counterpart(self, line: Line, reference: int) -> Line | None:
        """The value at that place, under the version of the line."""
        values = self.of_pin(line.pin)  # in the order of their places
        return values[reference] if reference < len(values) else None


def study_lines(study: Study, seeds: int) -> StudyPlan:
    """The lines of a study over so many seeds; runs are numbered as `experiments` has them."""
    lines = []
    for pin, numbers in enumerate(by_version(study).values()):
        for place, number in enumerate(numbers):
            cell = study.cells[number]
            first = cell.experiment.seed
            runs = {first + n: number * seeds + n for n in range(seeds)}
            lines.append(Line(pin, place, cell, runs))
    wanted = experiments(study, seeds)
    return StudyPlan(wanted, tuple(lines), seeds, len(wanted))


def names_of(study: Study, words: Words) -> list[str]:
    """What each line is called: by its value, and its version where two are shown."""
    digits = telling_digits(study.cells)
    ordered = [study.cells[n] for numbers in by_version(study).values() for n in numbers]
    return [cell_name(cell, words, digits) for cell in ordered]


def spoken_names(study: Study, words: Words) -> list[str]:
    """The same in the middle of a sentence, with what it is a value of: "learning rate 0.1"."""
    digits = telling_digits(study.cells)
    ordered = [study.cells[n] for numbers in by_version(study).values() for n in numbers]
    return [name_in_sentence(cell, words, digits) for cell in ordered]


def values_of(study: Study, words: Words) -> list[str]:
    """What the values are called that lines can be compared to, the version left out."""
    digits = telling_digits(study.cells)
    return [cell_name(cell, words, digits) for cell in cells_compared_to(study)]


def spoken_values(study: Study, words: Words) -> list[str]:
    """The same in the middle of a sentence."""
    digits = telling_digits(study.cells)
    return [name_in_sentence(cell, words, digits) for cell in cells_compared_to(study)]


def cells_compared_to(study: Study) -> list[Cell]:
    """The cells of one version, without it."""
    numbers = next(iter(by_version(study).values()))
    cells = (study.cells[number] for number in numbers)
    return [Cell(key_without_version(one), one.experiment) for one in cells]


def versions_of(study: Study, words: Words) -> Sequence[str]:
    """What the versions of Keras are called that are shown; "" of one alone."""
    return [value_name("preset", name, words) if name else "" for name in by_version(study)]
