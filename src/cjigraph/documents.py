"""Show passages from a reader's own copies of the sources.

The graph holds facts and places, not sentences. A copy is known by its SHA-256, so that
the places, counted in Unicode code points, are those of the very text they were taken
from.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from cjigraph.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 20_000_000
"""Files larger than this many bytes are not looked into: no report is so long."""


def read_document(folder: Path, slug: str, digest: str) -> str:
    """Return the text in `folder` whose SHA-256 is `digest`, in hexadecimal.

    It is looked for under the name `<slug>.txt`, then in every other `.txt` file. Line
    ends of Windows and a byte order mark are put right first where need be.
    """
    if not folder.is_dir():
        raise DocumentError("there is no such folder", "", folder)
    own = folder / f"{slug}.txt"
    for path in _texts(folder, own):
        for content in _readings(path):
            if sha256(content).hexdigest() == digest.lower():
                return _decoded(content, path)
    if own.is_file():
        cure = f"find the one whose SHA-256 is {digest}"
        raise DocumentError("not the text that the graph describes", cure, own)
    raise DocumentError(f"no copy of {slug}", f"save its text as {own.name}", folder)


def _texts(folder: Path, first: Path) -> Iterator[Path]:
    others = sorted(path for path in folder.glob("*.txt") if path != first)
    for path in (first, *others):
        if path.is_file() and path.stat().st_size <= LARGEST:
            yield path


def _readings(path: Path) -> Iterator[bytes]:
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise DocumentError(problem, "", path) from None
    yield content
    yield content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError("not UTF-8", "", path) from None


def excerpt(text: str, start: int, end: int) -> str:
    """Return the passage from code point `start` up to, not including, `end`.

    >>> excerpt("Naïve café", 6, 10)
    'café'
    """
    if not 0 <= start < end <= len(text):
        problem = f"no passage from {start} to {end} in a text of {len(text)}"
        raise DocumentError(problem, "is it the text that the graph describes?")
    return text[start:end]
