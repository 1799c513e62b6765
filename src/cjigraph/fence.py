"""Run a query in a process of its own, so that it can be stopped.

The engine can neither be interrupted nor told how much memory it may take: Ctrl-C
waits until it has finished, and one that asks for too much takes the process with it.
Where processes cannot be forked (Windows), the work is done without a fence.
"""

from __future__ import annotations

import os

from cjigraph.errors import LimitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Ready = TypeVar("Ready")
    Done = TypeVar("Done")

SECONDS = 60.0
"""How long a query may run; nought is as long as it likes."""
MEMORY = 2 << 30
"""Bytes a query may take beyond those in use when it begins."""


def call(
    prepare: Callable[[], Ready],
    work: Callable[[Ready], Done],
    finish: Callable[[Done], int],
    settle: Callable[[Callable[[], int]], int],
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> int:
    """Prepare, work, finish, and return what finishing returns; only work is limited.

    All is done in a child process, where `settle` turns errors into an exit code. A
    limit that is hit is a `LimitError`.
    """
    if not hasattr(os, "fork"):
        return finish(work(prepare()))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        limits = seconds, memory
        _end(
            lambda: settle(
                lambda: finish(_within_limits(work, prepare(), writing, limits))
            )
        )
    os.close(writing)
    try:
        return _watch(child, reading, seconds)
    finally:
        os.close(reading)


def _end(work: Callable[[], int]) -> None:
    """End this process with the number that `work` returns."""
    code = 1
    try:
        code = work()
    except BaseException:  # a bug: the process must end here, but not in silence
        import sys

        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _within_limits(
    work: Callable[[Ready], Done],
    ready: Ready,
    writing: int,
    limits: tuple[float, int],
) -> Done:
    """Do `work` within limits; tell the parent when it begins and when it ends."""
    lift = _limit(*limits)
    talk = _hush()
    os.write(writing, b".")
    try:
        return work(ready)
    except MemoryError:
        raise _too_much() from None
    finally:
        os.close(writing)
        os.dup2(talk, 2)
        os.close(talk)
        lift()


def _hush() -> int:
    """Send stderr nowhere: the engine has last words when memory runs out."""
    talk = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return talk


def _limit(seconds: float, memory: int) -> Callable[[], None]:
    """Set the limits of this process, and return what lifts them again."""
    import resource

    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: _in_use() + memory}
    if seconds:  # should the parent be killed, so that nobody watches the clock
        wanted[resource.RLIMIT_CPU] = int(seconds) + 60
    former = {kind: resource.getrlimit(kind) for kind in wanted}
    for kind, most in wanted.items():
        hard = former[kind][1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, hard))

    def lift() -> None:
        for kind, limits in former.items():
            resource.setrlimit(kind, limits)

    return lift


def _in_use() -> int:
    """Return the bytes of address space in use, where the system tells."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return MEMORY


def _watch(child: int, reading: int, seconds: float) -> int:
    """Return the exit code of the child; end it if it works for too long."""
    is_working = False
    try:
        is_working = bool(os.read(reading, 1))
        if is_working and not _has_ended(reading, seconds):
            problem = f"no answer within {seconds:g} seconds"
            raise LimitError(problem, "ask for less, or give it longer: --timeout")
        return _code(os.waitpid(child, 0)[1])
    except (KeyboardInterrupt, LimitError):
        _stop(child, at_once=is_working)
        raise


def _has_ended(reading: int, seconds: float) -> bool:
    """Wait for the end of the work, for so many seconds; nought is for ever."""
    import select
    from time import monotonic

    end = monotonic() + (seconds or float("inf"))
    # A Ctrl-C that comes just before the wait begins is only seen after it.
    while (left := end - monotonic()) > 0:
        if select.select([reading], [], [], min(left, _SLICE))[0]:
            return True
    return False


_SLICE = 0.2


def _code(status: int) -> int:
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    raise _too_much()


def _stop(child: int, *, at_once: bool) -> None:
    """End the child; until it works, it has a while to put its things in order."""
    from signal import SIGINT, SIGKILL  # rarely needed, and slow to import
    from time import sleep

    try:
        if not at_once:
            os.kill(child, SIGINT)
            for _ in range(10):
                if os.waitpid(child, os.WNOHANG)[0]:
                    return
                sleep(_SLICE)
        os.kill(child, SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):  # it has ended by itself
        return


def _too_much() -> LimitError:
    problem = "the query took more memory than it may, or was nested too deep"
    return LimitError(problem, "ask for less at a time")
