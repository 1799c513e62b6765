"""A real server in a process of its own, on a free port of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

ROOT = Path(__file__).parents[2]

START = """
import json, sys
from cjigraph.serve import Bind, Limits, run
given = json.loads(sys.argv[1])
host, port, proxies = given["bind"]
bind = Bind(host, port, frozenset(proxies))
run(bind, limits=Limits(**given["limits"]), **given["settings"])
"""

GENEROUS = {
    "workers": 2,
    "address_waiting": 1000,
    "address_seconds": 1e9,
    "address_errors": 1e9,
    "address_connections": 90,
}
"""Limits that no test meets by chance, since all its requests come from one address."""


class Server:
    """A server that runs for as long as it is held."""

    def __init__(
        self,
        store: Path,
        proxies: tuple[str, ...] = (),
        limits: dict[str, Any] | None = None,
        code: str = START,
        **settings: Any,
    ) -> None:
        if sys.platform != "linux":
            pytest.skip("processes are counted in /proc, which only Linux has")
        given = {
            "bind": ["127.0.0.1", 0, proxies],
            "limits": {**GENEROUS, **(limits or {})},
            "settings": {"store": str(store), **settings},
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, json.dumps(given)],
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            text=True,
        )
        try:
            self.port = self._await_port()
        except BaseException:
            self._kill()
            raise
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def _await_port(self) -> int:
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "serving " in line:
                return listening(self.process.pid)
        raise AssertionError("the server did not start: " + "".join(said))

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def get(self, query: str, accept: str = "*/*", **parameters: Any) -> httpx.Response:
        """Ask a query by GET."""
        return self.client.get(
            "/sparql",
            params={"query": query, **parameters},
            headers={"Accept": accept},
        )

    def connect(self) -> socket.socket:
        """Return a bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), 30)

    def send(self, content: bytes) -> bytes:
        """Send bytes on a connection of their own; return what comes until its end."""
        with self.connect() as connection:
            connection.sendall(content)
            return received(connection)

    def family(self) -> list[int]:
        """Return the processes that the server has started, and those they have."""
        return descendants(self.process.pid)

    def memory(self) -> int:
        """Return the kibibytes that the server's own process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        """Stop, and wait until it has."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            assert self.process.stderr is not None
            self.process.stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def listening(process: int) -> int:
    """Return the port that a process listens on."""
    sockets = set()
    for file in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            sockets.add(str(file.readlink()))
    for line in Path(f"/proc/{process}/net/tcp").read_text("ascii").splitlines()[1:]:
        parts = line.split()
        if parts[3] == "0A" and f"socket:[{parts[9]}]" in sockets:
            return int(parts[1].partition(":")[2], 16)
    raise AssertionError("the server does not listen")


def received(connection: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def descendants(process: int) -> list[int]:
    """Return the numbers of the processes below one."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found, new = [], [process]
    while new:
        new = [child for child, parent in parents.items() if parent in new]
        found += new
    return found


def alive(processes: list[int]) -> list[int]:
    """Return those of some processes that have not ended."""
    return [each for each in processes if _is_alive(each)]


def _is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def soon(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Whether something comes true before long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
