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
    REPLAYS,
    REPLAYS_OF_ALL,
    Rate,
)


def size(event: Event) -> int:
    return EVENT_BYTES + len(event.payload)


def in_pieces(events: Sequence[Event], most: int = PIECE_BYTES) -> Iterator[Sequence[Event]]:
    """The events in the same order, so many at a time that others need not wait; at least once."""
    start = held = 0
    for place, event in enumerate(events):
        held += size(event)
        if held >= most:
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

    async def turn(self, count: int) -> None:
        """Wait until what was told before is made up for; then so much more is told."""
        while wait := max(one.wait(self.clock()) for one in self.allowances):
            await asyncio.sleep(wait)
        for one in self.allowances:
            one.spend(self.clock(), count)
