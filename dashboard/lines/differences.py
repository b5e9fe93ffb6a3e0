"""Whether pins end differently from the one that they are compared to, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.analysis.statistics import Estimate, difference_of_finals
from core.experiment.records import Run
from dashboard.lines.plan import Line, Plan
from dashboard.lines.sentences import sentence_of_count
from dashboard.text import Words, numbers


@dataclass(frozen=True)
class Compared:
    """Lines, by `names`, and pins, with their runs: all compared to the pin `reference`.

    `show` is what differs at the end: "accuracy" or "loss".
    """

    plan: Plan
    names: Sequence[str]
    pins: Sequence[str]
    runs: Sequence[Run]
    show: str
    reference: int

    def apart(self, line: Line, other: Line) -> Estimate:
        """How far a line ends from another, paired seed by seed."""
        ours, theirs = ([self.runs[n] for n in side] for side in line.paired(other))
        apart = difference_of_finals(ours, theirs, f"val_{self.show}")
        return apart.within(-1.0, 1.0) if self.show == "accuracy" else apart

    def counterpart(self, line: Line) -> Line | None:
        return self.plan.counterpart(line, self.reference)

    def is_same(self, line: Line) -> bool:
        other = self.counterpart(line)
        return other is not None and line.numbers == other.numbers

    @property
    def others(self) -> list[Line]:
        """All lines but those that the others are compared to."""
        return [line for line in self.plan.lines if self.counterpart(line) is not line]

    def name(self, line: Line) -> str:
        return self._named[id(line)]

    @cached_property
    def _named(self) -> dict[int, str]:
        lines = zip(self.plan.lines, self.names, strict=True)
        return {id(line): name for line, name in lines}


def headline(of: Compared, words: Words) -> str:
    """Whether the one other line ends differently; of several, how many end above and below."""
    lines = of.others
    if not lines:
        return words("compare.nothing_to_compare")
    if len(lines) == 1:
        return of_line(of, lines[0], words)
    reference = of.pins[of.reference]
    if all(of.is_same(line) for line in lines):
        return words("compare.same_experiments", reference=reference)
    if of.plan.seeds == 1:
        return words("compare.headline_one", count=len(lines), reference=reference)
    counts = tally(of, lines)
    alike = counts["total"] - counts["above"] - counts["below"]
    return words(f"compare.headline_{of.show}", reference=reference, **counts, alike=alike)


def tally(of: Compared, lines: Sequence[Line]) -> dict[str, int]:
    """How many lines end above their counterparts, how many below, and how many there are."""
    others = [(line, of.counterpart(line)) for line in lines]
    found = [of.apart(line, other) for line, other in others if other is not None]
    apart = [one.mean for one in found if is_apart(one)]
    above = sum(mean > 0 for mean in apart)
    return {"above": above, "below": len(apart) - above, "total": len(lines)}


def of_line(of: Compared, line: Line, words: Words) -> str:
    """Whether one line ends differently from its counterpart."""
    other = of.counterpart(line)
    if other is None:
        both = {"name": of.name(line), "reference": of.pins[of.reference]}
        return words("compare.no_counterpart", **both)
    both, paired = {"name": of.name(line), "reference": of.name(other)}, line.paired(other)
    if not paired.runs:
        return words("compare.no_shared_seed", **both)
    if of.is_same(line):
        return words("compare.same_experiment", **both)
    apart = of.apart(line, other)
    if not apart.count:
        return words("compare.no_ends", **both)
    said = [words(key_of(apart, of.show), **both, **sizes(apart, of.show))]
    unpaired = len(paired.runs) - apart.count
    if unpaired:
        said.append(sentence_of_count("compare.pairs_left_out", words, count=unpaired))
    return words("compare.then").join(said)


def is_apart(one: Estimate) -> bool:
    """Whether an interval leaves 0 out; one pair says nothing."""
    return one.count > 1 and not one.covers(0.0)


def key_of(apart: Estimate, show: str) -> str:
    """Which sentence fits: one pair says nothing, an interval around 0 shows no difference."""
    if apart.count < 2:
        return f"compare.{show}_one"
    if not is_apart(apart):
        return f"compare.{show}_none"
    return f"compare.{show}_above" if apart.mean > 0 else f"compare.{show}_below"


def sizes(apart: Estimate, show: str) -> dict[str, object]:
    """The numbers of a sentence; where it says above or below, without their sign."""
    sign = -1.0 if is_apart(apart) and apart.mean < 0 else 1.0
    bounds = (apart.low, apart.high) if apart.count > 1 else (apart.mean, apart.mean)
    low, high = sorted(sign * bound for bound in bounds)
    write = points if show == "accuracy" else numbers.figure
    return {
        "size": write(abs(apart.mean)),
        "difference": with_sign(apart.mean, write),
        "low": minus(write(low)),
        "high": minus(write(high)),
        "pairs": apart.count,
    }


def points(value: float) -> str:
    """A difference of shares in percentage points, with one digit.

    >>> points(0.0123)
    '1.2'
    """
    return f"{100 * value:.1f}"


def with_sign(value: float, write: Callable[[float], str]) -> str:
    text = write(value)
    return minus(text) if value < 0 else f"+{text}"


def minus(text: str) -> str:
    """With a minus sign instead of a hyphen, and none before zero."""
    return text.replace("-", "−", 1) if float(text) else text.lstrip("-")
