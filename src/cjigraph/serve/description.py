"""The service and its dataset, described in RDF for programs to read.

SPARQL 1.1 Service Description and VoID. Federated queries are not claimed: SERVICE is
refused.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from cjigraph import vocab
from cjigraph.serve.evaluate import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    Value = NamedNode | Literal

_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_TYPE = NamedNode(vocab.TYPE)
_DATASET = NamedNode(vocab.DATASET)
_LICENCE = NamedNode(vocab.DCTERMS + "license")
_PREFIXES = {
    "sd": vocab.SD,
    "void": vocab.VOID,
    "dcterms": vocab.DCTERMS,
    "owl": vocab.OWL,
    "formats": vocab.FORMATS,
}


class Description:
    """What `about` found, as the service at one address tells it."""

    def __init__(self, found: dict[str, Any], public_url: str) -> None:
        # It goes into a header, and another's dataset may call itself anything.
        self.version = re.sub(r"[^A-Za-z0-9.+_-]", "-", str(found["version"]))
        self.graphs = frozenset(graph for graph, _ in found["graphs"])
        self._found = found
        self._public = public_url
        meta = "\n".join(f"{each} ." for each in found["statements"])
        self._meta = [q.triple for q in parse(meta, RdfFormat.N_TRIPLES)]
        self._written: dict[tuple[str, str], bytes] = {}

    @property
    def licence(self) -> str:
        """The address of the dataset's licence, if it names one."""
        found = [each.object for each in self._meta if each.predicate == _LICENCE]
        return found[0].value if found and isinstance(found[0], NamedNode) else ""

    def service(self, format_name: str) -> bytes:
        """Return the service's description, with the dataset's in short."""
        return self._write("service", format_name)

    def dataset(self, format_name: str) -> bytes:
        """Return the dataset's description, with that of all its parts."""
        return self._write("dataset", format_name)

    def _write(self, what: str, name: str) -> bytes:
        if (what, name) not in self._written:
            if what == "service":
                triples = [*self._service(), *self._totals()]
            else:
                triples = [*self._totals(), *self._parts()]
            content = serialize(triples, format=GRAPHS[name], prefixes=_PREFIXES)
            self._written[what, name] = content or b""
        return self._written[what, name]

    def _service(self) -> Iterator[Triple]:
        service = NamedNode(self._public + "/sparql")
        dataset, default = _part(service, "dataset"), _part(service, "default-graph")
        yield from _said(
            service,
            (_TYPE, _sd("Service")),
            (_sd("endpoint"), service),
            (_sd("supportedLanguage"), _sd("SPARQL11Query")),
            *((_sd("resultFormat"), NamedNode(vocab.FORMATS + n)) for n in _RESULTS),
            (_sd("defaultDataset"), dataset),
        )
        yield from _said(
            dataset, (_TYPE, _sd("Dataset")), (_sd("defaultGraph"), default)
        )
        yield from _said(
            default,
            (_TYPE, _sd("Graph")),
            (_void("triples"), _number(self._found["totals"][0])),
        )
        for graph, triples in self._found["graphs"]:
            yield from _named_graph(dataset, graph, triples)

    def _totals(self) -> Iterator[Triple]:
        found = self._found
        names = ("triples", "distinctSubjects", "distinctObjects")
        counts = zip((*names, "properties", "classes"), found["totals"], strict=True)
        yield from self._meta
        yield from _said(
            _DATASET,
            (_TYPE, _void("Dataset")),
            (_void("sparqlEndpoint"), NamedNode(self._public + "/sparql")),
            (_void("uriSpace"), Literal(vocab.ID)),
            (_void("vocabulary"), NamedNode(vocab.CJI)),
            *((_void(name), _number(count)) for name, count in counts),
        )

    def _parts(self) -> Iterator[Triple]:
        found = self._found
        for property_, triples in found["properties"]:
            yield from _property(_DATASET, property_, triples)
        for class_, entities in found["classes"]:
            yield from _class(class_, entities)
        for class_, property_, triples in found["parts"]:
            yield from _property(_partition("class", class_), property_, triples)
        for property_, elsewhere, triples in found["links"]:
            yield from _links(property_, elsewhere, triples)


def _said(subject: NamedNode, *pairs: tuple[NamedNode, Value]) -> Iterator[Triple]:
    return (Triple(subject, predicate, value) for predicate, value in pairs)


def _sd(name: str) -> NamedNode:
    return NamedNode(vocab.SD + name)


def _void(name: str) -> NamedNode:
    return NamedNode(vocab.VOID + name)


def _number(count: str) -> Literal:
    return Literal(int(count))


def _part(whole: NamedNode, name: str) -> NamedNode:
    return NamedNode(f"{whole.value}#{name}")


def _partition(*parts: str) -> NamedNode:
    """Return a name for a part of the dataset that stays the same."""
    digest = blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
    last = re.sub(r"[^A-Za-z0-9]+", "-", parts[-1].rstrip("/")).rpartition("-")[2]
    return NamedNode(f"{vocab.DATASET}void#{last}-{digest}")


def _named_graph(dataset: NamedNode, graph: str, triples: str) -> Iterator[Triple]:
    node = _partition("graph", graph)
    yield Triple(dataset, _sd("namedGraph"), node)
    yield from _said(
        node,
        (_TYPE, _sd("NamedGraph")),
        (_sd("name"), NamedNode(graph)),
        (_sd("graph"), NamedNode(graph)),
    )
    yield from _said(
        NamedNode(graph),
        (_TYPE, _sd("Graph")),
        (_void("triples"), _number(triples)),
    )


def _class(class_: str, entities: str) -> Iterator[Triple]:
    part = _partition("class", class_)
    yield Triple(_DATASET, _void("classPartition"), part)
    yield from _said(
        part,
        (_TYPE, _void("Dataset")),
        (_void("class"), NamedNode(class_)),
        (_void("entities"), _number(entities)),
    )


def _property(whole: NamedNode, property_: str, triples: str) -> Iterator[Triple]:
    part = _partition(whole.value, property_)
    yield Triple(whole, _void("propertyPartition"), part)
    yield from _said(
        part,
        (_TYPE, _void("Dataset")),
        (_void("property"), NamedNode(property_)),
        (_void("triples"), _number(triples)),
    )


def _links(property_: str, elsewhere: str, triples: str) -> Iterator[Triple]:
    part = _partition("links", property_, elsewhere)
    yield Triple(_DATASET, _void("subset"), part)
    yield from _said(
        part,
        (_TYPE, _void("Linkset")),
        (_void("linkPredicate"), NamedNode(property_)),
        (_void("subjectsTarget"), _DATASET),
        (_void("objectsTarget"), NamedNode(elsewhere)),
        (_void("triples"), _number(triples)),
    )
