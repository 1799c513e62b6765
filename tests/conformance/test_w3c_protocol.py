"""The W3C's SPARQL 1.1 Protocol suite, over real HTTP against a real server.

Every query case must pass. Every update case must be refused, and change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from manifest import CNT, HT, MF, MISSING, SUITE, UT, Case, cases
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from running import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

DATA = "http://kasei.us/2009/09/sparql/data/"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

ALL = list(cases("protocol"))
QUERIES = [case for case in ALL if "update" not in case.name]
UPDATES = [case for case in ALL if "update" in case.name]

FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("application/rdf+xml", "text/turtle", "application/n-triples"),
}


class Sent(NamedTuple):
    """A request of the suite, and what must become of it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: set[str]
    boolean: str
    format: str


def parameters(found: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in found] or [
        pytest.param(None, marks=pytest.mark.skip(reason=MISSING), id="none")
    ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the graphs that any case of the suite names."""
    path = tmp_path_factory.mktemp("w3c") / "data.nq"
    store = Store()
    for case in ALL:
        for data in case.manifest.values(case.node, UT + "graphData"):
            load(store, case, data)
    store.dump(str(path), RdfFormat.N_QUADS)
    with Server(path, own=[DATA, "http://example.org/"]) as running:
        yield running


def load(store: Store, case: Case, data: object) -> None:
    path = case.manifest.path(data, UT + "graph")
    assert path is not None
    graph = NamedNode(case.manifest.text(data, RDFS_LABEL))
    store.load(path.read_bytes(), RdfFormat.N_TRIPLES, to_graph=graph)


@pytest.mark.parametrize("case", parameters(QUERIES))
def test_a_query_is_answered_as_the_protocol_says(case: Case, server: Server) -> None:
    for sent in requests(case):
        response = send(server, sent)
        assert f"StatusCode{response.status_code // 100}xx" in sent.statuses
        media = response.headers["content-type"].partition(";")[0]
        assert not sent.format or media in FORMATS[sent.format]
        if sent.boolean:
            assert response.json()["boolean"] is (sent.boolean == "true")
        if sent.format == "RDF":
            assert parse(response.content, RdfFormat.TURTLE) is not None
        if response.status_code >= 400:
            assert is_short(response)


@pytest.mark.parametrize("case", parameters(UPDATES))
def test_an_update_is_refused_and_changes_nothing(case: Case, server: Server) -> None:
    first, *others = requests(case)
    response = send(server, first)
    assert 400 <= response.status_code < 500
    assert is_short(response)
    if "StatusCode2xx" in first.statuses:  # a server that takes updates would do it
        assert response.status_code == 403
    for sent in others:
        assert send(server, sent).json() == {"head": {}, "boolean": False}
    count = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert server.get(count).json()["boolean"] is True


def test_all_cases_are_run() -> None:
    if not SUITE.is_dir():
        pytest.skip(MISSING)
    assert (len(QUERIES), len(UPDATES)) == (20, 14)


def requests(case: Case) -> Iterator[Sent]:
    manifest = case.manifest
    connection = manifest.value(case.node, MF + "action")
    for node in manifest.listed(manifest.value(connection, HT + "requests")):
        response = manifest.value(node, HT + "resp")
        expected = manifest.values(response, MF + "expectedStatus")
        yield Sent(
            manifest.text(node, HT + "methodName"),
            manifest.text(node, HT + "absolutePath").replace("/sparql/", "/sparql", 1),
            dict(headers(case, node)),
            body(case, node),
            {str(each).rpartition("#")[2].rstrip(">") for each in expected},
            manifest.text(response, MF + "expectedBoolean"),
            manifest.text(response, MF + "expectedFormat"),
        )


def headers(case: Case, node: object) -> Iterator[tuple[str, str]]:
    manifest = case.manifest
    found = manifest.value(node, HT + "headers")
    for header in manifest.listed(found) if found else []:
        name = manifest.text(header, HT + "fieldName")
        yield name, manifest.text(header, HT + "fieldValue")


def body(case: Case, node: object) -> bytes | None:
    manifest = case.manifest
    found = manifest.value(node, HT + "body")
    if found is None:
        return None
    encoding = manifest.text(found, CNT + "characterEncoding")
    return manifest.text(found, CNT + "chars").encode(encoding)


def send(server: Server, sent: Sent) -> httpx.Response:
    """Send a request with no header that the suite does not give."""
    given = {"Accept": "*/*", **sent.headers}
    return server.client.request(
        sent.method, sent.path, headers=given, content=sent.body
    )


def is_short(response: httpx.Response) -> bool:
    text = response.text
    return len(text) < 500 and "Traceback" not in text and "/home" not in text
