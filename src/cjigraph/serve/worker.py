"""A process that answers queries, one at a time, and can do little else."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cjigraph.serve import reading, wire
from cjigraph.serve.about import about
from cjigraph.serve.confine import limit_time, peak
from cjigraph.serve.evaluate import evaluate
from cjigraph.serve.wire import Reply
from cjigraph.store import open_store

if TYPE_CHECKING:
    from typing import BinaryIO

    from pyoxigraph import Store

    from cjigraph.serve.limits import Limits
    from cjigraph.serve.wire import Job

_JOBS = 10_000
_REFRESH = 1.0
_GROWTH = 64 * 1024
"""Kibibytes a worker may have grown by before another takes its place."""


class Dataset(NamedTuple):
    """What a worker answers from, and within what limits."""

    store: Store
    about: bytes
    limits: Limits


def open_dataset(where: str | None, limits: Limits) -> Dataset:
    """Open a dataset for workers to read."""
    store = open_store(where)
    return Dataset(store, about(store, where), limits)


class Watch(Protocol):
    """Is told when a query begins, and when it has ended."""

    def __call__(self, *, busy: bool) -> None:
        """Take note of it."""


def _unwatched(*, busy: bool) -> None:
    """Take no note."""


def work(
    reader: BinaryIO, writer: BinaryIO, dataset: Dataset, watch: Watch = _unwatched
) -> None:
    """Answer what comes, until nothing more does or it is time for another worker."""
    before, timed = peak(), -_REFRESH
    for number in range(1, _JOBS + 1):
        job = _receive(reader)
        if job is None:
            return
        if monotonic() - timed > _REFRESH:
            limit_time(dataset.limits.seconds + _REFRESH)
            timed = monotonic()
        watch(busy=True)
        reply = _do(dataset, job)
        watch(busy=False)
        if number == _JOBS or peak() - before > _GROWTH:
            reply = reply._replace(flags=reply.flags | wire.RETIRING)
        writer.write(wire.pack_head(reply) + reply.body)
        writer.flush()
        if reply.flags & wire.RETIRING:
            return


def _receive(reader: BinaryIO) -> Job | None:
    head = reader.read(4)
    if len(head) < 4:
        return None
    return wire.unpack_job(reader.read(wire.job_length(head)))


def _do(dataset: Dataset, job: Job) -> Reply:
    limits = dataset.limits
    if job.kind == wire.ABOUT:
        return Reply(wire.OK, dataset.about)
    if job.kind == wire.GUARD:
        found = reading.read(job.text, limits.query_bytes, tuple(job.named or ()))
        return Reply(wire.OK, reading.pack(found))
    try:
        return evaluate(dataset.store, job, limits)
    except Exception:
        return Reply(wire.FAILED, b"", wire.RETIRING)
