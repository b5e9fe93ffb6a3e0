"""A comparison as it is looked at: for each tab its figure and its sentences; no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.records import Run
from dashboard.comparing import sentences
from dashboard.comparing.comparison import Comparison
from dashboard.comparing.grid import WIDE, Grid
from dashboard.comparing.labels import line_names, pin_names
from dashboard.comparing.overlay import LINES_WITH_TRAIN_MAX, difference_figure, overlay_figure
from dashboard.comparing.panels import NO_GHOSTS, Ghosts, panels_figure
from dashboard.comparing.plan import Plan
from dashboard.figures import LiveFigure
from dashboard.summary import sentence
from dashboard.text import Words

NOTHING = LiveFigure({"data": [], "layout": {"uirevision": "nothing"}}, [], [])
HEIGHT = 420  # px of a picture that has all lines in one panel


@dataclass(frozen=True)
class Look:
    """What is looked at: the comparison, what is trained for it, its names in one language."""

    now: Comparison
    plan: Plan
    words: Words

    @cached_property
    def pins(self) -> list[str]:
        return pin_names(self.now.pins, self.words)

    @cached_property
    def lines(self) -> list[str]:
        return line_names(self.plan.lines, self.pins, self.words)

    @property
    def show(self) -> str:
        """The figure of merit; rates have no difference worth a picture."""
        rates_idle = self.now.tab == "difference" and self.now.show == "learning_rate"
        return "accuracy" if rates_idle else self.now.show

    def figure(self, ghosts: Ghosts = NO_GHOSTS) -> LiveFigure:
        """What the live chart shows."""
        match self.now.tab:
            case "side-by-side":
                return panels_figure(self.plan, self.pins, self.words, self.show, ghosts)
            case "overlay":
                return overlay_figure(self.plan, self.lines, self.words, self.show)
            case "difference" if len(self.plan.lines) > 1:
                return difference_figure(
                    self.plan, self.lines, self.words, self.show, self.now.reference
                )
            case _:
                return NOTHING

    @property
    def height(self) -> int:
        """Of the live chart, in px; 0 where there is only its status."""
        if self.now.tab == "side-by-side":
            return Grid(self.pins, WIDE).height
        return 0 if self.now.tab in ("settings", "table") else HEIGHT

    def sentences(self, runs: Sequence[Run]) -> list[str]:
        """What is to be seen, once all runs have ended."""
        words, shown = self.words, self.now.tab
        if shown == "settings":
            return []
        if shown == "difference":
            if len(self.now.pins) < 2:
                return [words("compare.nothing_to_compare")]
            said = sentences.differences(
                self.plan, self.lines, self.pins, runs, words, self.show, self.now.reference
            )
            return [*sentences.unfinished(runs, words), *said]
        if len(runs) == 1:
            return [sentence(runs[0], words)]
        leader = sentences.leader(self.plan, self.lines, runs, words)
        return [*sentences.unfinished(runs, words), leader]

    @property
    def key(self) -> str:
        """How to read the figure."""
        words, seeds = self.words, self.now.seeds
        if self.now.tab in ("settings", "table"):
            return ""
        if self.now.tab == "difference":
            reference = self.pins[self.now.reference]
            which = "key_difference" if seeds > 1 else "key_difference_one"
            return words(f"compare.{which}", reference=reference)
        if self.show == "learning_rate":
            return words("compare.key_rates")
        parts = []
        if self.now.tab == "overlay":
            few = len(self.plan.lines) <= LINES_WITH_TRAIN_MAX
            parts.append(words("compare.key_lines" if few else "compare.key_test"))
        elif any(pin.study for pin in self.now.pins):
            parts.append(words("compare.key_cells"))
        if seeds > 1:
            parts.append(words("compare.key_band", seeds=seeds))
        return words("compare.then").join(parts)
