"""Put the endpoint together with whatever else is served."""

from __future__ import annotations

from contextlib import asynccontextmanager
from json import dumps, loads
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from cjigraph import vocab
from cjigraph.serve import wire
from cjigraph.serve.answers import Service
from cjigraph.serve.description import Description
from cjigraph.serve.limits import Limits, listed
from cjigraph.serve.negotiate import OFFERS, accepted, named
from cjigraph.serve.problems import Problem, written
from cjigraph.serve.processes import can_fork, processes
from cjigraph.serve.sparql import Endpoint
from cjigraph.serve.workers import Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from cjigraph.serve.sparql import Page


_PATIENCE = 60.0
"""Seconds that a worker may take to tell of the dataset, however busy the machine."""


class Settings(NamedTuple):
    """What is served, where, and to whom.

    `hosts` are the names a request may use for this server, with their ports; None
    allows any. `own` begins the names of graphs that queries may name.
    """

    store: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    hosts: frozenset[str] | None = None
    own: tuple[str, ...] = (vocab.BASE,)
    limits: Limits = Limits()
    fork: bool = can_fork()


def app(
    settings: Settings = Settings(),  # noqa: B008 (it cannot change)
    *,
    routes: Sequence[BaseRoute] = (),
    page: Page | None = None,
    middleware: Sequence[Middleware] = (),
) -> Starlette:
    """Return the application: the endpoint, what describes it, and other `routes`.

    Routes given here come first. Once it runs, `app.state.service` answers queries for
    them; `page` writes what a browser sees at `/sparql`. Its workers start and end with
    its lifespan.
    """
    sparql = _Sparql()
    built: Starlette = Starlette(
        routes=[
            *routes,
            Route("/sparql", sparql),
            Route("/.well-known/void", _void),
            Route("/limits", _limits),
        ],
        middleware=[Middleware(_Hosts, settings.hosts), *middleware],
        exception_handlers={HTTPException: _http_problem, Exception: _our_fault},
        lifespan=lambda _: _running(settings, sparql, page, built),
    )
    built.router.redirect_slashes = False
    built.state.settings = settings
    return built


@asynccontextmanager
async def _running(
    settings: Settings, sparql: _Sparql, page: Page | None, built: Starlette
) -> AsyncIterator[None]:
    pool = Pool(settings.limits)
    workers = processes(pool, settings.store, fork=settings.fork)
    try:
        await workers.start()
        reply = await pool.submit(wire.Job(wire.ABOUT), seconds=_PATIENCE).future
        description = Description(loads(reply.body), settings.public_url)
        service = Service(pool, description, settings.own)
        built.state.service = service
        sparql.endpoint = Endpoint(service, page)
        yield
    finally:
        await workers.stop()


class _Sparql:
    """The endpoint's place among the routes, taken once there are workers."""

    endpoint: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.endpoint(scope, receive, send)


class _Hosts:
    """Turns away requests for other hosts, which a page elsewhere may have sent."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = None if hosts is None else {each.encode() for each in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._hosts is None or scope["type"] != "http" or self._knows(scope):
            await self._app(scope, receive, send)
            return
        problem = Problem(421, "this server does not answer for that host")
        response = _response(problem, "")
        await response(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        return len(given) == 1 and given[0].lower() in (self._hosts or ())


def hosts(public_url: str, host: str, port: int) -> frozenset[str]:
    """Return the names of a server that listens on `host` and `port`.

    >>> sorted(hosts("https://example.org", "127.0.0.1", 8000))[:2]
    ['127.0.0.1:8000', '[::1]:8000']
    """
    public = urlsplit(public_url)
    known = {public.netloc.lower(), f"localhost:{port}"}
    known |= {f"127.0.0.1:{port}", f"[::1]:{port}"}
    known.add(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    if port == 80:
        known |= {each.removesuffix(":80") for each in known}
    return frozenset(known)


async def _void(request: Request) -> Response:
    service: Service = request.app.state.service
    word, accept = request.query_params.get("format", ""), _accept(request)
    offers = OFFERS["DESCRIBE"]
    chosen = named(word, offers) if word else accepted(accept, offers)
    if chosen is None:
        return _response(Problem(406, "what fits is Turtle, or other RDF"), accept)
    body = service.description.dataset(chosen.format.name)
    answer = service.described(body, chosen)
    response = Response(answer.body)
    response.raw_headers = [*answer.headers, (b"access-control-allow-origin", b"*")]
    return response


async def _limits(request: Request) -> Response:
    """Show the limits, which are settings."""
    limits: Limits = request.app.state.service.limits
    if "application/json" in _accept(request):
        known = {name: value for name, (value, _) in listed(limits).items()}
        return Response(dumps(known), media_type="application/json")
    lines = [f"{value:>15,.10g}  {said}" for value, said in listed(limits).values()]
    return Response("\n".join(lines) + "\n", media_type="text/plain")


def _accept(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    extra = [(n.lower().encode(), v.encode()) for n, v in headers.items()]
    said = {404: "there is nothing here", 405: "this method is not for this address"}
    problem = Problem(status, said.get(status, "the request failed"), *extra)
    return _response(problem, _accept(request))


async def _our_fault(request: Request, _: Exception) -> Response:
    problem = Problem(500, "something went wrong here; it is not your fault")
    return _response(problem, _accept(request))


def _response(problem: Problem, accept: str) -> Response:
    headers, body = written(problem, accept)
    response = Response(body, problem.status)
    response.raw_headers = [*headers, (b"x-content-type-options", b"nosniff")]
    return response
