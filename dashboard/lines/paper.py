"""Decay on paper: the rate of each update, computed and drawn without any training."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from core.analysis.studies import rates, study
from core.experiment import Experiment
from core.experiment.schedules import Rates, TimeDecay
from dashboard.lines import palette
from dashboard.lines.figures import Json, LiveFigure
from dashboard.lines.options import of_its_own, rates_read, updates_read
from dashboard.settings.studies import ON_PAPER, Paper
from dashboard.text import Words
from dashboard.text.numbers import rate as written

HEIGHT = 480  # px; less on a phone
SHOWN_UPDATE = 50  # that the tutorial speaks of
POINTS_MAX = 1000  # of a line; more cannot be seen


class OnPaper(NamedTuple):
    """One decay, and what it leaves of the rate."""

    decay: float
    rates: Rates  # of the updates from the first on

    @property
    def last(self) -> float:
        return float(self.rates[-1])

    def after(self, updates: int) -> float | None:
        """The rate after so many updates; None where fewer are drawn."""
        return float(self.rates[updates]) if updates < len(self.rates) else None


def on_paper(paper: Paper) -> list[OnPaper]:
    """What each of the decays does to the rate."""
    base = study(ON_PAPER).cells[0].experiment.replace({"optimizer.learning_rate": paper.rate})
    return [OnPaper(decay, rates(with_decay(base, decay), paper.updates)) for decay in paper.decays]


def with_decay(base: Experiment, decay: float) -> Experiment:
    return base.replace({"schedule": dataclasses.replace(TimeDecay(), decay=decay)})


def paper_figure(lines: Sequence[OnPaper], words: Words) -> LiveFigure:
    """The rate by update, a line a decay, on one linear scale as in the tutorial."""
    hues = palette.ordered_hues(len(lines))
    traces = [trace(line, hue) for line, hue in zip(lines, hues, strict=True)]
    updates, highest = len(lines[0].rates), max(float(line.rates.max()) for line in lines)
    layout = {
        "xaxis": {
            "title": {"text": words("studies.update"), "standoff": 4},
            "range": [0, updates * 1.01],
            "zeroline": False,
            "hoverformat": "d",
            "ticklabelstandoff": 4,  # clear of the y axis's lowest label
            "unifiedhovertitle": {"text": words("studies.hover_update")},
        },
        "yaxis": {
            "title": {"text": words("studies.learning_rate"), "standoff": 6},
            "range": [0, 1.05 * highest],
            "zeroline": False,
        },
        "legend": {
            "title": {"text": words("fields.decay"), "font": {"size": 13}},
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
        },
        "hovermode": "x unified",
        "margin": {"l": 66, "r": 16, "t": 34, "b": 44},
        "uirevision": f"paper {updates}",
    }
    names = [
        words("studies.spoken_one", field=words("fields.decay"), value=one["name"])
        for one in traces
    ]
    figure = {
        "data": traces,
        "layout": layout,
        "reading": rates_read(names),
        "steps": updates_read(words),
    }
    return of_its_own(figure)


def trace(line: OnPaper, colour: str) -> Json:
    step = -(-len(line.rates) // POINTS_MAX)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(0, len(line.rates), step)),
        "y": line.rates[::step].tolist(),
        "name": written(line.decay),
        "line": {"color": colour, "width": 2.2},
        "hovertemplate": "%{y:.3~g}",
    }
