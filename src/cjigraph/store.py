"""Build the dataset, and open it in an engine.

Whatever is written is whole or absent; whoever reads meanwhile sees the old or the new.
"""

from __future__ import annotations

import os

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store

from cjigraph import resources, vocab
from cjigraph.errors import InputError, StoreError, parser_problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from cjigraph.assemble import Counts, Say


def open_store(where: str | os.PathLike[str] | None = None) -> Store:
    """Open a dataset for reading: the bundled graph, a file, or a store's folder.

    A file is read into memory, and its name says whether it is `.nq`, `.nt`, `.ttl` or
    `.trig`. In a checkout the bundled graph is built first if it is out of date.
    """
    if where is None:
        return _load(_bundled(), RdfFormat.N_QUADS, trusted=True)
    path = os.fspath(where)
    if path.startswith(("http://", "https://")):
        cure = "name a file or the folder of a store"
        raise InputError(f"{path}: this version opens no services", cure)
    if os.path.isdir(path):
        return _open_folder(path)
    return _load(path, _format(path))


def _format(path: str) -> RdfFormat:
    ending = os.path.splitext(path)[1].lower()
    if ending not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise InputError(
            "neither a store nor a file we read", f"known are {known}", path
        )
    return _FORMATS[ending]


_FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}


def _load(path: str, format_: RdfFormat, *, trusted: bool = False) -> Store:
    """Read a file; one that is `trusted` is our own, whose IRIs need no second look."""
    store = Store()
    try:
        with open(path, "rb") as file:
            if file.read(3) != b"\xef\xbb\xbf":  # Windows programs begin files with it
                file.seek(0)
            store.load(file.read(), format_, lenient=trusted)
    except SyntaxError as error:
        cure = "build it again" if trusted else ""
        place = (path, error.lineno, error.offset)
        problem = f"damaged or not {format_.name}: {parser_problem(error)}"
        raise StoreError(problem, cure, *place) from None
    except FileNotFoundError:
        raise InputError("there is no such file", "", path) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", "", path) from None
    if not trusted and _is_short(store):
        problem = "cut short: it holds fewer statements than it says"
        raise StoreError(problem, "build or copy it again", path)
    return store


def _is_short(store: Store) -> bool:
    """Whether a dataset of ours holds less than it says of itself.

    A file may end at the end of a line and still not be whole.
    """
    dataset, triples = NamedNode(vocab.DATASET), NamedNode(vocab.TRIPLES)
    default = DefaultGraph()
    found = 0
    for said in store.quads_for_pattern(dataset, triples, None, default):
        found = found or sum(1 for _ in store.quads_for_pattern(*_ANY, default))
        if isinstance(said.object, Literal) and found < int(said.object.value):
            return True
    return False


_ANY = (None, None, None)


def _open_folder(path: str) -> Store:
    if not os.path.exists(os.path.join(path, "CURRENT")):
        problem = "this folder holds no Oxigraph store"
        raise InputError(problem, "name one, or a file", path)
    _refuse_if_locked(path)
    try:
        return Store.read_only(path)
    except (OSError, RuntimeError) as error:
        raise unreadable(error, path) from None


def unreadable(error: Exception, path: str | Path | None = None) -> StoreError:
    """Return the error that an engine could not read its files, in words for users.

    The engine's own text names its library and files of this machine.
    """
    if "lock file" in str(error) or "lock hold" in str(error):
        return _in_use(path)
    return StoreError("the store is damaged", "build or copy it again", path)


def _in_use(path: str | Path | None) -> StoreError:
    return StoreError("another process is writing this store", "try again later", path)


def _refuse_if_locked(path: str) -> None:
    """Refuse a store that is being written: the engine would read nonsense."""
    try:
        import fcntl
    except ImportError:  # Windows, where the engine refuses by itself
        return
    try:
        with open(os.path.join(path, "LOCK"), "rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _in_use(path) from None
    except OSError:  # no lock to hold, or none that we may see
        return


def _quiet(_: str) -> None:
    """Say nothing."""


def build(ontology: Path, data: Path, target: Path, say: Say = _quiet) -> Counts:
    """Build the dataset from Turtle and tables, and write it to `target` whole.

    `say` is told what is being done and how long it took. If anything fails, an error
    is raised and whatever was at `target` is still there.
    """
    from cjigraph.assemble import assemble

    changed = resources.changed(os.fspath(ontology), os.fspath(data))
    content, counts = assemble(ontology, data, say)
    write_whole(target, content, changed)
    return counts


def write_whole(path: str | Path, content: bytes, changed: int | None = None) -> None:
    """Write a file so that whoever looks finds the old one or the new one, whole.

    Missing folders are made. `changed` is the time to mark it with, in nanoseconds.
    A full disk, or any other failure, is a `StoreError`, and leaves nothing behind.
    """
    target = os.fspath(path)
    try:
        folder = os.path.dirname(os.path.abspath(target))
        os.makedirs(folder, exist_ok=True)
        _write_beside(target, content, changed)
        _sync_folder(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = f"cannot be written: {reason}"
        raise StoreError(problem, "make room, or name another place", path) from None


def _write_beside(target: str, content: bytes, changed: int | None) -> None:
    """Write a file under another name in the same folder, then move it into place."""
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        _write_synced(temporary, content)
        if changed is not None:
            os.utime(temporary, ns=(changed, changed))
        os.replace(temporary, target)
    except BaseException:
        _remove(temporary)
        raise


def _write_synced(path: str, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _sync_folder(folder: str) -> None:
    """Make the new name last through a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bundled() -> str:
    """Return the file of the bundled graph, brought up to date in a checkout."""
    path = resources.locate("graph")
    if resources.is_stale():
        _build_bundled(path)
    elif not os.path.exists(path):
        raise StoreError("the bundled graph is missing", "install cjigraph again", path)
    return path


def _build_bundled(path: str) -> None:
    import sys
    from pathlib import Path

    os.makedirs(os.path.dirname(path), exist_ok=True)
    with _OneBuilder(path + ".lock"):
        if resources.is_stale():  # unless another process has built it meanwhile
            sys.stderr.write("cjigraph: the data have changed; building the graph\n")
            build(resources.ontology(), resources.data(), Path(path))


class _OneBuilder:
    """A lock that one process at a time holds, and that dies with it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> None:
        try:
            import fcntl
        except ImportError:
            self._descriptor = _create_alone(self._path)
        else:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        if os.name == "nt":
            _remove(self._path)


def _create_alone(path: str) -> int:
    """Create a file that must not exist, waiting for whoever has it to remove it.

    Windows lets nobody remove a file that is open, so one that can be removed was left
    by a process that has ended.
    """
    import time

    while True:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            _remove(path)
            time.sleep(0.1)
