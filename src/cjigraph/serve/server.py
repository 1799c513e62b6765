"""Run the application on one address, from one process."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

import uvicorn

from cjigraph.errors import InputError
from cjigraph.serve.application import Settings, app, hosts
from cjigraph.serve.connection import Door, behind
from cjigraph.serve.limits import Limits
from cjigraph.serve.processes import can_fork
from cjigraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.applications import Starlette

_GRACE = 5
"""Seconds that answers under way have when the server is told to stop."""


class Bind(NamedTuple):
    """Where to listen; port 0 takes any that is free. `proxies` are believed."""

    host: str = "127.0.0.1"
    port: int = 8000
    proxies: frozenset[str] = frozenset()


def main(
    *,
    store: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    public_url: str | None = None,
    workers: int | None = None,
    timeout: float | None = None,
    proxies: Sequence[str] = (),
) -> None:
    """Serve until interrupted, as `cjigraph serve` does with options of these names."""
    limits = Limits()
    if workers is not None:
        limits = limits._replace(workers=_within("workers", workers, 1, 64))
    if timeout is not None:
        limits = limits._replace(seconds=_within("timeout", timeout, 0.1, 60))
    bind = Bind(host, int(_within("port", port, 0, 65535)), frozenset(proxies))
    run(bind, store=store, public_url=public_url, limits=limits)


_Number = TypeVar("_Number", int, float)


def _within(name: str, value: _Number, least: _Number, most: _Number) -> _Number:
    if not least <= value <= most:
        raise InputError(f"--{name} {value:g} is not from {least:g} to {most:g}")
    return value


def run(
    bind: Bind = Bind(),  # noqa: B008 (it cannot change)
    *,
    store: str | None = None,
    public_url: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (likewise)
    fork: bool | None = None,
    own: Sequence[str] = (BASE,),
    build: Callable[[Settings], Starlette] = app,
) -> None:
    """Serve until interrupted; `build` makes the application from its settings."""
    fork = can_fork() if fork is None else fork
    _check(bind, public_url, fork=fork)
    with _listener(bind) as listener:
        port = listener.getsockname()[1]
        public = (public_url or f"http://{_named(bind.host)}:{port}").rstrip("/")
        known = hosts(public, bind.host, port)
        settings = Settings(store, public, known, tuple(own), limits, fork)
        application = build(settings)
        server = _Server(_config(application, bind, limits))
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(_serve(application, server, listener))


async def _serve(
    application: Starlette, server: _Server, listener: socket.socket
) -> None:
    settings: Settings = application.state.settings
    async with application.router.lifespan_context(application):
        _say(f"serving {settings.public_url}/sparql; Ctrl-C ends it")
        if not settings.fork:
            _say("this platform cannot fork, so only this machine is served")
        await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that only stops when it is told to, so that what holds it can close."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal, and do not send it again to a process that is closing."""
        told = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, before in told.items():
                signal.signal(number, before)


def _config(application: Starlette, bind: Bind, limits: Limits) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    return uvicorn.Config(
        application,
        http=behind(Door(limits, bind.proxies)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(bind.proxies),
        forwarded_allow_ips=sorted(bind.proxies),
        backlog=limits.connections,
        timeout_keep_alive=max(1, int(limits.idle_seconds)),
        timeout_graceful_shutdown=_GRACE,
    )


def _check(bind: Bind, public_url: str | None, *, fork: bool) -> None:
    if public_url is not None:
        parts = urlsplit(public_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InputError(f"{public_url} is no address", "write https://example.org")
        if parts.path.strip("/") or parts.query or parts.fragment:
            cure = "name the host alone, and serve us at its root"
            raise InputError(f"{public_url} has a path", cure)
    if _is_here(bind.host):
        return
    if not fork:
        problem = "this platform cannot fork, so only this machine can be served"
        raise InputError(problem, "use --host 127.0.0.1, or serve from Linux")
    if public_url is None:
        cure = "say with --public-url how others will call this server"
        raise InputError(f"--host {bind.host} opens this server to others", cure)


def _is_here(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listener(bind: Bind) -> socket.socket:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    try:
        return socket.create_server((bind.host, bind.port), family=family)
    except OSError as error:
        reason = (error.strerror or "no such host").lower()
        problem = f"cannot listen on {_named(bind.host)}:{bind.port}: {reason}"
        raise InputError(problem, "name another --host or --port") from None


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(what: str) -> None:
    sys.stderr.write(f"cjigraph: {what}\n")
    sys.stderr.flush()
