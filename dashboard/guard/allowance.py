"""How much is left to somebody: it is used up, and grows again with time."""

from __future__ import annotations

from collections import Counter, OrderedDict
from ipaddress import IPv6Address, ip_address

from dashboard.guard.limits import ADDRESSES_MAX, Rate


class Allowance:
    """Begins at the burst of a rate, to which it grows again; may be overdrawn.

    >>> left = Allowance(Rate(burst=2, per_second=0.5), now=0)
    >>> [left.take(now) for now in (0, 0, 0, 2)]
    [0.0, 0.0, 2.0, 0.0]
    """

    def __init__(self, rate: Rate, now: float) -> None:
        self.rate, self.left, self.at = rate, float(rate.burst), now

    def take(self, now: float) -> float:
        """Use up one, and 0; where there is none, how many seconds until there is."""
        wait = self.wait(now)
        if not wait:
            self.spend(now)
        return wait

    def wait(self, now: float) -> float:
        """How many seconds until there is one."""
        self.grow(now)
        return max(0.0, (1 - self.left) / self.rate.per_second)

    def spend(self, now: float, amount: float = 1) -> None:
        """Use up so much, also what is not there yet."""
        self.grow(now)
        self.left -= amount

    def grow(self, now: float) -> None:
        grown = self.left + (now - self.at) * self.rate.per_second
        self.left, self.at = min(float(self.rate.burst), grown), now


class Allowances:
    """One for each address; of too many addresses the longest unheard of are forgotten."""

    def __init__(self, rate: Rate, most: int = ADDRESSES_MAX) -> None:
        self.rate, self.most = rate, most
        self.of_address: OrderedDict[str, Allowance] = OrderedDict()

    def of(self, address: str, now: float) -> Allowance:
        found = self.of_address.get(address) or Allowance(self.rate, now)
        self.of_address[address] = found
        self.of_address.move_to_end(address)
        while len(self.of_address) > self.most:
            self.of_address.popitem(last=False)
        return found


class Places:
    """How many have one at the moment, of an address and in all.

    >>> places = Places(at_once=1, in_all=2)
    >>> places.take("a"), places.take("a"), places.take("b"), places.take("c")
    ('', 'of_address', '', 'in_all')
    """

    def __init__(self, at_once: int, in_all: int) -> None:
        self.at_once, self.in_all = at_once, in_all
        self.taken: Counter[str] = Counter()

    def take(self, address: str) -> str:
        """Have a place, and ""; else which of the two bounds is reached."""
        if self.taken[address] >= self.at_once:
            return "of_address"
        if self.taken.total() >= self.in_all:
            return "in_all"
        self.taken[address] += 1
        return ""

    def give_back(self, address: str) -> None:
        self.taken[address] -= 1
        if not self.taken[address]:
            del self.taken[address]


def address_of(client: tuple[str, int] | None) -> str:
    """Whose request it is; of the newer addresses a household has 2 to the 64, so they are one.

    >>> address_of(("192.0.2.7", 5)), address_of(("2001:db8::7:1", 5)), address_of(None)
    ('192.0.2.7', '2001:db8::', '')
    """
    try:
        address = ip_address(client[0] if client else "")
    except ValueError:
        return client[0] if client else ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))
