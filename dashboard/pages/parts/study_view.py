"""A study as it is looked at: its lines, its figure, and what its values are compared to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.analysis.studies import Study
from core.experiment.records import Run
from dashboard.lines.differences import Compared, headline
from dashboard.lines.ends import Drawing as EndDrawing
from dashboard.lines.ends import ending
from dashboard.lines.figures import LiveFigure
from dashboard.lines.layout import Layout, layout
from dashboard.lines.look import HEIGHT, NOTHING
from dashboard.lines.names import varied_name
from dashboard.lines.overlay import difference_figure
from dashboard.lines.study_curves import Drawing, overlay, panels
from dashboard.lines.study_lines import (
    StudyPlan,
    names_of,
    spoken_names,
    spoken_values,
    study_lines,
    values_of,
    versions_of,
)
from dashboard.settings.studies import SETTINGS, StudiesSettings
from dashboard.text import Words
from dashboard.text.phrases import raise_first

SLOT = "studies-job"


@dataclass(frozen=True)
class StudyView:
    """A study as it is looked at."""

    asked: StudiesSettings
    study: Study
    words: Words

    @cached_property
    def plan(self) -> StudyPlan:
        return study_lines(self.study, self.asked.seeds)

    @cached_property
    def lines(self) -> list[str]:
        return names_of(self.study, self.words)

    @cached_property
    def versions(self) -> Sequence[str]:
        return versions_of(self.study, self.words)

    @cached_property
    def layout(self) -> Layout:
        return layout(self.plan.lines, self.lines, self.versions)

    @property
    def reference(self) -> int:
        """The place of the value that the others are compared to."""
        return self.asked.reference_among(len(self.plan.of_pin(0)))

    def figure(self) -> LiveFigure:
        """The figure of the view that is asked for."""
        drawing = Drawing(self.asked.seeds, self.asked.band, self.words)
        match self.asked.view:
            case "panels":
                return panels(self.study, drawing)
            case "overlay":
                return overlay(self.study, drawing)
            case "results":
                ends = EndDrawing(self.words, self.asked.band, self.plan.lines)
                return ending(self.layout, ends)
            case "difference":
                of = self.plan, self.lines, self.words, self.asked.show, self.reference
                return difference_figure(*of, varied_name(self.study.varied, self.words))
            case _:
                return NOTHING

    def height(self, live: LiveFigure) -> int:
        """Of the live chart, in px; 0 where there is only its status."""
        if self.asked.view == SETTINGS:
            return 0
        return int(live.figure["layout"].get("height", HEIGHT))

    def compared(self, runs: Sequence[Run]) -> Compared:
        """All values against the one of the reference, as a table calls them."""
        named = self.lines, values_of(self.study, self.words)
        return Compared(self.plan, *named, runs, self.asked.show, self.reference)

    def differences_said(self, runs: Sequence[Run]) -> str:
        """How they end, in a sentence: each value with what it is a value of."""
        named = spoken_names(self.study, self.words), spoken_values(self.study, self.words)
        of = Compared(self.plan, *named, runs, self.asked.show, self.reference)
        return raise_first(headline(of, self.words))
