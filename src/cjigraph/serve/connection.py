"""HTTP/1.1 connections that cannot be held open, or filled, for nothing.

uvicorn reads heads of any length for any time, and writes to whoever does not read.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from cjigraph.serve.meter import client

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from cjigraph.serve.limits import Limits

_LINE = 8
"""What a header takes beside its name and value."""


class Door:
    """How many connections there are, in all and of each client."""

    def __init__(self, limits: Limits, proxies: frozenset[str] = frozenset()) -> None:
        self.limits = limits
        self._proxies = proxies
        self._of: Counter[str] = Counter()
        self._open = 0

    def enter(self, host: str) -> int:
        """Let a connection in and return 0, or return the status to refuse it with."""
        who = client(host)
        if self._open >= self.limits.connections:
            return 503
        crowded = self._of[who] >= self.limits.address_connections
        if crowded and host not in self._proxies:
            return 429
        self._open += 1
        self._of[who] += 1
        return 0

    def leave(self, host: str) -> None:
        """Take note that a connection is closed."""
        who = client(host)
        self._open -= 1
        self._of[who] -= 1
        if not self._of[who]:
            del self._of[who]


_SAID = {
    408: "the request did not arrive in time",
    414: "the address is too long; send the query by POST",
    429: "too many connections from your address",
    431: "the headers are too long or too many",
    503: "too many connections",
}


class _Connection(HttpToolsProtocol):
    """A connection with deadlines and limits; `door` is set by `behind`."""

    door: Door

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._host = ""
        self._inside = False
        self._refused = False
        self._head_bytes = 0
        self._header_count = 0
        self._head_since: float | None = None
        self._unread_since: float | None = None
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._host = self.client[0] if self.client else ""
        status = self.door.enter(self._host)
        self._inside = not status
        if status:
            self._refuse(status)
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._inside:
            self.door.leave(self._host)
            self._inside = False
        if self._clock:
            self._clock.cancel()
            self._clock = None
        self._head_since = self._unread_since = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        waiting = self._head_since is not None
        if not waiting and not self._is_answering():
            self._await_head()
            waiting = True
        super().data_received(data)
        if waiting and self._head_since is not None:  # a head that goes on
            self._head_bytes += len(data)
            if self._head_bytes > 2 * self.door.limits.header_bytes:
                self._refuse(431)

    # What the parser calls

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_count = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.door.limits.url_bytes:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._refused:
            return
        super().on_header(name, value)
        self._header_count += len(name) + len(value) + _LINE
        limits = self.door.limits
        if self._header_count > limits.header_bytes or (
            len(self.headers) > limits.headers
        ):
            self._refuse(431)

    def on_headers_complete(self) -> None:
        self._head_since = None
        self._head_bytes = 0
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._refused:
            super().on_message_complete()

    # What the transport calls

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.loop.time()
        self._set_clock()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._head_since = self.loop.time()
        self._head_bytes = 0
        self._set_clock()

    def _set_clock(self) -> None:
        """Look after the deadlines; one timer serves many requests."""
        if self._clock is None:
            limits = self.door.limits
            seconds = min(limits.head_seconds, limits.send_seconds)
            self._clock = self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._clock = None
        now, limits = self.loop.time(), self.door.limits
        if self._unread_since is not None:
            if now - self._unread_since >= limits.send_seconds:
                self.transport.abort()
                return
            self._set_clock()
        if self._head_since is not None:
            if now - self._head_since >= limits.head_seconds * 0.99:
                self._refuse(408)
                return
            rest = self._head_since + limits.head_seconds - now
            self._clock = self.loop.call_later(rest, self._look)

    def _refuse(self, status: int) -> None:
        """Say why and close, without troubling the application."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._head_since = None
        if self._is_answering():
            self.transport.abort()  # in the middle of another answer
            return
        body = (_SAID[status] + "\n").encode()
        again = b"retry-after: 5\r\n" if status in (429, 503) else b""
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n"
            b"x-content-type-options: nosniff\r\nconnection: close\r\n"
            + again
            + b"content-length: %d\r\n\r\n" % len(body)
            + body
        )
        self.transport.close()


def behind(door: Door) -> type[HttpToolsProtocol]:
    """Return connections that come in by one door."""
    return type("Connection", (_Connection,), {"door": door})
