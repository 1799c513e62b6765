"""What the endpoint and its workers say to one another.

Whatever comes from a worker may have been written by a stranger's query that got out
of hand, so nothing but numbers and text is read from it.
"""

from __future__ import annotations

import marshal
import struct
from typing import NamedTuple

QUERY, GUARD, ABOUT = "query", "guard", "about"

OK = 0
UNREADABLE = 1
"""The query is not SPARQL, or calls what the engine does not have."""
TOO_MANY = 2
TOO_LONG = 3
TOO_HUNGRY = 4
UNFIT = 5
"""The answer cannot be written in the format."""
FAILED = 6

RETIRING = 1
"""The worker ends after this reply."""
CUT = 2
"""The answer holds less than was asked for."""

_LENGTH = struct.Struct("!I")
_REPLY = struct.Struct("!BBII")
HEAD = _REPLY.size


class Job(NamedTuple):
    """What a worker is asked; `default` and `named` are None where not given."""

    kind: str
    text: str = ""
    format: str = "json"
    default: list[str] | None = None
    named: list[str] | None = None
    cut: bool = False
    values: dict[str, list[str]] | None = None
    """Terms for variables: `["iri", i]`, or `["literal", text, datatype, language]`."""


class Reply(NamedTuple):
    """What a worker answers; `body` is the answer, or what went wrong."""

    status: int
    body: bytes
    flags: int = 0
    replaced: int = 0
    """Characters that XML cannot hold, each replaced by U+FFFD."""


def pack_job(job: Job) -> bytes:
    """Return a job as it is sent; a worker may believe the parent."""
    body = marshal.dumps(tuple(job))
    return _LENGTH.pack(len(body)) + body


def unpack_job(body: bytes) -> Job:
    """Return the job that was sent as `body`, without its length."""
    return Job(*marshal.loads(body))  # noqa: S302 (the parent wrote it)


def job_length(head: bytes) -> int:
    """Return how many bytes follow the first four of a job."""
    length: int = _LENGTH.unpack(head)[0]
    return length


def pack_head(reply: Reply) -> bytes:
    """Return what is sent before a reply's body."""
    return _REPLY.pack(reply.status, reply.flags, reply.replaced, len(reply.body))


def unpack_head(data: bytes | bytearray) -> tuple[int, int, int, int]:
    """Return a reply's status, flags, number of characters replaced, and length."""
    status, flags, replaced, length = _REPLY.unpack_from(data)
    return status, flags, replaced, length
