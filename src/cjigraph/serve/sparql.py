"""The endpoint: SPARQL 1.1 Protocol over ASGI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from starlette.requests import Request

from cjigraph.serve.answers import Answer, Gone, Service
from cjigraph.serve.asked import Asked, receive_body, understand
from cjigraph.serve.cache import Cache
from cjigraph.serve.meter import client
from cjigraph.serve.negotiate import (
    HTML,
    JSON,
    NTRIPLES,
    OFFERS,
    Chosen,
    accepted,
    named,
)
from cjigraph.serve.problems import PLAIN, Problem, written

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from cjigraph.serve.answers import Headers
    from cjigraph.serve.asked import Posted

METHODS = b"GET, HEAD, POST, OPTIONS"

_CROSS = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Cjigraph-Data-Version, Cjigraph-Replaced, ETag, Link, Retry-After, "
        b"X-Truncated",
    ),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_PREFLIGHT = [
    (b"allow", METHODS),
    (b"access-control-allow-methods", METHODS),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
]
_BLAMED = (400, 403, 405, 406, 408, 413, 415, 504)
"""Problems that count as errors of whoever asked."""
_OF_BODY = (b"content-type", b"content-length", b"content-disposition")


class Page(Protocol):
    """Writes what a browser sees at the endpoint.

    It is given what was asked, of which the query may be empty, and how that ended: in
    an answer (JSON for a table or yes and no, N-Triples for statements, cut short if
    need be), in a problem, or in neither if there is no query.
    """

    async def __call__(
        self, request: Request, asked: Asked, outcome: Answer | Problem | None
    ) -> Response:
        """Return the page, with the status that the outcome calls for."""


class _Exchange:
    """One request, and the way to answer it."""

    __slots__ = ("accept", "asked", "headers", "method", "receive", "scope", "send")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.method: str = scope["method"]
        self.headers = _joined(scope["headers"])
        self.accept = self.headers.get(b"accept", b"").decode("latin-1")
        self.asked = Asked("")

    @property
    def client(self) -> str:
        address = self.scope.get("client")
        return client(address[0]) if address else "unknown"

    async def reply(self, status: int, headers: Headers, body: bytes = b"") -> None:
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await self.send(start)
        body = b"" if self.method == "HEAD" else body
        await self.send({"type": "http.response.body", "body": body})


def _joined(headers: Headers) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name] = found[name] + b"," + value if name in found else value
    return found


class Endpoint:
    """An ASGI application that answers SPARQL queries, and shows pages of them."""

    def __init__(self, service: Service, page: Page | None = None) -> None:
        self.service = service
        self._page = page
        self._cache: Cache[Answer] = Cache(service.limits.cache_bytes)
        version = service.description.version.encode()
        self._constant = [*_CROSS, (b"cjigraph-data-version", version)]
        licence = service.description.licence
        if licence:
            link = f'<{licence}>; rel="license"'.encode()
            self._constant.append((b"link", link))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = _Exchange(scope, receive, send)
        try:
            await self._handle(exchange)
        except Problem as problem:
            if problem.status in _BLAMED:
                self.service.meter.erred(exchange.client)
            await self._tell(exchange, problem)
        except Gone:
            return

    async def _handle(self, exchange: _Exchange) -> None:
        if exchange.method == "OPTIONS":
            await exchange.reply(204, [*self._constant, *_PREFLIGHT])
        elif exchange.method in ("GET", "HEAD"):
            await self._answer(exchange, None)
        elif exchange.method == "POST":
            limits = self.service.limits
            posted = await receive_body(exchange.headers, exchange.receive, limits)
            await self._answer(exchange, posted)
        else:
            said = "this method is not for queries; use GET or POST"
            raise Problem(405, said, (b"allow", METHODS))

    async def _answer(self, exchange: _Exchange, posted: Posted | None) -> None:
        query_string = exchange.scope["query_string"]
        key = query_string, exchange.headers.get(b"accept", b""), posted
        answer = self._cache.get(key)
        if answer is None:
            limits = self.service.limits
            exchange.asked = understand(query_string, posted, limits)
            answer = await self._find(exchange)
            if answer is None:
                return
            answer = answer._replace(headers=self._constant + answer.headers)
            if answer.etag:
                size = len(answer.body) + len(query_string)
                size += len(posted.body) if posted else 0
                self._cache.put(key, answer, size)
        if posted is None and _has(exchange, answer):
            unchanged = [each for each in answer.headers if each[0] not in _OF_BODY]
            await exchange.reply(304, unchanged)
        else:
            await exchange.reply(200, answer.headers, answer.body)

    async def _find(self, exchange: _Exchange) -> Answer | None:
        """Return the answer, or None once it has been shown as a page."""
        asked, client = exchange.asked, exchange.client
        if not asked.query:
            return await self._describe(exchange)
        self.service.admit(client)
        found = await self.service.read(asked, client)
        chosen = self._choose(exchange, found.form)
        if chosen.format is not HTML:
            return await self.service.answer(
                asked, found, chosen, client, exchange.receive
            )
        plain = JSON if found.form in ("SELECT", "ASK") else NTRIPLES
        cut = asked._replace(cut=True)
        answer = await self.service.answer(
            cut, found, Chosen(plain, plain.media), client, exchange.receive
        )
        await self._show(exchange, answer)
        return None

    async def _describe(self, exchange: _Exchange) -> Answer | None:
        chosen = self._choose(exchange, "DESCRIBE")
        if chosen.format is HTML:
            await self._show(exchange, None)
            return None
        body = self.service.description.service(chosen.format.name)
        return self.service.described(body, chosen)

    def _choose(self, exchange: _Exchange, form: str) -> Chosen:
        offers = OFFERS[form]
        word = exchange.asked.format
        if word:
            chosen = named(word, offers)
        else:
            shown = (*offers, HTML) if self._page else offers
            chosen = accepted(exchange.accept, shown)
        if chosen is None:
            what = ", ".join(f"{offer.name} ({offer.media})" for offer in offers)
            raise Problem(406, f"what fits is {what}")
        return chosen

    async def _show(
        self, exchange: _Exchange, outcome: Answer | Problem | None
    ) -> None:
        if self._page:
            request = Request(exchange.scope, exchange.receive)
            response = await self._page(request, exchange.asked, outcome)
            await response(exchange.scope, exchange.receive, exchange.send)

    async def _tell(self, exchange: _Exchange, problem: Problem) -> None:
        if self._page and _reads_pages(exchange):
            await self._show(exchange, problem)
            return
        headers, body = written(problem, exchange.accept)
        await exchange.reply(problem.status, self._constant + headers, body)


def _reads_pages(exchange: _Exchange) -> bool:
    chosen = accepted(exchange.accept, (PLAIN, HTML))
    return chosen is not None and chosen.format is HTML and not exchange.asked.format


def _has(exchange: _Exchange, answer: Answer) -> bool:
    """Whether the client holds this answer already: RFC 9110, 13.1.2."""
    given = exchange.headers.get(b"if-none-match")
    if given is None or not answer.etag:
        return False
    tag = answer.etag.removeprefix(b"W/")
    tags = (each.strip().removeprefix(b"W/") for each in given.split(b","))
    return given.strip() == b"*" or tag in tags
