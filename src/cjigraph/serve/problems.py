"""What is wrong with a request, in a few words and no more than the client may know."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from cjigraph.serve.negotiate import Format, accepted

if TYPE_CHECKING:
    Headers = list[tuple[bytes, bytes]]

PLAIN = Format("txt", "text/plain", "txt")
_PROBLEM = Format("problem", "application/problem+json", "json", ("application/json",))


class Problem(Exception):  # noqa: N818 (it is named as in RFC 9457)
    """Why a request gets no answer; `said` is for the client to read."""

    def __init__(self, status: int, said: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(status, said)
        self.status = status
        self.said = said
        self.headers = headers


def later(status: int, said: str, seconds: float) -> Problem:
    """Return a problem that time will cure."""
    after = str(max(1, round(seconds))).encode()
    return Problem(status, said, (b"retry-after", after))


def written(problem: Problem, accept: str) -> tuple[Headers, bytes]:
    """Return the headers and the body that tell a client of a problem: RFC 9457."""
    chosen = accepted(accept, (PLAIN, _PROBLEM))
    media, body = PLAIN.media + "; charset=utf-8", problem.said + "\n"
    if chosen and chosen.format is _PROBLEM:
        media = chosen.media
        title = HTTPStatus(problem.status).phrase
        said = {"title": title, "status": problem.status, "detail": problem.said}
        body = json.dumps(said, ensure_ascii=False) + "\n"
    content = body.encode("utf-8", "replace")
    headers = [
        (b"content-type", media.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept"),
        *problem.headers,
    ]
    return headers, content
