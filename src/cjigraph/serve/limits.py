"""How much one request, one client and the whole endpoint may take."""

from __future__ import annotations

import os
from typing import NamedTuple

MEBI = 2**20


def _default_workers() -> int:
    """Twice the cores, and one more than any one address can have."""
    return min(16, max(3, 2 * (os.cpu_count() or 1)))


class Limits(NamedTuple):
    """The settings of the endpoint; each has a sentence in `MEANINGS`."""

    seconds: float = 10.0
    rows: int = 10_000
    result_bytes: int = 8 * MEBI
    memory: int = 1024 * MEBI
    query_bytes: int = 64 * 1024
    body_bytes: int = 256 * 1024
    url_bytes: int = 16 * 1024
    header_bytes: int = 32 * 1024
    headers: int = 100
    parameters: int = 100
    workers: int = _default_workers()
    queue: int = 16
    address_waiting: int = 8
    address_seconds: float = 60.0
    address_errors: float = 30.0
    connections: int = 100
    address_connections: int = 10
    head_seconds: float = 10.0
    body_seconds: float = 10.0
    send_seconds: float = 30.0
    idle_seconds: float = 15.0
    cache_bytes: int = 32 * MEBI

    @property
    def address_running(self) -> int:
        """Queries of one address at once; if there are workers enough, not all."""
        return min(4, self.workers - 1 if self.workers > 2 else self.workers)


MEANINGS: dict[str, str] = {
    "seconds": "seconds a query may run; then 504",
    "rows": "rows, or statements, in an answer; then 413",
    "result_bytes": "bytes in an answer; then 413",
    "memory": "bytes a query may take; then 503",
    "query_bytes": "bytes of a query's text; then 413",
    "body_bytes": "bytes of a request's body; then 413",
    "url_bytes": "bytes of an address; then 414",
    "header_bytes": "bytes of a request's headers; then 431",
    "headers": "headers of a request; then 431",
    "parameters": "parameters of a request; then 400",
    "workers": "queries that run at once",
    "queue": "queries that wait for a worker; then 503",
    "address_running": "queries of one address that run at once; others wait",
    "address_waiting": "queries of one address that wait; then 429",
    "address_seconds": "seconds of query time an address has per minute; then 429",
    "address_errors": "errors an address may make per minute; then 429",
    "connections": "connections at once; then 503",
    "address_connections": "connections of one address at once; then 429",
    "head_seconds": "seconds in which a request's headers must arrive; then 408",
    "body_seconds": "seconds in which a request's body must arrive; then 408",
    "send_seconds": "seconds an answer may wait for a client that does not read it",
    "idle_seconds": "seconds a connection is kept with nothing asked",
    "cache_bytes": "bytes of answers kept for whoever asks the same again",
}


def listed(limits: Limits) -> dict[str, tuple[float, str]]:
    """Return each limit's value and what it means, by name."""
    return {name: (getattr(limits, name), said) for name, said in MEANINGS.items()}
