"""How many lanes the programs have that train so many runs."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from core.engine.device import on_gpu
from core.engine.grouping import ProgramKey

HEAVY = 1_000_000  # multiplications a layer pass from which lanes side by side no longer pay


class Widths(NamedTuple):
    """The two programs that share the work.

    On a processor, a run's records are the same in both, bit for bit, whoever its neighbours are.
    There is no program of one lane beside a wider one: XLA drops an axis of length 1 and then adds
    up in another order.
    """

    small: int
    large: int
    enough: int  # runs left over from which a large program is faster than small ones


ALONE = Widths(1, 1, 1)
TOGETHER = Widths(2, 8, 7)
ON_GPU = Widths(8, 64, 9)  # starting its many small kernels costs, their width does not


def widths(key: ProgramKey) -> Widths:
    if on_gpu():
        return ON_GPU
    weights = sum(before * after for before, after in pairwise(key.sizes))
    return ALONE if weights * key.batch_size >= HEAVY else TOGETHER


def seats(runs: int, widths: Widths) -> list[int]:
    """The lanes of each program call that trains some of so many runs.

    >>> seats(1, TOGETHER), seats(13, TOGETHER), seats(15, TOGETHER), seats(2, ALONE)
    ([2], [8, 2, 2, 2], [8, 8], [1, 1])
    """
    full, rest = divmod(runs, widths.large)
    if rest >= widths.enough:
        return [widths.large] * (full + 1)
    return [widths.large] * full + [widths.small] * -(-rest // widths.small)
