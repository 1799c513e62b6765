"""Start worker processes, end them, and see to it that others take their place."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, cast

from cjigraph.errors import InputError, StoreError
from cjigraph.serve.workers import Pool, Worker
from cjigraph.serve.zygote import BORN, BROKEN, FRAME, KILL, READY

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from cjigraph.errors import CjigraphError
    from cjigraph.serve.limits import Limits

_log = logging.getLogger("cjigraph.serve")

_START = (
    "import json, sys\n"
    "path, function, arguments, limits = json.loads(sys.argv[1])\n"
    "sys.path[:] = path\n"
    "from cjigraph.serve import zygote\n"
    "from cjigraph.serve.limits import Limits\n"
    "getattr(zygote, function)(*arguments, Limits(*limits))\n"
)
_PAUSE = 1.0
"""Seconds before what has failed is tried again."""
_TICK = 0.01
_PATIENCE = 5.0
"""Seconds a process has to end by itself."""


def can_fork() -> bool:
    """Whether this platform lets one process fork workers from an open dataset."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and os.name == "posix"


def _command(function: str, arguments: list[object], limits: Limits) -> list[str]:
    said = json.dumps([sys.path, function, arguments, list(limits)])
    return [sys.executable, "-c", _START, said]


class Processes:
    """Where workers come from."""

    def __init__(self, pool: Pool, where: str | None) -> None:
        self._pool = pool
        self._where = where
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = loop.create_future()

    async def start(self) -> None:
        """Start, and wait for the first worker."""
        raise NotImplementedError

    async def stop(self) -> None:
        """End all of them."""
        raise NotImplementedError

    def _soon(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def joined(self, worker: Worker) -> None:
        """Take in a worker that is ready."""
        self._pool.join(worker)
        if not self._ready.done():
            self._ready.set_result(None)

    def _failed(self, error: CjigraphError) -> None:
        """Give up, if there has never been a worker."""
        if not self._ready.done():
            self._stopping = True
            self._ready.set_exception(error)


class _SocketLine(asyncio.Protocol):
    """The way to a forked worker: a socket, and the zygote for its end."""

    def __init__(self, forked: Forked, process: int) -> None:
        self.worker = Worker(forked._pool, self)
        self._forked, self._process = forked, process
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.worker.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.worker.lost()

    def write(self, data: bytes) -> None:
        if self._transport:
            self._transport.write(data)

    def end(self) -> None:
        self._forked.kill(self._process)
        if self._transport:
            self._transport.abort()


class Forked(Processes):
    """Workers that a zygote forks."""

    _control: socket.socket
    _zygote: subprocess.Popen[bytes]

    async def start(self) -> None:
        """Start the zygote, and wait for its first worker."""
        self._launch()
        await self._ready

    def _launch(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            arguments: list[object] = [theirs.fileno(), self._where]
            self._zygote = subprocess.Popen(  # noqa: S603 (our own program)
                _command("main", arguments, self._pool.limits),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the parent alone
            )
        self._control.setblocking(False)
        asyncio.get_running_loop().add_reader(self._control, self._hear)

    def _hear(self) -> None:
        """Take in a worker that the zygote has forked."""
        try:
            frame, sockets, _, _ = socket.recv_fds(self._control, FRAME.size, 1)
        except BlockingIOError:
            return
        except OSError:
            frame, sockets = b"", []
        if len(frame) < FRAME.size:
            self._zygote_died()
            return
        kind, number = FRAME.unpack(frame)
        if kind == BORN:
            self._soon(self._connect(number, socket.socket(fileno=sockets[0])))
        elif kind == BROKEN:
            self._control.setblocking(True)
            said = self._control.recv(number, socket.MSG_WAITALL).decode()
            kind = InputError if said.startswith("2") else StoreError
            self._failed(kind(said[1:]))

    async def _connect(self, process: int, end: socket.socket) -> None:
        line = _SocketLine(self, process)
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):  # it has died already
            await loop.create_unix_connection(lambda: line, sock=end)
            self.joined(line.worker)

    def kill(self, process: int) -> None:
        """Have a worker ended; the zygote knows whether the number is still its own."""
        with contextlib.suppress(OSError):
            self._control.send(FRAME.pack(KILL, process))

    def _zygote_died(self) -> None:
        self._let_go()
        self._failed(StoreError("the workers could not be started"))
        if not self._stopping:
            _log.error("the zygote has ended; starting another")
            self._soon(self._again())

    async def _again(self) -> None:
        self._pool.empty()
        await asyncio.sleep(_PAUSE)
        await _ended(self._zygote)
        if not self._stopping:
            self._launch()

    async def stop(self) -> None:
        """Let go of the zygote, which then ends its workers and itself."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        self._pool.empty()
        self._let_go()
        await _ended(self._zygote)

    def _let_go(self) -> None:
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()


async def _ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process to end, and end it if it does not."""

    def wait() -> None:
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    await asyncio.get_running_loop().run_in_executor(None, wait)


class _PipeLine(asyncio.SubprocessProtocol):
    """The way to a worker that was started afresh: its input and its output."""

    def __init__(self, spawned: Spawned) -> None:
        self.worker = Worker(spawned._pool, self)
        self._spawned = spawned
        self._is_ready = False
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if self._is_ready:
            self.worker.feed(data)
        elif data == READY:
            self._is_ready = True
            self._spawned.joined(self.worker)

    def process_exited(self) -> None:
        self.worker.lost()
        if self._transport:
            self._transport.close()
        self._spawned.replace(self)

    def write(self, data: bytes) -> None:
        if self._transport:
            pipe = self._transport.get_pipe_transport(0)
            cast("asyncio.WriteTransport", pipe).write(data)

    def end(self) -> None:
        if self._transport:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()


class Spawned(Processes):
    """Workers that are started afresh, for platforms that cannot fork."""

    async def start(self) -> None:
        """Start the workers, and wait for the first to answer."""
        self._lines: set[_PipeLine] = set()
        for _ in range(self._pool.limits.workers):
            await self._launch()
        await self._ready

    async def _launch(self) -> None:
        line = _PipeLine(self)
        self._lines.add(line)
        await asyncio.get_running_loop().subprocess_exec(
            lambda: line,
            *_command("spawned", [self._where], self._pool.limits),
            stderr=None,
        )

    def replace(self, line: _PipeLine) -> None:
        """Start another worker in the place of one that has ended."""
        self._lines.discard(line)
        self._failed(StoreError("the workers could not be started"))
        if not self._stopping:
            self._soon(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(_PAUSE / 10)
        await self._launch()

    async def stop(self) -> None:
        """End the workers."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        for line in list(self._lines):
            line.end()
        self._pool.empty()
        for _ in range(int(_PATIENCE / _TICK)):
            if self._lines:
                await asyncio.sleep(_TICK)


def processes(pool: Pool, where: str | None, *, fork: bool) -> Processes:
    """Return where the workers of a pool will come from."""
    return (Forked if fork else Spawned)(pool, where)
