"""What is told again from the beginning: piece by piece, and not again and again without end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from starlette.datastructures import Address

from core.service.events import Event
from dashboard.guard.allowance import Allowance, Allowances, address_of
from dashboard.guard.limits import (
    EVENT_BYTES,
    PIECE_BYTES,
    REPLAY_BYTES,
    REPLAYS,
    REPLAYS_OF_ALL,
    Rate,
)


def in_pieces(events: Sequence[Event], size: int = PIECE_BYTES) -> Iterator[Sequence[Event]]:
    """The events in the same order, so many at a time that others need not wait; at least once."""
    start = held = 0
    for place, event in enumerate(events):
        held += EVENT_BYTES + len(event.payload)
        if held >= size:
            yield events[start : place + 1]
            start, held = place + 1, 0
    if start < len(events) or not events:
        yield events[start:]


class Replays:
    """Gives each socket its allowance, and all of one address theirs together."""

    def __init__(
        self,
        rate: Rate = REPLAYS,
        of_all: Rate = REPLAYS_OF_ALL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate, self.clock = rate, clock
        self.addresses = Allowances(of_all)

    def of(self, client: Address | None) -> Account:
        now = self.clock()
        return Account(
            Allowance(self.rate, now), self.addresses.of(address_of(client), now), self.clock
        )


class Account:
    """What one socket was told again, in bytes."""

    def __init__(self, own: Allowance, of_all: Allowance, clock: Callable[[], float]) -> None:
        self.allowances, self.clock = (own, of_all), clock

    async def turn(self) -> None:
        """Wait until what was told before is made up for."""
        now = self.clock()
        await asyncio.sleep(max(one.wait(now) for one in self.allowances))
        self.add(REPLAY_BYTES)

    def add(self, count: int) -> None:
        for one in self.allowances:
            one.spend(self.clock(), count)
