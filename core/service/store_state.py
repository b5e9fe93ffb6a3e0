"""How a store is: what troubles it, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# It does not answer in time; it cannot be used; it can be read alone; what is put waits for long.
Kind = Literal["silent", "failing", "read_only", "behind"]

SENTENCES: dict[Kind, str] = {
    "silent": "it does not answer: what was trained before is not known, and runs are kept once it"
    " answers again",
    "failing": "runs are not kept for now: {why}",
    "read_only": "it can only be read, runs are not kept: {why}",
    "behind": "runs are not kept for now: {why}",
}


class Trouble(Exception):  # noqa: N818 (it is kept and told more often than raised)
    """What kind of trouble a store has, and why, in its own words."""

    def __init__(self, kind: Kind, why: str = "") -> None:
        super().__init__(f"Store: {SENTENCES[kind].format(why=why)}")
        self.kind = kind


@dataclass(frozen=True)
class StoreState:
    """`trouble` is a sentence, and `kind` what kind it is; both empty when all is well."""

    trouble: str = ""
    kind: Kind | Literal[""] = ""
    given: int = 0  # answers to what it was asked
    late: int = 0  # that were not waited for
    failed: int = 0
    skipped: int = 0  # that it was not asked for, since one before had not come
    waiting: int = 0  # runs that are still to be written
    waiting_bytes: int = 0
    written: int = 0
    lost: int = 0  # runs that could not be written and were let go
