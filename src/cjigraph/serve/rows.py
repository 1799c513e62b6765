r"""Where the rows end in a written answer, to count them and to cut it short.

The engine writes answers much faster than Python could, but it does not count, and an
answer that is cut short must still be well formed.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON_BEGINS = b'"results":{"bindings":['
_JSON_PIECE = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[{}]', re.DOTALL)
_CSV_ROW = re.compile(rb'[^"\n]*(?:"[^"]*"[^"\n]*)*\n')


def longer_than(body: bytes, name: str, rows: int) -> bool:
    """Whether an answer in the format `name` has more than so many rows."""
    if _at_most(body, name) <= rows:
        return False
    return next(islice(_ends(body, name), rows, None), None) is not None


def _at_most(body: bytes, name: str) -> int:
    """Return a number that the rows do not exceed, by counting something quick."""
    if name == "json":
        # Quotation marks are escaped in strings, so that each match begins a term.
        return body.count(b"{") - body.count(b'{"type":"')
    if name == "xml":
        return body.count(b"</result>")
    return body.count(b"\n")


def shortened(body: bytes, name: str, rows: int) -> bytes:
    """Return the first rows of an answer that may end anywhere, made whole again.

    JSON and XML then say so by a link in their head, the one place the standards leave.
    """
    begins = _begins(body, name)
    ends = [begins, *islice(_ends(body, name), rows)]
    if name not in _MARKS:
        return body[: ends[-1]]
    before, mark, tail = _MARKS[name]
    head = body[:begins].replace(before, mark + before, 1)
    return head + body[begins : ends[-1]] + tail


_MARKS = {
    "json": (b'},"results"', b',"link":["limits#rows"]', b"]}}"),
    "xml": (b"</head>", b'<link href="limits#rows"/>', b"</results></sparql>"),
}


def _begins(body: bytes, name: str) -> int:
    """Return where the first row begins."""
    if name == "json":
        return body.index(_JSON_BEGINS) + len(_JSON_BEGINS)
    if name == "xml":
        return body.index(b"<results>") + len(b"<results>")
    return body.index(b"\n") + 1


def _ends(body: bytes, name: str) -> Iterator[int]:
    """Yield where each whole row ends."""
    begins = _begins(body, name)
    if name == "json":
        return _json_ends(body, begins)
    if name == "csv":
        return _csv_ends(body, begins)
    row = {"xml": b"</result>", "tsv": b"\n"}[name]
    return (found.end() for found in re.compile(row).finditer(body, begins))


def _csv_ends(body: bytes, begins: int) -> Iterator[int]:
    row = _CSV_ROW.match(body, begins)
    while row:
        yield row.end()
        row = _CSV_ROW.match(body, row.end())


def _json_ends(body: bytes, begins: int) -> Iterator[int]:
    depth = 0
    for found in _JSON_PIECE.finditer(body, begins):
        piece = found[0]
        if piece == b"{":
            depth += 1
        elif piece == b"}":
            depth -= 1
            if depth == 0:
                yield found.end()
            elif depth < 0:  # the end of the results
                return
