"""Queries that would reach out, crash, or exhaust an engine that stood alone.

After each, the same server must go on answering, and nothing may have been reached.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING
from xml.parsers import expat

import pytest
from pyoxigraph import Store
from running import GENEROUS, Server, soon

from cjigraph.serve import wire
from cjigraph.serve.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

YES = "ASK { ?s ?p ?o }"


class Canary:
    """Something that listens on this machine, and notes whoever calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.calls += 1
                connection.settimeout(1)
                connection.recv(4096)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
                    b"Content-Type: text/turtle\r\n\r\n<a:secret> <a:is> 1 .\n"
                )

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    listening = Canary()
    yield listening
    listening.close()


def is_alive(server: Server) -> bool:
    answer = server.get(YES)
    return server.process.poll() is None and answer.json()["boolean"] is True


def is_plain(response: httpx.Response) -> bool:
    """Whether an error tells a client no more than it should know."""
    text = response.text
    quoted = ("Traceback", 'File "', "/home", "src/", "site-packages", "root:")
    return len(text) < 600 and not any(each in text for each in quoted)


# Reaching out


REACHING = [
    "SELECT * { SERVICE <URL/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL/> { ?s ?p ?o } }",
    "SELECT * { service <URL/> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE<URL/>{?s ?p ?o} }",
    "SELECT * { SERVICE #comment\n <URL/> { ?s ?p ?o } }",
    "SELECT * { S\\u0045RVICE <URL/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <URL/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?where { ?s ?p ?o } VALUES ?where { <URL/> } }",
    "PREFIX a: <URL/> SELECT * { SERVICEa:b { ?s ?p ?o } }",
    "PREFIX a: <URL/> SELECT * { SERVICE a: { ?s ?p ?o } }",
    "SELECT * { { SELECT * { SERVICE <URL/> { ?s ?p ?o } } } }",
    "ASK { FILTER(EXISTS { SERVICE <URL/> { ?s ?p ?o } }) }",
    'SELECT * { BIND("\\\\" AS ?x) SERVICE <URL/> { ?s ?p ?o } # " }',
    "SELECT * FROM <URL/data.ttl> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL/data.ttl> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX a: <URL/> SELECT * FROM a:data { ?s ?p ?o }",
    "BASE <URL/> SELECT * FROM <data> { ?s ?p ?o }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
    "LOAD <URL/data.ttl>",
    "LOAD <URL/data.ttl> INTO GRAPH <a:b>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL/> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("query", REACHING)
def test_no_query_reaches_out(server: Server, canary: Canary, query: str) -> None:
    before = canary.calls
    response = server.get(query.replace("URL", canary.url))
    assert response.status_code == 403
    assert is_plain(response)
    assert "secret" not in response.text
    assert canary.calls == before
    assert is_alive(server)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?service ?p ?o }",
        'ASK { ?s ?p ?o FILTER("SERVICE <http://127.0.0.1/>" != "") }',
        "ASK { ?s ?p ?o FILTER(?o != <http://example.org/SERVICE>) }",
        "ASK { ?s ?p ?o } # SERVICE <http://127.0.0.1/> {}",
        'ASK { ?s ?p ?o FILTER("FROM" != "LOAD") }',
        "ASK FROM <https://w3id.org/cjigraph/graph/sources> { ?s ?p ?o }",
    ],
)
def test_what_only_looks_like_reaching_out_is_answered(
    server: Server, query: str
) -> None:
    assert server.get(query).status_code == 200


UNGUARDED = """
import json, sys
from cjigraph.serve import reading, Bind, Limits, run
from cjigraph.serve.reading import Reading
reading.read = lambda *_: Reading("SELECT", False)
given = json.loads(sys.argv[1])
run(Bind(*given["bind"][:2]), limits=Limits(**given["limits"]), **given["settings"])
"""


@pytest.mark.parametrize("fork", [True, False])
def test_without_the_guard_a_worker_still_cannot_reach_out(
    crowd: object, canary: Canary, fork: bool
) -> None:
    """The walls hold by themselves, since a guard can be wrong."""
    from pathlib import Path

    assert isinstance(crowd, Path)
    with Server(crowd, code=UNGUARDED, fork=fork) as server:
        before = canary.calls
        for query in REACHING[:2]:
            response = server.get(query.replace("URL", canary.url))
            assert "secret" not in response.text
            assert is_plain(response)
        assert canary.calls == before
        assert is_alive(server)


def test_the_canary_sings(canary: Canary) -> None:
    """What the tests above rule out does happen without our walls."""
    before = canary.calls
    query = f"SELECT * {{ SERVICE SILENT <{canary.url}/> {{ ?s ?p ?o }} }}"
    list(Store().query(query))  # type: ignore[arg-type]
    assert canary.calls > before


# Crashing and exhausting


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


CRASHING = {
    "groups": f"SELECT * {nested('{', '', '}', 2300)}",
    "unclosed groups": "SELECT * " + "{" * 2265,
    "functions": f"SELECT ({nested('STR(', '1', ')', 1000)} AS ?x) {{}}",
    "IF": f"SELECT ({nested('IF(', '1', ',1,1)', 1000)} AS ?x) {{}}",
    "parentheses": f"SELECT ({nested('(', '1', ')', 4700)} AS ?x) {{}}",
    "negations": f"ASK {{ FILTER({'!' * 9400}true) }}",
    "a long sum": f"SELECT ({'1+' * 7200}1 AS ?x) {{}}",
    "a long disjunction": f"ASK {{ FILTER({'true||' * 9400}true) }}",
    "NOT EXISTS": f"ASK {nested('{ FILTER NOT EXISTS ', '{}', '}', 860)}",
    "sub-selects": f"SELECT * {nested('{ SELECT * ', '{}', '}', 1300)}",
    "UNION": "SELECT * {" + "{}UNION" * 6600 + "{} }",
    "MINUS": f"SELECT * {nested('{ MINUS ', '{}', '}', 2700)}",
    "OPTIONAL": f"SELECT * {nested('{ OPTIONAL ', '{}', '}', 3000)}",
    "paths": f"ASK {{ ?s {nested('(', '<a:p>', ')*', 14400)} ?o }}",
    "triple terms": "ASK { ?s ?p "
    + nested("<<( <a:s> <a:p> ", "1", " )>>", 3000)
    + " }",
    "blank nodes": f"ASK {{ ?s ?p {nested('[ <a:p> ', '1', ' ]', 1000)} }}",
    "many patterns": "SELECT * {" + "?s ?p ?o . " * 1500 + "}",
    "many OPTIONAL": "SELECT * {" + "OPTIONAL { ?s ?p ?o } " * 1200 + "}",
    "many strings in quotes": "ASK { ?s ?p '''" + "a'" * 15_000,
    "many open IRIs": "ASK { ?s ?p " + "<a " * 15_000,
    "many FROM": "ASK " + "FROM <https://w3id.org/cjigraph/g> " * 1500 + "{}",
    "many prefixes": "PREFIX a: <a:> " * 3000 + "ASK FROM a:b {}",
}


@pytest.mark.parametrize("name", CRASHING)
def test_what_would_crash_the_engine_is_refused(server: Server, name: str) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    response = server.client.post("/sparql", content=CRASHING[name], headers=headers)
    assert response.status_code in (400, 403, 413)
    assert is_plain(response)
    assert response.elapsed.total_seconds() < 3
    assert is_alive(server)


CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
DOUBLING = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
EXHAUSTING = {
    "count": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "distinct": f"SELECT DISTINCT ?a ?d ?g {{ {CROSS} }}",
    "statements": f"CONSTRUCT {{ ?a ?b ?l }} {{ {CROSS} FILTER(?a = ?l) }}",
    "not exists": f"ASK {{ FILTER NOT EXISTS {{ {CROSS} FILTER(?a = <a:a>) }} }}",
    "group concat": f"SELECT (GROUP_CONCAT(?l) AS ?x) {{ {CROSS} }}",
    "order": f"SELECT * {{ {CROSS} }} ORDER BY RAND() LIMIT 5",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a ((!<a:p>)*)* ?b . ?c (!<a:p>)* ?d }",
    "doubling": f'SELECT ?v40 {{ BIND("x" AS ?v0) {DOUBLING} }}',
    "values": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }} " for n in range(6))
    + "}",
}


@pytest.mark.parametrize("name", EXHAUSTING)
def test_what_never_ends_is_stopped(crowded: Server, name: str) -> None:
    workers = set(crowded.family())
    response = crowded.get(EXHAUSTING[name])
    assert response.status_code in (413, 503, 504), response.text
    assert is_plain(response)
    assert response.elapsed.total_seconds() < 8
    assert is_alive(crowded)
    if response.status_code == 504:
        assert "stopped after 1.5 seconds" in response.text
        assert soon(lambda: set(crowded.family()) != workers)


def test_rows_without_end_stop_at_the_limit(crowded: Server) -> None:
    response = crowded.get(f"SELECT * {{ {CROSS} }}")
    assert response.status_code == 413
    part = crowded.get(f"SELECT * {{ {CROSS} }}", truncate="true")
    assert part.headers["x-truncated"] == "rows"
    assert 0 < len(part.json()["results"]["bindings"]) <= 1000


@pytest.mark.parametrize(
    "query",
    [
        'ASK { FILTER(REGEX("' + "a" * 40 + '!", "^(a+)+$")) }',
        'ASK { FILTER(REGEX("x", "((((x{50}){50}){50}){50})")) }',
        "SELECT * { ?s ?p ?o } LIMIT 99999999999999999999",
        "SELECT * { ?s ?p ?o } OFFSET 1000000000000000",
        "SELECT (1e308 * 1e308 AS ?x) (9999999999999999999 * 9999999999 AS ?y) {}",
        "SELECT (1 / 0 AS ?x) {}",
    ],
)
def test_odd_numbers_and_patterns_do_no_harm(crowded: Server, query: str) -> None:
    response = crowded.get(query)
    assert response.status_code in (200, 400)
    assert is_plain(response)
    assert response.elapsed.total_seconds() < 2
    assert is_alive(crowded)


# Bytes and text


@pytest.mark.parametrize(
    "content",
    [
        b'ASK { ?s ?p "\xff\xfe" }',
        b'ASK { ?s ?p "\xed\xa0\x80" }',
        b'ASK { ?s ?p "a\x00b" }',
        b'ASK { ?s ?p "\x01" }',
        b'ASK { ?s ?p "\\uD800" }',
        b'ASK { ?s ?p "\\U00110000" }',
        b"ASK { <http://a/ b> ?p ?o }",
        b"ASK { <http://a/\\u0020> ?p ?o }",
        b"ASK { <http://a/\\u003Cscript\\u003E> ?p ?o }",
        b"\x1b[31mASK {}",
    ],
)
def test_text_that_is_not_fit_is_refused(server: Server, content: bytes) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    response = server.client.post("/sparql", content=content, headers=headers)
    assert response.status_code == 400
    assert is_plain(response)
    assert response.text.rstrip("\n").isprintable()
    assert is_alive(server)


def test_what_xml_cannot_hold_is_replaced_and_counted(server: Server) -> None:
    query = 'SELECT ("a\\u0000b\\u0001c\\uFFFFd\\re" AS ?x) {}'
    exact = server.get(query).json()["results"]["bindings"][0]["x"]["value"]
    assert exact == "a\0b\x01c\uffffd\re"
    response = server.get(query, "application/sparql-results+xml")
    assert response.headers["cjigraph-replaced"] == "3"
    assert texts(response.content) == "a\ufffdb\ufffdc\ufffdd\re"


def test_what_rdf_xml_cannot_hold_is_replaced_and_counted(server: Server) -> None:
    query = 'CONSTRUCT { <a:s> <a:p> "a\\u0001b" } {}'
    response = server.get(query, "application/rdf+xml")
    assert response.headers["cjigraph-replaced"] == "1"
    assert "a\ufffdb" in texts(response.content)
    assert "cjigraph-replaced" not in server.get(query).headers


def test_what_rdf_xml_cannot_name_is_refused(server: Server) -> None:
    query = "CONSTRUCT { <a:s> <http://a/1> 1 } {}"
    response = server.get(query, "application/rdf+xml")
    assert response.status_code == 406
    assert "ask for another format" in response.text
    assert server.get(query, "text/turtle").status_code == 200


def texts(content: bytes) -> str:
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = found.append
    parser.Parse(content, True)
    return "".join(found).strip()


def test_formulae_are_left_as_they_are(server: Server) -> None:
    """The standard's CSV is exact; that it is saved and not shown is what helps."""
    query = 'SELECT ("=1+1" AS ?a) ("@SUM(1)" AS ?b) ("-2+3" AS ?c) {}'
    response = server.get(query, "text/csv")
    assert response.text == "a,b,c\r\n=1+1,@SUM(1),-2+3\r\n"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"


# A worker that has been taken over


def test_a_worker_that_lies_is_dismissed(crowd: object) -> None:
    code = """
import json, sys
from cjigraph.serve import Bind, Limits, run, wire
from cjigraph.serve.workers import Pool
given = json.loads(sys.argv[1])
honest = wire.unpack_head
def lying(data):
    status, flags, replaced, length = honest(data)
    return (status, flags, replaced, 2**31) if replaced else honest(data)
wire.unpack_head = lying
run(Bind(*given["bind"][:2]), limits=Limits(**given["limits"]), **given["settings"])
"""
    from pathlib import Path

    assert isinstance(crowd, Path)
    with Server(crowd, code=code) as server:
        query = 'SELECT ("\\u0001" AS ?x) {}'
        response = server.get(query, "application/sparql-results+xml")
        assert response.status_code == 503
        assert is_alive(server)


def test_a_reply_is_only_numbers_and_text() -> None:
    reply = wire.Reply(wire.OK, b"body", wire.CUT, 3)
    assert wire.unpack_head(wire.pack_head(reply)) == (wire.OK, wire.CUT, 3, 4)
    assert Limits(**GENEROUS).workers == 2  # type: ignore[arg-type]
