"""From a query to its answer, by way of the guard and a worker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from cjigraph.serve import reading, wire
from cjigraph.serve.meter import Meter
from cjigraph.serve.problems import Problem, later
from cjigraph.serve.reading import Reading, Refusal
from cjigraph.serve.wire import Job
from cjigraph.serve.workers import (
    BusyError,
    CrowdedError,
    DiedError,
    LateError,
    LeftError,
)

if TYPE_CHECKING:
    from starlette.types import Receive

    from cjigraph.serve.asked import Asked
    from cjigraph.serve.description import Description
    from cjigraph.serve.limits import Limits
    from cjigraph.serve.negotiate import Chosen
    from cjigraph.serve.wire import Reply
    from cjigraph.serve.workers import Pool, Run

    Headers = list[tuple[bytes, bytes]]

_log = logging.getLogger("cjigraph.serve")

_LASTING = b"public, max-age=300"
_SHORT = 4096
"""Characters of a query that is read here; a longer one is read by a worker."""
_QUICK = 0.1
"""Seconds after which a client that waits is watched, lest it has left."""
_AGAIN = 5.0
"""Seconds after which a client may try again when all are busy."""
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_STATUS = {reading.FORBIDDEN: 403, reading.TOO_BIG: 413, reading.WRONG: 400}


class Gone(Exception):  # noqa: N818 (nothing is wrong)
    """The client has left before it was answered."""


class Answer(NamedTuple):
    """What a query is answered with; `headers` say the rest."""

    body: bytes
    headers: Headers
    etag: bytes
    """Empty if the same query may be answered otherwise next time."""
    cut: bool = False


class Service:
    """Answers queries from one dataset; problems are raised as `Problem`.

    `own` begins the names of the graphs that a query may name even if they are empty.
    """

    def __init__(
        self, pool: Pool, description: Description, own: tuple[str, ...]
    ) -> None:
        self.pool = pool
        self.description = description
        self.limits: Limits = pool.limits
        self.meter = Meter(pool.limits)
        outside = (g for g in description.graphs if not g.startswith(own))
        self._ours = (*own, *sorted(outside))

    def admit(self, client: str) -> None:
        """Refuse a client that has asked too much of late."""
        wait = self.meter.wait(client)
        if wait:
            said = "too much query time, or too many errors, from your address of late"
            raise later(429, said, wait)

    async def read(self, asked: Asked, client: str) -> Reading:
        """Return what a query is, if it may be put to the engine."""
        for graph in (*(asked.default or ()), *(asked.named or ())):
            self._refuse_outside(graph)
        if len(asked.query) <= _SHORT:
            found = reading.read(asked.query, self.limits.query_bytes, self._ours)
        else:
            job = Job(wire.GUARD, asked.query, named=list(self._ours))
            reply = await self._reply(job, client, None)
            found = _unpacked(reply)
        if isinstance(found, Refusal):
            raise Problem(_STATUS.get(found.kind, 400), found.said)
        return found

    def _refuse_outside(self, graph: str) -> None:
        if not _IRI.fullmatch(graph):
            raise Problem(400, "a graph's name must be an absolute IRI")
        if not graph.startswith(self._ours):
            raise Problem(
                403,
                "that graph is not one of ours, and none is fetched; "
                "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } lists those we hold",
            )

    def tag(self, asked: Asked, chosen: Chosen) -> bytes:
        """Return a name for the answer: the same query, data and format, the same."""
        parts = (self.description.version, asked, chosen.format.name, chosen.media)
        digest = blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16)
        return b'W/"' + digest.hexdigest().encode() + b'"'

    async def answer(
        self,
        asked: Asked,
        found: Reading,
        chosen: Chosen,
        client: str,
        receive: Receive | None = None,
        values: dict[str, list[str]] | None = None,
    ) -> Answer:
        """Return the answer; a client that leaves, as `receive` tells, stops it."""
        job = Job(
            wire.QUERY,
            asked.query,
            chosen.format.name,
            None if asked.default is None else list(asked.default),
            None if asked.named is None else list(asked.named),
            asked.cut,
            values,
        )
        reply = await self._reply(job, client, receive)
        if reply.status != wire.OK:
            raise self._problem(reply)
        etag = self.tag(asked, chosen) if found.lasts and not values else b""
        cut = bool(reply.flags & wire.CUT)
        return Answer(reply.body, _headers(reply, chosen, etag, cut=cut), etag, cut)

    def described(self, body: bytes, chosen: Chosen) -> Answer:
        """Return a description as the answer to a request for it."""
        etag = b'W/"' + blake2b(body, digest_size=16).hexdigest().encode() + b'"'
        reply = wire.Reply(wire.OK, body)
        return Answer(body, _headers(reply, chosen, etag, cut=False), etag)

    async def _reply(self, job: Job, client: str, receive: Receive | None) -> Reply:
        run = self.pool.submit(job, client)
        try:
            return await (_watched(run, self.pool, receive) if receive else run.future)
        except CrowdedError:
            said = "too many queries from your address are waiting"
            raise later(429, said, _AGAIN) from None
        except BusyError:
            raise later(503, "all workers are busy", _AGAIN) from None
        except LateError:
            self._log_end(job, "took too long")
            raise Problem(504, self._late()) from None
        except DiedError:
            self._log_end(job, "ended its worker")
            raise Problem(503, _DIED) from None
        except LeftError:
            raise Gone from None
        finally:
            self.meter.took(client, run.seconds)

    def _log_end(self, job: Job, what: str) -> None:
        digest = blake2b(job.text.encode("utf-8", "replace"), digest_size=8)
        _log.warning("query %s %s", digest.hexdigest(), what)

    def _late(self) -> str:
        seconds = self.limits.seconds
        return f"stopped after {seconds:g} seconds; ask for less, or in several queries"

    def _problem(self, reply: Reply) -> Problem:
        said = _printable(reply.body)
        limits = self.limits
        if reply.status == wire.UNREADABLE:
            return Problem(400, said or "the query cannot be read")
        if reply.status == wire.TOO_MANY:
            what = f"{limits.rows} rows or statements"
            return Problem(413, _TOO_MUCH.format(what))
        if reply.status == wire.TOO_LONG:
            return Problem(413, _TOO_MUCH.format(f"{limits.result_bytes} bytes"))
        if reply.status == wire.TOO_HUNGRY:
            return Problem(503, _DIED)
        if reply.status == wire.UNFIT:
            return Problem(406, f"{said}; ask for another format")
        return Problem(500, "the query failed")


_DIED = "the query needed too much memory, or was too deeply nested; ask for less"
_TOO_MUCH = (
    "the answer has more than {}; add LIMIT, or truncate=true for the first of it"
)


def _unpacked(reply: Reply) -> Reading | Refusal:
    with contextlib.suppress(ValueError, TypeError):
        return reading.unpack(reply.body)
    return Refusal(reading.WRONG, "the query cannot be read")


async def _watched(run: Run, pool: Pool, receive: Receive) -> Reply:
    """Wait for a reply; if it takes a while, see whether the client waits as well."""
    tasks: list[asyncio.Task[None]] = []

    def watch() -> None:
        tasks.append(asyncio.ensure_future(_leave(run, pool, receive)))

    timer = asyncio.get_running_loop().call_later(_QUICK, watch)
    try:
        return await run.future
    finally:
        timer.cancel()
        for task in tasks:
            task.cancel()


async def _leave(run: Run, pool: Pool, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    pool.leave(run)


def _headers(reply: Reply, chosen: Chosen, etag: bytes, *, cut: bool) -> Headers:
    media = chosen.media.encode()
    if media.startswith(b"text/"):
        media += b"; charset=utf-8"
    headers = [
        (b"content-type", media),
        (b"content-length", str(len(reply.body)).encode()),
        (b"vary", b"Accept"),
        (b"cache-control", _LASTING if etag else b"no-store"),
    ]
    if etag:
        headers.append((b"etag", etag))
    if chosen.format.name in ("csv", "tsv"):
        name = b"cjigraph." + chosen.format.ending.encode()
        disposition = b'attachment; filename="' + name + b'"'
        headers.append((b"content-disposition", disposition))
    if cut:
        headers.append((b"x-truncated", b"rows"))
    if reply.replaced:
        headers.append((b"cjigraph-replaced", str(reply.replaced).encode()))
    return headers


def _printable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return "".join(each if each.isprintable() else " " for each in text)
