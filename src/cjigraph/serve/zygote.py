"""A process that holds the open dataset and forks workers from it.

It has one thread and answers nothing itself, so that forking it is safe. It is started
afresh rather than forked, since the process that starts it may have threads.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import struct
import sys
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, cast

from cjigraph.errors import CjigraphError
from cjigraph.serve.confine import confine, die_with_parent, leave_network, silence
from cjigraph.serve.worker import open_dataset, work

if TYPE_CHECKING:
    from typing import BinaryIO

    from cjigraph.serve.limits import Limits
    from cjigraph.serve.worker import Dataset

FRAME = struct.Struct("!cI")
BORN, BROKEN, KILL = b"W", b"E", b"K"
"""To the parent: a worker's process, with its socket; or the length of a text that says
why there is none, after the exit code. From the parent: the worker to end."""

READY = b"!"
"""What a worker that was started afresh says when it has opened the dataset."""

_HASTE = 0.1
"""Seconds a worker should live; if it does not, so many pass before the next."""
_GRACE = 2.0
"""Seconds that a parent has to end a worker before it ends itself."""


def main(descriptor: int, where: str | None, limits: Limits) -> None:
    """Serve the parent at the other end of a socket until it is gone."""
    with socket.socket(fileno=descriptor) as control:
        try:
            dataset = open_dataset(where, limits)
        except CjigraphError as error:
            said = f"{error.exit_code}{error}".encode()
            control.sendall(FRAME.pack(BROKEN, len(said)) + said)
            return
        leave_network()
        silence()
        gc.freeze()  # so that a collection in a worker copies no pages
        _Zygote(control, dataset).run()


class _Zygote:
    def __init__(self, control: socket.socket, dataset: Dataset) -> None:
        self._control = control
        self._dataset = dataset
        self._born: dict[int, float] = {}
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)

    def run(self) -> None:
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for _ in range(self._dataset.limits.workers):
            self._bear()
        while self._heed():
            self._replace()
        for process in self._born:
            os.kill(process, signal.SIGKILL)

    def _heed(self) -> bool:
        """Do what the parent asks, or return because a worker has ended."""
        ready, _, _ = select.select([self._control, self._woken], [], [])
        if self._woken in ready:
            with contextlib.suppress(BlockingIOError):
                self._woken.recv(4096)
        if self._control not in ready:
            return True
        frame = self._control.recv(FRAME.size, socket.MSG_WAITALL)
        if len(frame) < FRAME.size:
            return False
        _, process = FRAME.unpack(frame)
        if process in self._born:
            os.kill(process, signal.SIGKILL)
        return True

    def _replace(self) -> None:
        """Bury the workers that have ended, and fork others."""
        while self._born:
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            if monotonic() - self._born.pop(process) < _HASTE:
                sleep(_HASTE)
            self._bear()

    def _bear(self) -> None:
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            ours.close()
            self._be_worker(theirs)
        theirs.close()
        self._born[process] = monotonic()
        with ours, contextlib.suppress(OSError):  # the parent may be gone
            frame = FRAME.pack(BORN, process)
            socket.send_fds(self._control, [frame], [ours.fileno()])

    def _be_worker(self, own: socket.socket) -> None:
        status = 1
        try:
            die_with_parent()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in (self._control, self._woken, self._waker):
                other.close()
            confine(self._dataset.limits.memory)
            with own, _stream(own, "rb") as reader, _stream(own, "wb") as writer:
                work(reader, writer, self._dataset)
            status = 0
        finally:
            os._exit(status)


def _stream(own: socket.socket, mode: str) -> BinaryIO:
    """Return a socket as a file, which is quicker than what it makes of itself."""
    return cast("BinaryIO", os.fdopen(own.fileno(), mode, closefd=False))


def spawned(where: str | None, limits: Limits) -> None:
    """Be a worker that was started afresh, and answer over standard input and output.

    For platforms without fork. What the dataset needs is opened before the limits.
    """
    reader = os.fdopen(os.dup(0), "rb")
    writer = os.fdopen(os.dup(1), "wb")
    try:
        dataset = open_dataset(where, limits)
    except CjigraphError as error:
        sys.stderr.write(f"cjigraph: {error}\n")
        sys.exit(error.exit_code)
    silence()
    die_with_parent()
    watch = _Watch(limits.seconds + _GRACE)
    confine(limits.memory)
    writer.write(READY)
    writer.flush()
    work(reader, writer, dataset, watch.begin)


class _Watch:
    """Ends this process if one query takes so long that the parent must have died."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since = monotonic()
        self._busy = False
        Thread(target=self._look, daemon=True).start()

    def begin(self, *, busy: bool) -> None:
        """Take note that a query begins, or has ended."""
        self._since, self._busy = monotonic(), busy

    def _look(self) -> None:
        while True:
            sleep(_HASTE)
            if self._busy and monotonic() - self._since > self._seconds:
                os._exit(1)
