"""How much each address has taken lately."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cjigraph.serve.limits import Limits

_REMEMBERED = 10_000
"""Addresses remembered; a flood from more of them forgets the oldest."""


def client(host: str) -> str:
    """Return what counts as one client: an IPv4 address, or an IPv6 network of 64 bits.

    >>> client("2001:db8::1:2")
    '2001:db8::'
    """
    if ":" not in host:
        return host
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


class _Bucket:
    """Something that fills with use and drains with time."""

    __slots__ = ("at", "capacity", "level")

    def __init__(self, capacity: float, now: float) -> None:
        self.capacity = capacity
        self.level = 0.0
        self.at = now

    def drain(self, now: float) -> None:
        """Let out what a minute's share of the capacity allows."""
        self.level = max(0.0, self.level - (now - self.at) * self.capacity / 60)
        self.at = now

    def wait(self, now: float) -> float:
        """Return the seconds until there is room, 0 if there is."""
        self.drain(now)
        over = self.level - self.capacity
        return 0.0 if over < 0 else max(1.0, over * 60 / self.capacity)


class Meter:
    """Keeps count of the query time and the errors of each client."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = monotonic) -> None:
        self._capacities = limits.address_seconds, limits.address_errors
        self._clock = clock
        self._buckets: dict[str, tuple[_Bucket, _Bucket]] = {}

    def wait(self, client: str) -> float:
        """Return how many seconds `client` must wait before its next query."""
        buckets = self._buckets.get(client)
        if buckets is None:
            return 0.0
        now = self._clock()
        return max(bucket.wait(now) for bucket in buckets)

    def took(self, client: str, seconds: float) -> None:
        """Note that a query of `client` has run this long."""
        self._fill(client, 0, seconds)

    def erred(self, client: str) -> None:
        """Note that a request of `client` was refused or failed."""
        self._fill(client, 1, 1.0)

    def _fill(self, client: str, which: int, amount: float) -> None:
        now = self._clock()
        buckets = self._buckets.pop(client, None)
        if buckets is None:
            seconds, errors = self._capacities
            buckets = _Bucket(seconds, now), _Bucket(errors, now)
        self._buckets[client] = buckets  # the last used come last
        buckets[which].drain(now)
        buckets[which].level += amount
        if len(self._buckets) > _REMEMBERED:
            del self._buckets[next(iter(self._buckets))]
