"""What a request asks for: SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from cjigraph.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Receive

    from cjigraph.serve.limits import Limits

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_CLOSE = (b"connection", b"close")
_READ_ONLY = "updates are refused: this endpoint only reads; change your own copy"
_FORM_CURE = f"send {_QUERY}, or {_FORM} with the parameter query"


class Asked(NamedTuple):
    """A query and what the request says about it.

    `default` and `named` are the graphs of the protocol's own dataset, and are None if
    the request names none. An empty `query` asks for the description of the service.
    """

    query: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    format: str = ""
    cut: bool = False


class Posted(NamedTuple):
    """The body of a request, and whether it is a form or a query."""

    is_form: bool
    body: bytes


def understand(query_string: bytes, posted: Posted | None, limits: Limits) -> Asked:
    """Return what a request asks for; a `Problem` says what is wrong with it."""
    pairs = _pairs(query_string, limits)
    if posted:
        pairs += _pairs(posted.body, limits) if posted.is_form else _direct(posted)
    return _understood(pairs, post=posted is not None)


_Pairs = list[tuple[str, str]]


def _pairs(encoded: bytes, limits: Limits) -> _Pairs:
    """Return parameters, decoded once, and only if they are UTF-8."""
    if encoded.count(b"&") >= limits.parameters:
        raise Problem(400, f"more than {limits.parameters} parameters")
    parts = (part.partition(b"=") for part in encoded.split(b"&") if part)
    try:
        return [(_decoded(name), _decoded(value)) for name, _, value in parts]
    except UnicodeDecodeError:
        raise Problem(400, "the parameters must be percent-encoded UTF-8") from None


def _decoded(encoded: bytes) -> str:
    if b"%" in encoded or b"+" in encoded:
        encoded = unquote_to_bytes(encoded.replace(b"+", b" "))
    return encoded.decode()


def _direct(posted: Posted) -> _Pairs:
    try:
        return [("query", posted.body.decode())]
    except UnicodeDecodeError as error:
        said = f"the query is not UTF-8: byte {error.start + 1} is wrong"
        raise Problem(400, said) from None


async def receive_body(
    headers: dict[bytes, bytes], receive: Receive, limits: Limits
) -> Posted:
    """Return the body of a POST, if it is of a kind, a size and a haste we can take."""
    media, charset = _content_type(headers)
    if media == _UPDATE:
        raise Problem(403, _READ_ONLY, _CLOSE)
    if media not in (_FORM, _QUERY):
        said = "the body is of a type we do not take" if media else "it has no type"
        raise Problem(415, f"{said}; {_FORM_CURE}", _CLOSE)
    if charset not in ("utf-8", "us-ascii"):
        raise Problem(400, "the query must be UTF-8", _CLOSE)
    return Posted(media == _FORM, await _body(headers, receive, limits))


def _content_type(headers: dict[bytes, bytes]) -> tuple[str, str]:
    given = headers.get(b"content-type", b"").decode("latin-1").lower()
    media, *parameters = (part.strip() for part in given.split(";"))
    charset = "utf-8"
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            charset = value.strip().strip('"')
    return media, {"utf8": "utf-8", "ascii": "us-ascii"}.get(charset, charset)


async def _body(headers: dict[bytes, bytes], receive: Receive, limits: Limits) -> bytes:
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or int(announced[:20]) > limits.body_bytes:
        raise _too_long(limits)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _received(receive, limits)
    except TimeoutError:
        said = f"the body did not arrive within {limits.body_seconds:g} seconds"
        raise Problem(408, said, _CLOSE) from None


async def _received(receive: Receive, limits: Limits) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "the body has no end")
        body += message.get("body", b"")
        if len(body) > limits.body_bytes:
            raise _too_long(limits)
        if not message.get("more_body", False):
            return bytes(body)


def _too_long(limits: Limits) -> Problem:
    said = f"the body is longer than {limits.body_bytes} bytes"
    return Problem(413, said, _CLOSE)


def _understood(pairs: _Pairs, *, post: bool) -> Asked:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    if "update" in found:
        raise Problem(403, _READ_ONLY)
    for name in ("query", "format", "truncate"):
        if len(found.get(name, ())) > 1:
            raise Problem(400, f"{name} is given more than once")
    graphs = [found.get(name) for name in ("default-graph-uri", "named-graph-uri")]
    default, named = (None if each is None else tuple(each) for each in graphs)
    query = found.get("query", [""])[0].removeprefix("\ufeff")
    if not query.strip() and (post or found.keys() - {"format"}):
        raise Problem(400, "there is no query; give it as the parameter query")
    word = found.get("format", [""])[0]
    return Asked(
        query, default, named, word, _is_true(found.get("truncate", ["false"]))
    )


def _is_true(values: list[str]) -> bool:
    if values[0].lower() not in ("true", "false", "1", "0", ""):
        raise Problem(400, "truncate is true or false")
    return values[0].lower() in ("true", "1", "")
