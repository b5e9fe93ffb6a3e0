"""A comparison as it is looked at: for each tab its figure and its sentences; no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.analysis.attainable import Benchmarks
from core.experiment.records import Run
from dashboard.lines import sentences
from dashboard.lines.curves import CURVES_MAX, SHADES_MAX, Curve, differing, in_panel, overlaid
from dashboard.lines.differences import Compared, headline
from dashboard.lines.ends import Drawing, ending
from dashboard.lines.figures import LiveFigure
from dashboard.lines.labels import cell_name, line_names, pin_names
from dashboard.lines.layout import Layout, layout
from dashboard.lines.overlay import difference_figure, overlay_figure
from dashboard.lines.pin_grid import pin_grid
from dashboard.lines.pin_panels import NO_GHOSTS, Ghosts, panels_figure
from dashboard.lines.plan import Plan
from dashboard.lines.summary import sentence
from dashboard.settings.compare import CompareSettings
from dashboard.settings.studies import INTERVAL
from dashboard.text import Words

NOTHING = LiveFigure({"data": [], "layout": {"uirevision": "nothing"}}, [], [])
HEIGHT = 420  # px of a picture that has all lines in one panel


@dataclass(frozen=True)
class Look:
    """What is looked at: the comparison, what is trained for it, its names in one language."""

    now: CompareSettings
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
            case "results":
                return ending(self.layout, Drawing(self.words, INTERVAL, self.plan.lines))
            case _:
                return NOTHING

    @cached_property
    def layout(self) -> Layout:
        """How the lines stand beside each other by what distinguishes them."""
        return layout(self.plan.lines, self.lines, self.pins)

    @cached_property
    def curves(self) -> list[Curve]:
        """What is drawn, with its colours."""
        plan = self.plan
        match self.now.tab:
            case "side-by-side":
                cells = [cell_name(line, self.words) for line in plan.lines]
                each = (in_panel(plan, place, cells) for place in range(len(self.pins)))
                return [curve for curves in each for curve in curves]
            case "overlay":
                return overlaid(plan, self.lines)
            case "difference":
                return differing(plan, self.lines, self.now.reference)
            case _:
                return []

    @property
    def height(self) -> int:
        """Of the live chart, in px; 0 where there is only its status."""
        if self.now.tab == "side-by-side":
            grid = pin_grid(self.pins, self.words, self.show)
            return grid.height(grid.wide)
        if self.now.tab == "results":
            return int(self.figure().figure["layout"].get("height", HEIGHT))
        return 0 if self.now.tab in ("settings", "table") else HEIGHT

    def sentences(self, runs: Sequence[Run], known: Benchmarks | None = None) -> list[str]:
        """What is to be seen, once all runs have ended; `known` is what a single one needs."""
        words, shown = self.words, self.now.tab
        if shown == "settings":
            return []
        if shown == "difference":
            if len(self.now.pins) < 2:
                return [words("compare.nothing_to_compare")]
            return [
                *sentences.unfinished_sentences(runs, words),
                headline(self.compared(runs), words),
            ]
        if len(runs) == 1:
            return [sentence(runs[0], known, words)]
        leader = sentences.leader(self.plan, self.lines, runs, words)
        return [*sentences.unfinished_sentences(runs, words), leader]

    def compared(self, runs: Sequence[Run]) -> Compared:
        """All lines against those of the reference."""
        return Compared(self.plan, self.lines, self.pins, runs, self.show, self.now.reference)

    @property
    def key(self) -> str:
        """How to read the figure."""
        words, tab = self.words, self.now.tab
        if tab in ("settings", "table"):
            return ""
        if tab == "results":
            return words("compare.key_results")
        if tab == "difference":
            return words("compare.then").join(self.key_of_differences())
        parts = []
        if self.show == "learning_rate":
            parts.append(words("compare.key_rates"))
        elif tab == "overlay":
            few = len(self.plan.lines) <= CURVES_MAX
            parts.append(words("compare.key_lines" if few else "compare.key_test"))
        elif any(pin.study for pin in self.now.pins):
            parts.append(words("compare.key_cells"))
        parts += self.key_of_many()
        if self.now.seeds > 1 and self.show != "learning_rate" and self.has_lines:
            parts.append(words("compare.key_band", seeds=self.now.seeds))
        return words("compare.then").join(parts)

    def key_of_differences(self) -> list[str]:
        words, reference = self.words, self.pins[self.now.reference]
        above = words("compare.key_above", reference=reference)
        if self.now.seeds == 1:
            band = [words("compare.key_difference_one")]
        else:
            band = [words("compare.key_difference")] if self.has_lines else []
        return [above, *self.key_of_many(), *band]

    def key_of_many(self) -> list[str]:
        """What a curve is where there are more lines than have a hue of their own."""
        if not any(curve.is_shade for curve in self.curves):
            return []
        if all(curve.is_line for curve in self.curves):
            return [self.words("compare.key_shades")]
        return [self.words("compare.key_together", most=SHADES_MAX)]

    @property
    def has_lines(self) -> bool:
        return any(not curve.is_shade for curve in self.curves)
