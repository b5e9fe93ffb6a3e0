"""What accuracies are measured against, by the data of the runs: which panel has which lines.

A worker says what is possible and what guessing is on a data set; the summary of a job tells it of
each of its data sets, by their number, and a figure says which of its axes show which of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.experiment import Experiment
from core.experiment.data import Data
from dashboard.lines.figures import Json

DATA_MAX = 8  # data sets of a job whose lines are drawn; more are more than there are panels


def data_sets(experiments: Iterable[Experiment]) -> list[Data]:
    """The data of some experiments, each once, in their order; of many the first."""
    return list(dict.fromkeys(one.data for one in experiments))[:DATA_MAX]


def measured(
    axes: Mapping[str, Iterable[int]], experiments: Sequence[Experiment], *, within: bool = False
) -> Json:
    """Which data the accuracies on each axis are of: `{"references": …}`, part of a figure.

    `axes` has the runs of each axis, as a layout calls it. An axis whose runs have different data
    has no lines. `within` writes their names into panels that have no margin of their own.

    >>> runs = [Experiment(), Experiment(seed=1), Experiment().replace({"data.noise": 1.0})]
    >>> measured({"yaxis": [0, 1], "yaxis2": [2], "yaxis3": [1, 2]}, runs)["references"]["axes"]
    {'yaxis': 0, 'yaxis2': 1}
    """
    known = {data: number for number, data in enumerate(data_sets(experiments))}
    shown = {axis: {experiments[run].data for run in runs} for axis, runs in axes.items()}
    alike = {axis: next(iter(data)) for axis, data in shown.items() if len(data) == 1}
    found = {axis: known[data] for axis, data in alike.items() if data in known}
    return {"references": {"axes": found, "within": within}} if found else {}
