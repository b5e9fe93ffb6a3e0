"""Runs of the real engine, trained once for all tests, with the figures before the first update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.analysis.attainable import benchmarks
from core.analysis.verdict import Verdict, judge
from core.engine import train
from core.experiment import Experiment
from core.experiment.records import Outcome, Run

TUTORIAL = Experiment()


def trained(experiments: Sequence[Experiment]) -> list[Run]:
    """The runs of some experiments; those that are known are not trained again."""
    new = [e for e in dict.fromkeys(experiments) if e not in KNOWN]
    KNOWN.update(zip(new, train(new), strict=True))
    return [KNOWN[experiment] for experiment in experiments]


KNOWN: dict[Experiment, Run] = {}


def shorter(run: Run, epochs: int) -> Run:
    """The run of the same experiment with fewer epochs, if its schedule does not go by them."""
    experiment = run.experiment.replace({"epochs": epochs})
    return replace(
        run,
        experiment=experiment,
        records=run.records[:epochs],
        outcome=Outcome("finished", epochs),
    )


def verdict(run: Run) -> Verdict:
    return judge(run, benchmarks(run.experiment.data))
