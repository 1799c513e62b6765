"""The workers as the process that holds the socket sees them.

It gives each query to a worker, waits with a clock, and has whatever takes too long
ended. What becomes of a worker is no danger to it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING, Protocol

from cjigraph.serve import wire
from cjigraph.serve.wire import Job, Reply

if TYPE_CHECKING:
    from cjigraph.serve.limits import Limits

_SLACK = 64 * 1024


class NoAnswerError(Exception):
    """A query that a worker was not asked, or did not answer."""


class BusyError(NoAnswerError):
    """Too many queries wait for a worker."""


class CrowdedError(NoAnswerError):
    """Too many queries of one client wait for a worker."""


class LateError(NoAnswerError):
    """The query took too long."""


class DiedError(NoAnswerError):
    """The worker ended while it answered."""


class LeftError(NoAnswerError):
    """Nobody waits for the answer any more."""


class Line(Protocol):
    """A way to a worker's process, and to its end."""

    def write(self, data: bytes) -> None:
        """Send it something."""

    def end(self) -> None:
        """End it at once, whatever it is doing."""


class Run:
    """A query on its way: waiting, running, or done when `future` is."""

    __slots__ = (
        "client",
        "future",
        "job",
        "limit",
        "seconds",
        "started",
        "timer",
        "worker",
    )

    def __init__(
        self, job: Job, client: str, limit: float, future: asyncio.Future[Reply]
    ) -> None:
        self.job = job
        self.client = client
        self.limit = limit
        self.future = future
        self.worker: Worker | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.started = 0.0
        self.seconds = 0.0


class Worker:
    """One worker process, and the run it is busy with."""

    def __init__(self, pool: Pool, line: Line) -> None:
        self.line = line
        self.run: Run | None = None
        self._pool = pool
        self._got = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what the process has sent."""
        if self.run is None:  # it speaks without being asked
            self._pool.dismiss(self)
            return
        self._got += data
        if len(self._got) < wire.HEAD:
            return
        status, flags, replaced, length = wire.unpack_head(self._got)
        if length > self._pool.limits.result_bytes + _SLACK:
            self._pool.dismiss(self)
        elif len(self._got) >= wire.HEAD + length:
            body = bytes(self._got[wire.HEAD : wire.HEAD + length])
            self._got.clear()
            self._pool.answered(self, Reply(status, body, flags, replaced))

    def lost(self) -> None:
        """Take note that the process has ended."""
        self._pool.dismiss(self)


class Pool:
    """Hands queries to workers, so that nobody can have them all."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._waiting: deque[Run] = deque()
        self._running: Counter[str] = Counter()
        self._loop = asyncio.get_running_loop()
        self._share = limits.address_running

    def join(self, worker: Worker) -> None:
        """Take in a worker that is ready."""
        self._all.add(worker)
        self._idle.append(worker)
        self._next()

    @property
    def size(self) -> int:
        """How many workers there are, busy or not."""
        return len(self._all)

    @property
    def busy(self) -> int:
        """How many of them are."""
        return len(self._all) - len(self._idle)

    def submit(self, job: Job, client: str = "", seconds: float | None = None) -> Run:
        """Begin a run, or queue it; its future ends in a reply or a `NoAnswerError`.

        Runs of the client "" are our own, and may take every worker.
        """
        limit = self.limits.seconds if seconds is None else seconds
        run = Run(job, client, limit, self._loop.create_future())
        if self._idle and self._may_run(client):
            self._begin(run)
        elif self._waits(client) >= self.limits.address_waiting:
            run.future.set_exception(CrowdedError())
        elif len(self._waiting) >= self.limits.queue:
            run.future.set_exception(BusyError())
        else:
            self._waiting.append(run)
            run.timer = self._loop.call_later(run.limit, self._fail, run, BusyError())
        return run

    def leave(self, run: Run) -> None:
        """Stop a run that nobody waits for."""
        self._fail(run, LeftError())

    def answered(self, worker: Worker, reply: Reply) -> None:
        """Pass on a worker's reply, and give it something else to do."""
        run = worker.run
        self._release(worker)
        if reply.flags & wire.RETIRING:
            self._all.discard(worker)
        else:
            self._idle.append(worker)
        if run and not run.future.done():
            run.future.set_result(reply)
        self._next()

    def dismiss(self, worker: Worker) -> None:
        """End a worker that has died, or must; its run fails."""
        if worker.run:
            self._fail(worker.run, DiedError())
        else:
            self._remove(worker)

    def empty(self) -> None:
        """Fail whatever runs or waits."""
        for run in list(self._waiting):
            self._fail(run, BusyError())
        for worker in list(self._all):
            self.dismiss(worker)

    def _may_run(self, client: str) -> bool:
        return not client or self._running[client] < self._share

    def _waits(self, client: str) -> int:
        return sum(run.client == client for run in self._waiting) if client else 0

    def _begin(self, run: Run) -> None:
        worker = self._idle.pop()
        worker.run, run.worker = run, worker
        if run.client:
            self._running[run.client] += 1
        if run.timer:
            run.timer.cancel()
        run.started = self._loop.time()
        run.timer = self._loop.call_later(run.limit, self._fail, run, LateError())
        worker.line.write(wire.pack_job(run.job))

    def _next(self) -> None:
        """Begin what waits, in order, but for clients that have their fill."""
        if not self._waiting:
            return
        for run in list(self._waiting):
            if not self._idle:
                return
            if self._may_run(run.client):
                self._waiting.remove(run)
                self._begin(run)

    def _fail(self, run: Run, reason: NoAnswerError) -> None:
        if run.future.done():
            return
        run.future.set_exception(reason)
        run.future.exception()  # whoever waited may be gone, and that is no news
        if run.worker:
            worker = run.worker
            self._release(worker)
            self._remove(worker)
        else:
            self._waiting.remove(run)
            if run.timer:
                run.timer.cancel()
        self._next()

    def _release(self, worker: Worker) -> None:
        run, worker.run = worker.run, None
        if run is None:
            return
        run.worker = None
        run.seconds = self._loop.time() - run.started
        if run.timer:
            run.timer.cancel()
        if run.client:
            self._running[run.client] -= 1
            if not self._running[run.client]:
                del self._running[run.client]

    def _remove(self, worker: Worker) -> None:
        if worker in self._all:
            self._all.discard(worker)
            if worker in self._idle:
                self._idle.remove(worker)
            worker.line.end()
