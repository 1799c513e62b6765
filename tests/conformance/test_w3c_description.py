"""The W3C's service description suite, whose three cases are given in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manifest import MISSING, SUITE, cases
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from running import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SD = "http://www.w3.org/ns/sparql-service-description#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

DOMAINS = {
    "endpoint": "Service",
    "feature": "Service",
    "defaultEntailmentRegime": "Service",
    "supportedLanguage": "Service",
    "languageExtension": "Service",
    "resultFormat": "Service",
    "inputFormat": "Service",
    "defaultDataset": "Service",
    "availableGraphs": "Service",
    "defaultGraph": "Dataset",
    "namedGraph": "Dataset",
    "name": "NamedGraph",
    "graph": "NamedGraph",
    "entailmentRegime": "NamedGraph",
}
RANGES = {
    "defaultDataset": "Dataset",
    "availableGraphs": "GraphCollection",
    "defaultGraph": "Graph",
    "namedGraph": "NamedGraph",
    "graph": "Graph",
}
LANGUAGES = {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"}
CLASSES = {*DOMAINS.values(), *RANGES.values()}


@pytest.fixture(scope="module")
def server(asking_file: Path) -> Iterator[Server]:
    with Server(asking_file) as running:
        yield running


@pytest.fixture(scope="module")
def described(server: Server) -> Store:
    """What a plain GET on the endpoint says: that it is RDF is `returns-rdf`."""
    response = server.client.get("/sparql")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/turtle")
    store = Store()
    store.load(response.content, RdfFormat.TURTLE)
    return store


def test_there_are_three_cases() -> None:
    if not SUITE.is_dir():
        pytest.skip(MISSING)
    names = {case.name.partition("/")[2] for case in cases("service-description")}
    assert names == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


def test_it_returns_rdf(described: Store) -> None:
    assert len(described) > 20


def test_it_has_an_endpoint_triple(described: Store, server: Server) -> None:
    endpoint = NamedNode(server.url + "/sparql")
    assert Quad(endpoint, NamedNode(SD + "endpoint"), endpoint) in described


def test_it_conforms_to_the_schema(described: Store) -> None:
    """Every term is one of the vocabulary, and joins what the vocabulary says."""
    for quad in described:
        name = quad.predicate.value.removeprefix(SD)
        if name != quad.predicate.value:
            assert name in DOMAINS
            assert is_a(described, quad.subject, DOMAINS[name])
            assert name not in RANGES or is_a(described, quad.object, RANGES[name])
            assert not isinstance(quad.object, Literal)
        elif quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode):
            class_ = quad.object.value
            assert not class_.startswith(SD) or class_.removeprefix(SD) in CLASSES


def test_it_says_what_every_service_and_named_graph_must(described: Store) -> None:
    def having(name: str) -> list[object]:
        return [
            quad.subject
            for quad in described.quads_for_pattern(None, NamedNode(SD + name), None)
        ]

    (service,) = instances(described, "Service")
    assert having("endpoint") == [service]
    assert service in having("supportedLanguage")
    assert service in having("defaultDataset")
    graphs = instances(described, "NamedGraph")
    assert graphs
    assert sorted(map(str, having("name"))) == sorted(map(str, graphs))


def test_the_languages_are_of_the_vocabulary(described: Store) -> None:
    supported = NamedNode(SD + "supportedLanguage")
    found = {
        str(quad.object).strip("<>").removeprefix(SD)
        for quad in described.quads_for_pattern(None, supported, None)
    }
    assert found == {"SPARQL11Query"}
    assert found <= LANGUAGES


def test_it_claims_nothing_that_is_refused(described: Store) -> None:
    features = described.quads_for_pattern(None, NamedNode(SD + "feature"), None)
    assert "BasicFederatedQuery" not in " ".join(str(quad.object) for quad in features)


def is_a(store: Store, node: object, class_: str) -> bool:
    assert isinstance(node, NamedNode)
    kind = NamedNode(SD + class_)
    return any(store.quads_for_pattern(node, NamedNode(RDF_TYPE), kind))


def instances(store: Store, class_: str) -> list[object]:
    kind = NamedNode(SD + class_)
    found = store.quads_for_pattern(None, NamedNode(RDF_TYPE), kind)
    return [quad.subject for quad in found]
