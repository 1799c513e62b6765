"""Read W3C test manifests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("CJIGRAPH_SHARED", ROOT.parent / "shared"))
SUITE = SHARED / "conformance" / "sparql11"
MISSING = "the W3C test suite is not here; CJIGRAPH_SHARED says where its folder is"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"

Node = NamedNode | BlankNode
BASE = "https://w3id.org/cjigraph/"
"""What relative names in manifests, data and queries are resolved against."""


class Manifest:
    """One manifest file, read as a graph."""

    def __init__(self, folder: str) -> None:
        self.folder = SUITE / folder
        self._store = Store()
        content = (self.folder / "manifest.ttl").read_bytes()
        self._store.load(content, RdfFormat.TURTLE, base_iri=BASE)

    def values(self, subject: object, predicate: str) -> list[object]:
        """Return what a subject has by a predicate."""
        assert isinstance(subject, NamedNode | BlankNode)
        pattern = (subject, NamedNode(predicate), None, None)
        return [quad.object for quad in self._store.quads_for_pattern(*pattern)]

    def value(self, subject: object, predicate: str) -> object | None:
        """Return the one thing a subject has by a predicate, if it has it."""
        found = self.values(subject, predicate)
        assert len(found) < 2
        return found[0] if found else None

    def text(self, subject: object, predicate: str) -> str:
        """Return the one text, or IRI, a subject has by a predicate, or nothing."""
        found = self.value(subject, predicate)
        return found.value if isinstance(found, Literal | NamedNode) else ""

    def path(self, subject: object, predicate: str) -> Path | None:
        """Return the file a subject has by a predicate."""
        name = self.text(subject, predicate)
        return self.folder / name.removeprefix(BASE) if name else None

    def listed(self, node: object) -> list[object]:
        """Return the members of an RDF list."""
        members = []
        while node != NamedNode(RDF + "nil"):
            members.append(self.value(node, RDF + "first"))
            node = self.value(node, RDF + "rest")
        return members

    def entries(self) -> list[NamedNode]:
        """Return the tests, in order."""
        pattern = (None, NamedNode(MF + "entries"), None, None)
        (found,) = self._store.quads_for_pattern(*pattern)
        tests = self.listed(found.object)
        return [test for test in tests if isinstance(test, NamedNode)]


class Case(NamedTuple):
    """A test of a manifest."""

    manifest: Manifest
    node: NamedNode

    @property
    def name(self) -> str:
        """How the test is called here: its folder and its name in the manifest."""
        return f"{self.manifest.folder.name}/{self.node.value.rpartition('#')[2]}"

    @property
    def kind(self) -> str:
        """The local name of the test's class."""
        return self.manifest.text(self.node, RDF + "type").rpartition("#")[2]


def cases(*folders: str) -> Iterator[Case]:
    """Yield the tests of some manifests; none if the suite is not here."""
    if not SUITE.is_dir():
        return
    for folder in folders:
        manifest = Manifest(folder)
        for node in manifest.entries():
            yield Case(manifest, node)
