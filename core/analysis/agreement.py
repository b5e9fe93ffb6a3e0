"""How far two runs of one experiment lie apart, and whether they part for good.

Two engines do the same sums in another order, so they round otherwise: by some 1e-7 of a figure in
single precision. A stable training leaves such a difference as small as it is. An unstable one
multiplies it at every update, until the two go ways of their own: chaos (Lorenz, 1963).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from core.experiment.records import Row, Run, Table

LOSSES = ("loss", "val_loss")
ACCURACIES = ("accuracy", "val_accuracy")
ROUNDING = 1e-5  # of a loss: what engines differ by where training is stable, with room to spare
APART = 1e-3  # of a loss; from here on a curve looks like another one
SMALL = 1e-3  # a loss below is compared as if it were this: rounding alone leaves 1e-7 of a row's
LASTING = 10  # epochs; curves that have parted cross now and then, but not for so long

Kind = Literal["nothing", "same", "rejoined", "parted", "unlike"]


@dataclass(frozen=True)
class Difference:
    """The largest one of some figures: in which column, after which epoch, and how much."""

    column: str
    epoch: int  # 0 is before the first update
    size: float  # of a loss, as a share of it; of an accuracy, as it is


@dataclass(frozen=True, eq=False)
class Agreement:
    """What two runs of one experiment have in common, over the epochs that both have.

    >>> apart = np.array([[1e-7, 0]] * 10 + [[4e-5, 0]] * 5 + [[0.3, 0.1]] * 20)
    >>> found = Agreement(apart, np.zeros((35, 2)), first=0)
    >>> found.kind, found.parted, found.loss
    ('parted', 15, Difference(column='loss', epoch=15, size=0.3))
    """

    losses: Table  # (epochs, 2): how far apart, as a share
    accuracies: Table  # (epochs, 2)
    first: int  # the epoch of the first row: 0 where both know how they began

    @property
    def epochs(self) -> int:
        """How many epochs both have."""
        return max(len(self.losses) + self.first - 1, 0)

    @property
    def loss(self) -> Difference:
        """The largest difference of a loss."""
        return largest(self.losses, LOSSES, self.first)

    @property
    def accuracy(self) -> Difference:
        """The largest difference of an accuracy."""
        return largest(self.accuracies, ACCURACIES, self.first)

    @cached_property
    def stretch(self) -> tuple[int, int] | None:
        """The epochs from which and before which they are apart; None where they never are."""
        found = last_stretch(self.losses.max(axis=1, initial=0.0) > APART)
        return None if found is None else (found[0] + self.first, found[1] + self.first)

    @property
    def parted(self) -> int | None:
        """The epoch from which on they are apart; None where they never are."""
        return self.stretch[0] if self.stretch else None

    @property
    def rejoined(self) -> int | None:
        """The epoch from which on they are together again; None where they are not, or always."""
        is_back = self.stretch and self.epochs + 1 - self.stretch[1] >= LASTING
        return self.stretch[1] if self.stretch and is_back else None

    @property
    def kind(self) -> Kind:
        """The same, the same again, parted from rounding on, or unlike from the beginning.

        "unlike" is what no rounding explains: there was no epoch before in which they agreed.
        """
        if not len(self.losses):
            return "nothing"
        if self.parted is None:
            return "same"
        before = self.losses[: self.parted - self.first].max(axis=1, initial=0.0)
        if not (before <= ROUNDING).any():
            return "unlike"
        return "rejoined" if self.rejoined is not None else "parted"


def agreement(one: Run, other: Run) -> Agreement:
    """How far two runs of the same experiment lie apart, whichever comes first."""
    known = one.start is not None and other.start is not None
    losses = [shares(figures(one, name), figures(other, name)) for name in LOSSES]
    accuracies = [distances(figures(one, name), figures(other, name)) for name in ACCURACIES]
    first = 0 if known else 1
    return Agreement(np.stack(losses, axis=1)[first:], np.stack(accuracies, axis=1)[first:], first)


def figures(run: Run, name: str) -> Row:
    """A column from epoch 0 on, which is not a number where it is not known."""
    start = np.nan if run.start is None else run.start[run.columns.index(name)]
    return np.concatenate([[start], run.column(name)])


def distances(one: Row, other: Row) -> Row:
    """How far apart two columns are, over the epochs that both have."""
    both = min(len(one), len(other))
    return np.abs(one[:both] - other[:both])


def shares(one: Row, other: Row) -> Row:
    """The same as a share of the larger one.

    >>> shares(np.array([2.0, 1e-5]), np.array([1.0, 2e-5, 3.0]))
    array([0.5 , 0.01])
    """
    both = min(len(one), len(other))
    size = np.maximum(np.abs(one[:both]), np.abs(other[:both]))
    return distances(one, other) / np.maximum(size, SMALL)


def last_stretch(apart: np.ndarray) -> tuple[int, int] | None:
    """Of places that are apart the last stretch, from where to before where.

    It is broken only by places that are not, for fewer than `LASTING` of them in a row.

    >>> together, apart = [False], [True]
    >>> last_stretch(np.array(together * 3 + apart * 2 + together * 9 + apart + together))
    (3, 15)
    >>> last_stretch(np.array(apart * 2 + together * 10 + apart * 3 + together))
    (12, 15)
    """
    places = np.flatnonzero(apart)
    if not len(places):
        return None
    breaks = np.flatnonzero(np.diff(places) > LASTING)
    begin = places[breaks[-1] + 1] if len(breaks) else places[0]
    return int(begin), int(places[-1]) + 1


def largest(apart: Table, columns: tuple[str, ...], first: int) -> Difference:
    """The largest of a table, an epoch a row."""
    if not len(apart):
        return Difference(columns[0], 0, 0.0)
    place, column = np.unravel_index(np.argmax(apart), apart.shape)
    return Difference(columns[column], int(place) + first, float(apart[place, column]))
