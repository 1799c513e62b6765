"""Take from a process what answering a query does not need.

Each wall that a platform has is put up; which ones stand is returned, by name.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38


def leave_network() -> bool:
    """Move to a network of one's own with nothing in it, as Linux lets some users."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    return bool(library.unshare(_NEW_USER | _NEW_NETWORK) == 0)


def confine(memory: int) -> list[str]:
    """Limit this process to `memory` more bytes, and to the files it has open."""
    walls = ["memory"] if _limit("RLIMIT_AS", _size() + memory) else []
    walls += ["files"] if _limit("RLIMIT_NOFILE", 0) else []
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NPROC", 0)
    return walls


def limit_time(seconds: float) -> None:
    """End this process when it has used so much more of a processor.

    The parent's clock comes first; this one is for a parent that has died.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime + seconds) + 2
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def die_with_parent() -> None:
    """Ask Linux to end this process when the one that started it ends."""
    if sys.platform.startswith("linux"):
        import ctypes

        library = ctypes.CDLL(None)
        library.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def peak() -> int:
    """Return the most memory this process has held, in kibibytes; 0 if unknown."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


def silence() -> None:
    """Send whatever this process may print nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _limit(name: str, value: int) -> bool:
    try:
        import resource

        resource.setrlimit(getattr(resource, name), (value, value))
    except (ImportError, AttributeError, OSError, ValueError):
        return False
    return True


def _size() -> int:
    """Return the bytes of address space this process has; enough where unknown."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 (before limits)
            pages = int(file.read().split()[0])
    except OSError:
        return 2**32
    return pages * os.sysconf("SC_PAGE_SIZE")
