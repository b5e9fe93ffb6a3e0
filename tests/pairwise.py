"""Few rows of a product in which every pair of values still occurs: pairwise testing.

Most faults need no more than two particular values at once (Kuhn, Wallace and Gallo, "Software
fault interactions and implications for software testing", 2004). Where a product is long, tests try
the rows that `pairwise` leaves, and with pytest's option `--full` all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import combinations
from typing import TypeVar

Row = TypeVar("Row", bound=tuple[Hashable, ...])


def pairs(row: tuple[Hashable, ...], strength: int = 2) -> set[tuple[Hashable, ...]]:
    """Every two of a row's values with their columns; a single value counts as its own pair.

    With another strength every so many of them.

    >>> sorted(pairs(("sgd", 1, True)))
    [(0, 'sgd', 1, 1), (0, 'sgd', 2, True), (1, 1, 2, True)]
    >>> sorted(pairs(("sgd", 1), strength=1))
    [(0, 'sgd'), (1, 1)]
    """
    if len(row) < strength:
        return {row}
    cells = list(enumerate(row))
    return {sum(some, ()) for some in combinations(cells, strength)}


def pairwise(rows: Iterable[Row], strength: int = 2) -> list[Row]:
    """Of these rows the few in which every pair of values occurs that occurs in any of them.

    With another strength every so many values together; 1 has each value once.

    Greedy, as AETG is (Cohen et al., 1997): next comes the first row with the most pairs that are
    not there yet. A combination that makes no sense is left out of `rows` beforehand. The answer
    depends on the rows and their order alone, and keeps that order.

    >>> from itertools import product
    >>> pairwise(product("ab", "xy", [0, 1]))
    [('a', 'x', 0), ('a', 'y', 1), ('b', 'x', 1), ('b', 'y', 0)]
    >>> pairwise(product("ab", "xyz"), strength=1)
    [('a', 'x'), ('a', 'z'), ('b', 'y')]
    """
    new = {row: pairs(row, strength) for row in rows}
    order, chosen = list(new), []
    while new:
        best = max(new, key=lambda row: len(new[row]))  # of equals the first
        chosen.append(best)
        met = new[best]
        new = {row: left for row, old in new.items() if (left := old - met)}
    return sorted(chosen, key=order.index)
