"""Where the ontology, the queries, the data and the built graph are.

In a checkout they are its top-level folders; in a wheel they lie in the package.
"""

from __future__ import annotations

import os
from os.path import abspath, basename, dirname, exists, isdir, join

from cjigraph.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Paths are text inside this module: importing pathlib takes as long as a query.
_PACKAGE = dirname(abspath(__file__))
_ROOT = dirname(dirname(_PACKAGE))

_PARTS = {
    "ontology": "ontology",
    "queries": "queries",
    "data": "data",
    "graph": join("graph", "cjigraph.nq"),
}
_BUILDERS = (
    "vocab.py",
    "datatypes.py",
    "schemas.py",
    "tables.py",
    "lift.py",
    "reason.py",
    "assemble.py",
    "store.py",
)


def locate(part: str) -> str:
    """Return the path of "ontology", "queries", "data" or "graph" as text.

    The graph need not be there; a missing folder is an `InputError`.
    """
    if part == "graph" and in_checkout():
        return join(_ROOT, "build", "cjigraph.nq")
    path = join(_ROOT if in_checkout() else _PACKAGE, _PARTS[part])
    if part != "graph" and not isdir(path):
        raise InputError(
            f'the folder "{part}" is missing', "install cjigraph again", path
        )
    return path


def in_checkout() -> bool:
    """Whether this module runs from a checkout of the repository."""
    in_src = basename(dirname(_PACKAGE)) == "src"
    return in_src and exists(join(_ROOT, "pyproject.toml"))


def checkout() -> Path | None:
    """Return the root of the checkout this module runs from, if it does."""
    return _path(_ROOT) if in_checkout() else None


def ontology() -> Path:
    """Return the folder of the Turtle files."""
    return _path(locate("ontology"))


def queries() -> Path:
    """Return the folder of the named questions."""
    return _path(locate("queries"))


def data() -> Path:
    """Return the folder that holds one folder per source, and the table schemas."""
    return _path(locate("data"))


def bundled() -> Path:
    """Return the file of the built graph, which in a checkout may not be there yet."""
    return _path(locate("graph"))


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def is_stale() -> bool:
    """Whether the built graph is missing or older than what it was built from.

    Always false for an installed wheel, whose graph was built with it.
    """
    if not in_checkout():
        return False
    built = _changed(locate("graph"))
    return built < changed(join(_ROOT, "ontology"), join(_ROOT, "data"))


def changed(*inputs: str) -> int:
    """Return when any of these folders, or the code that builds, was last changed.

    In nanoseconds. Folders count with all they hold, so that a removed file is noticed.
    """
    code = (join(_PACKAGE, name) for name in _BUILDERS)
    paths = (each for path in (*inputs, *code) for each in _walk(path))
    return max(_changed(path) for path in paths)


def _walk(path: str) -> Iterator[str]:
    yield path
    if isdir(path) and not os.path.islink(path):
        for entry in os.scandir(path):
            yield from _walk(entry.path)


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0
