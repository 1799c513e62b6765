"""What the dataset says of itself, found once when it is opened."""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QuerySolutions

from cjigraph import __version__, resources, vocab

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Store

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120


def about(store: Store, where: str | Path | None) -> bytes:
    """Return, as JSON, the dataset's version, its graphs, and what it holds of each."""
    meta = list(store.quads_for_pattern(NamedNode(vocab.DATASET), None, None, None))
    versions = [
        str(getattr(quad.object, "value", ""))
        for quad in meta
        if quad.predicate.value == vocab.VERSION
    ]
    release = versions[0] if versions else __version__
    found = {
        "version": f"{release}+{_fingerprint(where)}",
        "release": release,
        "statements": sorted({str(quad.triple) for quad in meta}),
        "totals": _rows(store, "totals")[0],
        "graphs": _rows(store, "graphs"),
        "classes": _rows(store, "classes"),
        "properties": _rows(store, "properties"),
        "parts": _rows(store, "parts"),
        "links": _rows(store, "links"),
    }
    return json.dumps(found).encode()


def _rows(store: Store, name: str) -> list[list[str]]:
    path = os.path.join(_HERE, name + ".rq")  # noqa: PTH118
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        found = store.query(file.read())
    assert isinstance(found, QuerySolutions)  # noqa: S101 (all of ours are SELECT)
    return [[term.value if term else "" for term in row] for row in found]


def _fingerprint(where: str | Path | None) -> str:
    """Return a few characters that change whenever the dataset's files do."""
    path = resources.locate("graph") if where is None else os.fspath(where)
    digest = blake2b(digest_size=6)
    if os.path.isdir(path):  # noqa: PTH112
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            about = entry.stat()
            digest.update(
                f"{entry.name} {about.st_size} {about.st_mtime_ns}\n".encode()
            )
    else:
        with open(path, "rb") as file:  # noqa: PTH123
            digest.update(file.read())
    return digest.hexdigest()
